import Clients
import ShutdownTrace

@testable import Experiment

/// Runs of small programs, recorded nowhere.
extension Plan {
    private static func test(_ command: [String], _ grace: Time, _ workload: Workload) -> Plan {
        var plan = Plan(title: "test", command: command, grace: grace, workload: workload)
        plan.keeping = .nowhere
        plan.servingTimeout = .seconds(60)
        return plan
    }

    static func shell(_ script: String, grace: Time = .seconds(20), workload: Workload = .none) -> Plan {
        test(["sh", "-c", script], grace, workload)
    }

    /// A program in Perl that listens at `$l` after `prelude` has run, and then does the rest.
    static func listening(
        _ prelude: String, then rest: String, grace: Time = .seconds(20), workload: Workload = .none
    ) -> Plan {
        let script = """
            use IO::Socket::INET; use IO::Select; use POSIX; $| = 1; \(prelude)
            our $l = IO::Socket::INET->new(
                LocalAddr => "127.0.0.1", LocalPort => $ENV{PORT}, Listen => 128, ReuseAddr => 1) or die;
            \(rest)
            """
        return test(["perl", "-e", script], grace, workload)
    }

    /// A server in Perl that answers everything with 200 or 201, and says which instance it is where there are several.
    ///
    /// `prelude` runs before it listens, and may set `$leaving`: at 1 the server is not ready, and at 2 it ends once nobody
    /// connects any more. `paying` is what it does with a payment before it answers at `$c`; `$1` is the order.
    static func perl(
        _ prelude: String = "", paying: String = "", grace: Time = .seconds(20), workload: Workload = .none
    ) -> Plan {
        let serve = """
            my $s = IO::Select->new($l);
            while (1) {
                if (!$s->can_read(0.02)) { exit 0 if $leaving > 1; next }
                my $c = $l->accept or next;
                my $first = <$c> // ""; my $length = 0;
                while (<$c>) { $length = $1 if /^content-length: (\\d+)/i; last if /^\\r?\\n$/ }
                read $c, my $body, $length if $length;
                if ($first =~ /^POST/ && $body =~ /"order":(\\d+)/) { \(paying) }
                my $status = $leaving && $first =~ m{/readyz} ? "503 No" : $first =~ /^POST/ ? "201 Paid" : "200 OK";
                my $who = $ENV{DRAINBOARD_INSTANCE} ? "X-Instance: $ENV{DRAINBOARD_INSTANCE}\\r\\n" : "";
                print $c "HTTP/1.1 $status\\r\\nContent-Length: 2\\r\\n${who}Connection: close\\r\\n\\r\\nok";
                close $c
            }
            """
        return listening("our $leaving = 0; \(prelude)", then: serve, grace: grace, workload: workload)
    }
}
