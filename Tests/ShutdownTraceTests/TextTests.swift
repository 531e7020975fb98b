import Testing

@testable import ShutdownTrace

@Suite(.timeLimit(.minutes(20))) struct `Numbers and times as text` {
    @Test(
        arguments: [
            (1_004_600, 3, "1.005", "+1.005"), (-250_000, 3, "-0.250", "-0.250"), (-499, 3, "0.000", "+0.000"),
            (-40_000, 1, "0.0", "+0.0"), (1_500_000, 0, "2", "+2"), (1, 6, "0.000001", "+0.000001"),
            (.min, 1, "-9223372036854.8", "-9223372036854.8"),
        ] as [(Int64, Int, String, String)])
    func `have a sign that fits what is left of them`(micros: Int64, count: Int, plain: String, signed: String) {
        #expect(Time(microseconds: micros).decimals(count) == plain)
        #expect(Time(microseconds: micros).decimals(count, isSigned: true) == signed)
    }

    @Test(arguments: [(0, 2, "00"), (7, 3, "007"), (1_234, 2, "1234"), (-7, 2, "-07")])
    func `are filled with zeros`(number: Int, width: Int, text: String) {
        #expect(number.digits(width) == text)
    }

    @Test func `are dates in the form that is asked for`() {
        let civil = CivilTime(sinceEpoch: 1_795_374_000_250_999)
        #expect(civil.rfc3339(decimals: 3) == "2026-11-22T19:00:00.250Z")
        #expect(civil.rfc3339(decimals: 3, colon: "-") == "2026-11-22T19-00-00.250Z")
    }

    @Test func `are escaped for XML`() {
        #expect(xmlEscaped("<a b='c' d=\"e\">&\u{1B}") == "&lt;a b=&#39;c&#39; d=&quot;e&quot;&gt;&amp;\u{FFFD}")
    }
}
