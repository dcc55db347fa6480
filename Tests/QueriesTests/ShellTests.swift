import Reporting
import Testing

@Suite struct ShellTests {
  @Test func wordsAreQuotedWhereNeeded() {
    #expect(Shell.word("too_few_fields") == "too_few_fields")
    #expect(Shell.word("my posts") == "'my posts'")
    #expect(Shell.word("it's; rm -r") == "'it'\\''s; rm -r'")
    #expect(Shell.word("") == "''")
    #expect(Shell.word("a\nb") == "'a\\nb'")
  }
}
