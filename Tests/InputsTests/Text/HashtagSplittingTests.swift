import Inputs
import Testing

@Suite struct HashtagSplittingTests {
  @Test(arguments: [
    ("#BadHairDay2024", "Bad Hair Day 2024"), ("#fail", "fail"), ("#NASAHubble", "NASA Hubble"),
    ("#a_b__c_", "a b c"),
    ("#2024", "#2024"), ("#_", "#_"), ("#", "#"), ("# fail", "# fail"), ("a#b", "a#b"),
    ("#one#two", "one two"),
    ("(#Ok)!", "(Ok)!"), ("#ÉcoleÉté", "École Été"), ("#Cafe\u{301}Bar", "Cafe\u{301} Bar"), ("#日本語", "日本語"),
    ("＃x", "x"), ("#4You2", "4 You 2"), ("##x", "#x"), ("&#39;", "&#39;"),
  ])
  func hashtag(text: String, expected: String) throws {
    #expect(try Array(TextPreparation(steps: ["hashtag=split"])(text).utf8) == Array(expected.utf8))
  }
}
