import ShutdownBoard
import ShutdownTrace
import Testing

@Suite struct `The payment matrix` {
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
        let meanings = PaymentMatrix.Belief.allCases.map { belief in
            (0...2).map { PaymentMatrix.meaning(belief, rows: $0) }
        }
        #expect(meanings == [[.lost, .right, .twice], [.right, .denied, .twice], [.right, .ambiguous, .twice]])
    }
}
