import Scoring
import Testing

@Suite struct PostedAtTests {
  @Test(arguments: [
    ("2018-10-10T20:19:24Z", "2018-10-10T20:19:24Z"),
    ("2018-10-10T20:19:24.123Z", "2018-10-10T20:19:24Z"),
    ("2018-10-10T22:19:24+02:00", "2018-10-10T20:19:24Z"),
    ("2018-10-10 20:19:24", "2018-10-10T20:19:24Z"),
    ("2018-10-10 20:19:24 UTC", "2018-10-10T20:19:24Z"),
    ("2018-10-10", "2018-10-10T00:00:00Z"),
    ("Wed Oct 10 20:19:24 +0000 2018", "2018-10-10T20:19:24Z"),
    ("Wed, 10 Oct 2018 16:19:24 -0400", "2018-10-10T20:19:24Z"),
    ("1539202764", "2018-10-10T20:19:24Z"),
    ("1539202764000", "2018-10-10T20:19:24Z"),
    (" 2018/10/10 ", "2018-10-10T00:00:00Z"),
  ])
  func readsWhatDumpsHold(text: String, expected: String) {
    #expect(PostedAt.iso8601(text) == expected)
  }

  @Test(arguments: ["", "yesterday", "10/10/2018", "2018-10-10T20:19:24Z and more", "12345", "nan", "1e400"])
  func leavesTheRest(text: String) {
    #expect(PostedAt.iso8601(text) == nil)
  }
}
