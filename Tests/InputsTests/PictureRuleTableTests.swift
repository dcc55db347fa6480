import Inputs
import Preparation
import Testing

/// How pictures were found, and what another rule would find.
@Suite struct PictureRuleTableTests {
  @Test func eachRowCountsOnce() {
    var table = PictureRuleTable()
    table.addFault()
    table.add(nil, isFound: false, rules: [], hint: nil)
    table.add("a.jpg", isFound: true, rules: [], hint: nil)
    table.add("img\\A.jpg", isFound: true, rules: [.backslashes, .letterCase], hint: nil)
    table.add("x\\b.jpg", isFound: true, rules: [.backslashes, .name], hint: nil)
    table.add("none.jpg", isFound: false, rules: [], hint: nil)
    let counts = PictureRuleTable.Outcome.allCases.map { table[$0] }
    #expect(counts == [1, 0, 1, 1, 1, 1, 1] && table.rows == 6)
    #expect(table.rules.map(\.rule) == [.backslashes, .letterCase, .name] && table.rules.map(\.rows) == [2, 1, 1])
    #expect(table.offers.isEmpty)
  }

  @Test func anotherRuleIsOfferedWithThreeExamples() {
    var table = PictureRuleTable()
    for number in 0..<5 {
      table.add("A\(number).jpg", isFound: false, rules: [], hint: .found("a\(number).jpg", by: .near))
    }
    table.add("b.jpg", isFound: false, rules: [], hint: .found("below/b.jpg", by: .name))
    table.add("c.jpg", isFound: false, rules: [], hint: .several(["1/c.jpg", "2/c.jpg"]))
    #expect(
      table[.notFound] == 7 && table.offers.map(\.match) == [.near, .name] && table.offers.map(\.rows) == [5, 1])
    #expect(table.offers[0].examples.map(\.reference) == ["A0.jpg", "A1.jpg", "A2.jpg"])
    #expect(table.offers[1].examples.map { [$0.reference, $0.file] } == [["b.jpg", "below/b.jpg"]])
  }

  @Test func pathsOfATemplateAreNoReferencesOfTheCorpus() {
    var table = PictureRuleTable(hasTemplate: true)
    table.add("media/1.jpg", isFound: true, rules: [], hint: nil)
    table.add("media/2.jpg", isFound: true, rules: [.ending], hint: nil)
    #expect(table[.template] == 1 && table[.near] == 1 && table[.written] == 0)
  }
}
