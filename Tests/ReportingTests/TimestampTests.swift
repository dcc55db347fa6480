import Reporting
import Testing
import Store

@Suite struct TimestampTests {
  @Test func onlyPlainTimesPass() {
    #expect(Timestamp.checked("2026-01-31T12:00:00Z") == "2026-01-31T12:00:00Z")
    for text in [
      "", "yesterday", "2026-01-31T12:00:00", "2026-01-31T12:00:00Z ", "2026-01-31 12:00:00Z",
      "२०26-01-31T12:00:00Z",
    ] {
      #expect(Timestamp.checked(text) == "1970-01-01T00:00:00Z")
    }
  }
}
