import Testing

@testable import LogImport

@Suite struct `A civil time` {
    @Test(arguments: [
        (Int64(0), "1970-01-01T00:00:00.000000Z"), (951_827_696_789_012, "2000-02-29T12:34:56.789012Z"),
        (-1, "1969-12-31T23:59:59.999999Z"), (1_795_374_000_000_000, "2026-11-22T19:00:00.000000Z"),
    ])
    func `goes to the calendar and back`(microseconds: Int64, text: String) {
        let civil = CivilTime(sinceEpoch: microseconds)
        #expect(civil.rfc3339 == text)
        #expect(civil.sinceEpoch == microseconds)
    }
}
