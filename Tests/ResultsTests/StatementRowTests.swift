import Bytes
import Results
import Testing

@Suite struct ProbabilityTextTests {
  private func read(_ text: String, labels: [ByteText] = ["no", "yes", "a \"b\", {c}:\u{1}é"], wanted: [Int])
    -> [Double]
  {
    var values = wanted.map { _ in -1.0 }
    let bytes = Array(text.utf8) + [0]
    bytes.withUnsafeBufferPointer {
      ProbabilityText(labels: labels, wanted: wanted).read(UnsafeBufferPointer(rebasing: $0.dropLast()), into: &values)
    }
    return values
  }

  private func isNone(_ values: [Double]) -> Bool { values.allSatisfy(\.isNaN) }

  @Test func probabilitiesAsTheStoreWritesThemAreRead() {
    let text = #"{"no":0.25,"yes":1e-05,"a \"b\", {c}:\u0001é":0.75}"#
    #expect(read(text, wanted: [0, 1, 2]) == [0.25, 1e-05, 0.75])
    #expect(read(text, wanted: [1]) == [1e-05] && read(text, wanted: [2]) == [0.75] && read(text, wanted: []) == [])
  }

  @Test func anyOtherObjectIsAlsoRead() {
    let text = #" { "yes" : 0.5, "a \"b\", {c}:\u0001\u00e9": 0.125, "no":0.375 } "#
    #expect(read(text, wanted: [0, 1, 2]) == [0.375, 0.5, 0.125])
  }

  @Test func labelsAreBytes() {
    #expect(isNone(read("{\"e\u{301}\":0.5}", labels: ["\u{E9}"], wanted: [0])))
  }

  @Test(arguments: [
    "", "{", "{}", "[]", "null", #"{"no"}"#, #"{"no":}"#, #"{"no":"0.5"}"#, #"{"no":0.5"#, #"{"no":nan}"#,
    #"{"no":0x10}"#, #"{"no":-0X1}"#, #"{"no":0.5x,"yes":0.5}"#, #"{"no":1e999}"#, #"{"no"#, #"{"no":"#,
    #"{"other":1}"#,
  ])
  func whatIsNoNumberIsNone(text: String) {
    #expect(isNone(read(text, wanted: [0])), "\(text)")
  }
}
