internal import ShutdownTrace

/// What a server is made with, as far as its command, its processes and its lines show it.
///
/// The raw value is its name in JSON.
package enum Framework: String, Hashable, Sendable, CaseIterable {
    case go, node, fastify, python, pythonHTTPServer, uvicorn, gunicorn, hypercorn, aiohttp, waitress, flask, puma,
        webrick,
        java, spring, tomcat, jetty, nginx, apache, haproxy, phpFPM, phpBuiltIn, rust, swift, hummingbird

    /// As people write it.
    package var name: String {
        switch self {
        case .go: "Go"
        case .node: "Node.js"
        case .fastify: "Fastify"
        case .python: "Python"
        case .pythonHTTPServer: "Python's http.server"
        case .uvicorn: "uvicorn"
        case .gunicorn: "gunicorn"
        case .hypercorn: "hypercorn"
        case .aiohttp: "aiohttp"
        case .waitress: "waitress"
        case .flask: "Flask's own server"
        case .puma: "puma"
        case .webrick: "WEBrick"
        case .java: "Java"
        case .spring: "Spring Boot"
        case .tomcat: "Tomcat"
        case .jetty: "Jetty"
        case .nginx: "nginx"
        case .apache: "Apache"
        case .haproxy: "HAProxy"
        case .phpFPM: "php-fpm"
        case .phpBuiltIn: "php -S"
        case .rust: "Rust"
        case .swift: "Swift"
        case .hummingbird: "Hummingbird"
        }
    }

    /// A framework, and what showed it: a word of a command, or a line.
    package struct Recognised: Hashable, Sendable {
        package var framework: Framework
        package var evidence: String
    }
}

/// The signs by which a framework is known.
extension Framework {
    /// Names of programs, without their folders and versions, and modules that Python runs.
    private static let programs: [String: Framework] = [
        "uvicorn": .uvicorn, "gunicorn": .gunicorn, "hypercorn": .hypercorn, "waitress-serve": .waitress,
        "waitress": .waitress, "flask": .flask, "http.server": .pythonHTTPServer, "puma": .puma, "rails": .puma,
        "nginx": .nginx, "openresty": .nginx, "apache": .apache, "apachectl": .apache, "httpd": .apache,
        "haproxy": .haproxy, "php-fpm": .phpFPM, "fastify": .fastify,
    ]

    /// Runtimes, which say less than a program that runs in them.
    private static let runtimes: [String: Framework] = [
        "node": .node, "nodejs": .node, "npm": .node, "npx": .node, "python": .python, "java": .java, "go": .go,
        "cargo": .rust, "swift": .swift,
    ]

    /// Folders into which build tools put a program.
    private static let folders: [(name: String, Framework)] = [
        ("/.build/", .swift), ("/target/release/", .rust), ("/target/debug/", .rust),
    ]

    /// Parts of the lines that they print.
    ///
    /// From uvicorn server.py, gunicorn arbiter.py, aiohttp web.py, waitress server.py, werkzeug serving.py, Flask
    /// cli.py, Python http/server.py, puma launcher.rb, webrick server.rb, Spring Boot TomcatWebServer, JettyWebServer
    /// and GracefulShutdown, Tomcat AbstractProtocol, PHP php_cli_server.c and fpm.c, Go net/http server.go, and the
    /// logger of HummingbirdCore.
    private static let lines: [(part: String, Framework)] = [
        ("Uvicorn running on ", .uvicorn), ("Starting gunicorn ", .gunicorn), ("======== Running on ", .aiohttp),
        ("Serving on http://", .waitress), ("This is a development server. Do not use it in a production", .flask),
        ("* Serving Flask app", .flask), ("Serving HTTP on ", .pythonHTTPServer), ("Puma starting in ", .puma),
        ("WEBrick::HTTPServer#start", .webrick), ("Tomcat started on port", .spring),
        ("Jetty started on port", .spring), ("Commencing graceful shutdown. Waiting for active", .spring),
        ("org.apache.coyote.AbstractProtocol", .tomcat), ("org.eclipse.jetty", .jetty),
        (" Development Server (http://", .phpBuiltIn), ("fpm is running, pid ", .phpFPM),
        ("http: Server closed", .go), ("HummingbirdCore", .hummingbird), ("\"reqId\":", .fastify),
    ]

    /// By a line that it printed.
    static func recognised(in line: String) -> Recognised? {
        lines.first { line.contains($0.part) }.map { Recognised(framework: $0.1, evidence: "it printed: \(line)") }
    }

