import Bytes
import Evaluation
import Results
import ResultsFixtures
import Testing

@Suite struct EvaluatedRunMeasuresTests {
  private func store() throws -> TestStore {
    let rows = (0..<80).map { place in
      TestRow(
        key: "k\(place)", text: "text \(place)", image: place < 20 ? nil : "images/\(place).jpg",
        truth: place % 2 == 0 ? "no" : "yes", predicted: place % 5 == 0 ? "no" : "yes",
        state: place < 20 ? "without_picture" : "scored",
        probabilities: place % 5 == 0 ? #"{"no":0.75,"yes":0.25}"# : #"{"no":0.\#(1 + place % 4)5,"yes":0.6}"#,
        extra: #"{"lang":"de"}"#)
    }
    return try TestStore(rows: rows)
  }

  private func run() throws -> EvaluatedRun { try EvaluatedRun.load(from: try store().reader(), by: "lang") }

  @Test func slicesAndValuesOfAColumnAreMeasuredInTheirOrder() throws {
    let run = try run(), measures = run.measures(positive: "yes", resampling: BootstrapOptions(draws: 50, seed: 1))
    var slices: [String] = []
    for measure in measures where slices.last != measure.slice { slices.append(measure.slice) }
    #expect(slices == ["all", "both_sides", "without_picture", "lang=de"])
    // Of 80 posts, 40 are "yes", 8 of them predicted as "no"; of the 40 that are "no", 8 are right.
    let accuracy = measures.filter { $0.name == "accuracy" }
    #expect(accuracy.map(\.score.value) == [0.5, 0.5, 0.5, 0.5] && accuracy.map(\.count) == [80, 60, 20, 80])
    #expect(measures.contains { $0.slice == "all" && $0.name == "auc" && $0.interval != nil })
  }

  @Test func valuesOfAColumnHaveFewerNumbers() throws {
    let measures = try run().measures(positive: nil, resampling: BootstrapOptions(draws: 50, seed: 1))
    let column = measures.filter { $0.slice == "lang=de" }, all = measures.filter { $0.slice == "all" }
    #expect(all.contains { $0.name == "recall" && $0.label == "no" })
    #expect(!column.contains { $0.name == "recall" && $0.label == "no" })
    #expect(column.contains { $0.name == "accuracy" && $0.interval != nil })
    #expect(column.contains { $0.name == "auc" } && column.allSatisfy { $0.name != "auc" || $0.interval == nil })
  }

  @Test func aReportDrawsTheSameIntervals() throws {
    let reader = try store().reader()
    let own = try EvaluatedRun.load(from: reader, by: "lang").measures(positive: nil, resampling: BootstrapOptions())
    let slices = try ReportData.load(from: reader, by: "lang").charts.slices?.slices ?? []
    let scores = try #require(slices.first?.scores)
    for (name, drawn) in [("accuracy", scores.accuracy), ("macro_f1", scores.macroF1)] {
      let printed = try #require(own.first { $0.name == name && $0.slice == "lang=de" })
      #expect(drawn.score == printed.score && drawn.interval == printed.interval && drawn.interval != nil)
    }
  }

  @Test func withoutDrawsThereAreNoIntervals() throws {
    let measures = try run().measures(positive: "no", resampling: BootstrapOptions(draws: 0))
    #expect(!measures.isEmpty && measures.allSatisfy { $0.interval == nil })
  }
}
