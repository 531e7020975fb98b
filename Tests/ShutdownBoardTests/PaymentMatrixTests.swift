import ShutdownBoard
import ShutdownTrace
import Testing

@Suite(.timeLimit(.minutes(20))) struct `The payment matrix` {
    @Test func `stands as the events tell it`() {
        let run = Run.serving().pays(1).charges(1).settles(1).pays(2).settles(2, "refused").pays(3).charges(3)
            .settles(3, "unknown").pays(4).charges(4).charges(4).settles(4)
        #expect(run.board.ledger.matrix.counts == [[0, 1, 1], [1, 0, 0], [0, 1, 0]])
    }

    @Test func `moves a payment whose row comes late`() {
        let early = Run.serving().pays(1).settles(1)
        #expect(early.board.ledger.matrix[.paid, 0] == 1)
        #expect(early.charges(1).board.ledger.matrix.counts == [[0, 1, 0], [0, 0, 0], [0, 0, 0]])
        #expect(early.charges(1).charges(1).board.ledger.matrix[.paid, 2] == 1)
    }

    @Test func `is what the audit says once there is one`() {
        let run = Run.serving().pays(1).charges(1).settles(1).saw(
            .ledgerAudited, .supervisor, [.charged: 7, .matrix: .raw("[[0,4,1],[2,0,0],[3,0,0]]")])
        #expect(run.board.ledger.isMatrixAudited)
        #expect(run.board.ledger.matrix.total == 10)
        #expect(run.board.ledger.matrix[.paid, 5] == 1)
    }

    @Test(arguments: [
        "", "[]", "[[1,2,3]]", "[[1,2],[3,4],[5,6]]", "[[1,2,3],[4,-5,6],[7,8,9]]", "[[1,2,x],[4,5,6],[7,8,9]]",
    ])
    func `believes no other audit than a full one`(text: String) {
        let run = Run.serving().pays(1).charges(1).settles(1).saw(
            .ledgerAudited, .supervisor, [.charged: 7, .matrix: .raw(text)])
        #expect(!run.board.ledger.isMatrixAudited)
        #expect(run.board.ledger.matrix[.paid, 1] == 1)
    }

    @Test func `names every cell`() {
        let flaws = PaymentBelief.allCases.map { belief in (0...2).map { PaymentFlaw(belief, rows: $0) } }
        #expect(flaws == [[.lost, nil, .twice], [nil, .denied, .twice], [nil, .ambiguous, .twice]])
    }
}

@Suite(.timeLimit(.minutes(20))) struct `The table of payments in a report` {
    private func paying(_ orders: ClosedRange<Int>) -> Run {
        Run.serving().each(orders) { run, order in
            run.pays(order).saw(
                .requestStarted, .client,
                [.id: .number(order + 100), .method: "POST", .path: "/payments", .order: .number(order)]
            ).after(0.01).charges(order)
        }
    }

    private func audit(_ run: Run, twice orders: ClosedRange<Int>) -> Run {
        run.saw(
            .ledgerAudited, .supervisor,
            [
                .charged: .number(30), .twice: .number(orders.count), .acknowledged: 20,
                .matrix: .raw("[[0,4,\(orders.count)],[2,0,0],[0,0,0]]"),
            ]
        ).each(orders) { run, order in
            run.saw(
                .paymentAudited, .supervisor,
                [
                    .order: .number(order), .belief: "paid", .rows: 2, .id: .number(order + 100), .cause: "twice",
                ])
        }
    }

    @Test func `names the first payments of a bad cell and counts the others`() throws {
        let run = audit(paying(1...17).after(0.02).signal(.kill).dies(.kill), twice: 1...17)
        let table = try #require(run.board.paymentTable)
        #expect(table.rows.map(\.cells) == [["0", "4", "17 twice"], ["2", "0", "0"], ["0", "0", "0"]])
        let cell = try #require(table.bad.first)
        #expect((table.bad.count, cell.count, cell.payments.count) == (1, 17, 5))
        #expect(cell.payments.first?.requests.first?.hasPrefix("request 101 charged") == true)
        #expect(cell.payments.first?.requests.first?.hasSuffix("before SIGKILL") == true)
        #expect(cell.sentence.hasPrefix("17 twice: order 1 (request 101 charged "))
        #expect(cell.sentence.hasSuffix("; 12 more"))
    }

    @Test func `finds the charge of a request whose client was gone when it was told`() throws {
        let gone = Run.serving().pays(1).saw(
            .requestStarted, .client, [.id: 101, .method: "POST", .path: "/payments", .order: 1]
        ).signal(.kill).answers(101...101, .cut).charges(1)
        let table = try #require(audit(gone, twice: 1...1).board.paymentTable)
        #expect(table.bad.first?.payments.first?.requests.first?.contains("charged") == true)
    }

    @Test func `is not there where nobody paid, or nobody looked`() {
        #expect(Run.serving().board.paymentTable == nil)
        #expect(paying(1...1).board.paymentTable == nil)
    }
}