    /// What answers say in `Server` or `X-Powered-By`, in front of a version.
    private static let products: [(part: String, Framework)] = [
        ("express", .node), ("werkzeug", .flask), ("gunicorn", .gunicorn), ("uvicorn", .uvicorn),
        ("hypercorn", .hypercorn), ("waitress", .waitress), ("aiohttp", .aiohttp), ("simplehttp/", .pythonHTTPServer),
        ("basehttp/", .pythonHTTPServer), ("webrick", .webrick), ("puma", .puma), ("jetty", .jetty),
        ("apache-coyote", .tomcat), ("apache", .apache), ("nginx", .nginx), ("openresty", .nginx),
    ]

    /// By what it says of itself in its answers: the weakest sign, because a proxy may have written it.
    static func recognised(inHeader product: String) -> Recognised? {
        let name = product.lowercased()
        return products.first { name.contains($0.part) }.map {
            Recognised(framework: $0.1, evidence: "its answers say: \(product)")
        }
    }

    /// The runtime in which it runs; nil for one that is a program of its own.
    private var runtime: Framework? {
        switch self {
        case .fastify: .node
        case .pythonHTTPServer, .uvicorn, .gunicorn, .hypercorn, .aiohttp, .waitress, .flask: .python
        case .spring, .tomcat, .jetty: .java
        case .hummingbird: .swift
        case .go, .node, .python, .puma, .webrick, .java, .nginx, .apache, .haproxy, .phpFPM, .phpBuiltIn, .rust,
            .swift:
            nil
        }
    }

    /// Whether this says more of a server than `other`, and nothing else.
    func refines(_ other: Framework) -> Bool { runtime == other }

    /// By the commands of its processes; a program says more than the runtime in which it runs.
    static func recognised(in commands: [String]) -> Recognised? {
        func first(_ find: (String) -> Framework?) -> Recognised? {
            for command in commands {
                if let found = find(command) { return Recognised(framework: found, evidence: "command: \(command)") }
            }
            return nil
        }
        func named(_ table: [String: Framework], _ command: String) -> Framework? {
            programs(of: command).lazy.compactMap { table[program($0)] }.first
        }
        return first { isBuiltInPHP($0) ? .phpBuiltIn : named(programs, $0) } ?? first { named(runtimes, $0) }
            ?? first { command in folders.first { command.contains($0.name) }?.1 }
    }

    /// Programs that run the program which is named behind them.
    private static let runners: Set<String> = [
        "sh", "bash", "dash", "env", "exec", "nice", "nohup", "sudo", "timeout", "bundle", "npx", "npm", "run",
        "poetry", "uv", "pipenv", "pdm", "python", "pypy", "ruby", "node", "java", "php", "tini", "dumb-init",
    ]

    /// The words of a command that name what runs.
    ///
    /// These are runners, and the first word behind them that is no option, no number and no variable. What follows are
    /// arguments, whatever they are called.
    private static func programs(of command: String) -> [Substring] {
        var programs: [Substring] = []
        for word in command.split(whereSeparator: { $0 == " " || $0 == "'" || $0 == "\"" }) {
            let isArgument = word.hasPrefix("-") || word.contains("=") || word.allSatisfy(\.isNumber)
            guard !isArgument else { continue }
            programs.append(word)
            guard runners.contains(program(word)) else { break }
        }
        return programs
    }

    private static func isBuiltInPHP(_ command: String) -> Bool {
        let words = command.split(separator: " ")
        return words.contains("-S") && words.contains { program($0) == "php" }
    }

    /// A word of a command without its folder, its version and a colon: "php-fpm" of "/usr/sbin/php-fpm8.2:".
    private static func program(_ word: Substring) -> String {
        var name = word.split(separator: "/").last ?? word
        while let last = name.last, last.isNumber || last == "." || last == ":" { name.removeLast() }
        return name.lowercased()
    }
}

extension Judge {
    /// What the server is made with; its own lines say more than its command.
    package var framework: Framework.Recognised? {
        guard !board.isImported else { return nil }
        let others = board.family.members.values.sorted { $0.pid < $1.pid }.map(\.command)
        if let said = board.process.framework { return said }
        let run = Framework.recognised(in: [board.header?.command ?? ""] + others)
        let answered = board.process.product.flatMap(Framework.recognised(inHeader:))
        guard let run, let answered else { return run ?? answered }
        return answered.framework.refines(run.framework) ? answered : run
    }
}
