import Bytes
import Evaluation
import Reporting
import Testing

@Suite struct AblationReportTests {
  @Test func thePageContainsTheTable() throws {
    func run(_ firstOther: Int) -> AblationTable.Run { .init(seed: 1, predicted: labels(firstOther)) }
    func labels(_ firstOther: Int) -> [ByteText] { (0..<40).map { $0 < firstOther ? "a" : "b" } }
    let table = AblationTable(
      keys: ["alpha"], settings: [(["0"], [run(25)]), (["1"], [run(20)])], truths: labels(20), labels: ["a", "b"],
      baseline: "alpha=0", baselines: [0, 0])
    let report = AblationReport(table, corpus: "test.csv", version: "1", created: "2026-01-31T12:00:00Z")
    let pdf = try report.pdf()
    #expect(pdf.starts(with: Array("%PDF-".utf8)))
    #expect(try report.pdf() == pdf)
  }
}
