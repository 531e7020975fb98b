import Platform
import ShutdownTrace

/// Clients of the demo server, each of which comes once: reads and payments.
extension TrafficGenerator {
    func serve(_ intent: Arrivals.Intent) async {
        switch intent.errand {
        case .fast: await read("/", intent)
        case .report:
            let computed = workload.reportsAreComputed ? "&computed=1" : ""
            await read("/report?ms=\(Int(intent.duration * 1_000))\(computed)", intent)
        case .payment(_, let isKeyed): await pay(intent, isKeyed: isKeyed)
        }
    }

    private func read(_ path: String, _ intent: Arrivals.Intent) async {
        let request = Request(path: path, patience: workload.patience + .seconds(intent.duration))
        let expected = intent.duration > 0 ? intent.duration : nil
        await exchange(request, kind: intent.errand.kind, expected: expected, isFresh: intent.isFresh)
    }

    /// Pays by a body that is sent slowly, as over a bad line.
    func payByUpload(_ order: Int) async {
        let intent = Arrivals.Intent(
            time: .zero, errand: .payment(0...0, keyed: true), duration: 0, order: order, amount: 100, isFresh: true,
            patience: 0.5)
        await pay(intent, isKeyed: true, uploadSeconds: workload.uploadSeconds)
    }

    private func pay(_ intent: Arrivals.Intent, isKeyed: Bool, uploadSeconds: Double? = nil) async {
        guard let order = intent.order else { return }
        let key = isKeyed ? "order-\(order)" : nil
        tell(order, .intended(amount: intent.amount, key: key))
        var request = payment(intent, order, key)
        if let uploadSeconds {
            request.padding = Self.uploadBytes
            request.spread = .seconds(uploadSeconds)
        }
        // Behind a balancer a client tries for as long as a restart takes, at most until the run ends.
        var attempts = PaymentAttempts(intent, atMost: dialer.isBalanced ? .max : PaymentAttempts.most)
        while true {
            let id = requests.newID()
            if attempts.count > 0 { tell(order, .retried(request: id, attempt: attempts.count + 1)) }
            payments.begin(order, request: id)
            let outcome = await exchange(
                request, kind: uploadSeconds == nil ? .payment : .upload, id: id,
                expected: uploadSeconds ?? intent.duration, order: order, isFresh: intent.isFresh)
            payments.end(order)
            guard case .retry(let wait) = attempts.take(outcome), await pause(wait), mayStart else { break }
        }
        tell(order, .settled(attempts.belief, request: payments.settle(order, attempts.belief)))
    }

    /// Below the largest body that the demo server takes.
    private static let uploadBytes = 49_152

    private func tell(_ order: Int, _ step: PaymentEvent.Step) {
        reporter.tell(.payment(PaymentEvent(order: order, step)), from: .client)
    }

    /// A fifth of the time passes after the commit and before the answer: the window in which a kill charges twice.
    private func payment(_ intent: Arrivals.Intent, _ order: Int, _ key: String?) -> Request {
        let before = Int(intent.duration * 800)
        let after = Int(intent.duration * 200)
        let receipt = workload.receipt(of: intent).map { "&receipt=\(Int($0.milliseconds))" } ?? ""
        var headers = [Request.Header(name: "Content-Type", value: "application/json")]
        if let key { headers.append(.init(name: "Idempotency-Key", value: key)) }
        return Request(
            method: "POST", path: "/payments?ms=\(before)&after=\(after)\(receipt)", headers: headers,
            body: #"{"order":\#(order),"amount":\#(intent.amount)}"#,
            patience: workload.patience + .seconds(intent.duration))
    }
}
