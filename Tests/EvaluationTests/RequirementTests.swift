import Bytes
import Evaluation
import Testing

@Suite struct RequirementTests {
  private static let measures = [
    Measure(
      name: "macro_f1", slice: "all", score: Score(value: 0.8), interval: .init(low: 0.7, high: 0.9), count: 10),
    Measure(name: "macro_f1", slice: "both_sides", score: Score(value: 0.1), count: 5),
    Measure(name: "recall", label: "a b", slice: "all", score: Score(value: 0.5), count: 10),
    Measure(name: "recall", label: "c", slice: "all", score: Score(value: 0, undefined: 1), count: 10),
  ]

  private static func isMet(_ text: String) -> Bool? {
    guard let requirement = Requirement(text), let measure = requirement.find(in: measures) else { return nil }
    return requirement.isMet(by: measure)
  }

  @Test func comparesWithTheGivenOperator() {
    #expect(Self.isMet("macro_f1>=0.8") == true && Self.isMet("macro_f1>0.8") == false)
    #expect(Self.isMet("macro_f1 <= 0.8") == true && Self.isMet("macro_f1<0.8") == false)
    #expect(Self.isMet("macro_f1.low>=0.75") == false && Self.isMet("macro_f1.high>0.85") == true)
    #expect(Self.isMet("recall[a b]>=0.5") == true && Self.isMet("recall[a b].low>0") == false)
    #expect(Self.isMet("recall[c]>=0") == false, "undefined reaches nothing")
  }

  @Test func labelsAreBytes() {
    let labels: [ByteText] = ["caf\u{E9}", "cafe\u{301}"]
    let measures = labels.map { Measure(name: "f1", label: $0, slice: "all", score: Score(value: 1), count: 3) }
    #expect(Requirement("f1[cafe\u{301}]>0")?.find(in: measures) == measures[1])
    #expect(measures[0].label != measures[1].label)
  }

  @Test func invalidRequirementsAreNil() {
    for text in ["", "macro_f1", ">=0.8", "macro_f1>=", "macro_f1>=x", "macro_f1>=nan", "macro_f1=0.8"] {
      #expect(Requirement(text) == nil, "\(text)")
    }
    #expect(Self.isMet("recall>=0.1") == nil && Self.isMet("recall[d]>=0.1") == nil && Self.isMet("f1>=0.1") == nil)
  }
}
