import Bytes
import Evaluation
import Queries
import Results
import Testing

@Suite struct AblationTableRowsTests {
  private static let table = AblationTable(
    keys: ["alpha", "aggregation"],
    settings: ["0", "1"].map { alpha in
      (
        [alpha, "concat"],
        [1, 2].map { seed in
          AblationTable.Run(
            seed: seed,
            predicted: (0..<40).map { ($0 + Int(seed)) % 4 == 0 && alpha == "0" ? "a" : $0 < 20 ? "a" : "b" })
        }
      )
    }, truths: (0..<40).map { $0 < 20 ? "a" : "b" }, labels: ["a", "b"], baseline: "alpha=0",
    baselines: [0, 0])

  @Test func rowsForPeopleJoinMeanAndDeviation() {
    let table = Self.table
    #expect(table.shortColumns.first == "alpha" && table.shortColumns.count == table.shortValues[0].count)
    #expect(table.shortValues[0][0] == .integer(0) && table.shortValues[0][1] == .text("concat"))
    // Five of the twenty b's are wrong with either seed.
    #expect(table.shortValues[0][3] == .text("0.875 ± 0.000"))
    #expect(table.shortValues[0].suffix(3) == [.text("baseline"), .null, .null])
    #expect(table.shortValues[1][4] == .text("1.000 ± 0.000"))
    #expect(table.shortValues[1][6] == .text("+0.127"))
  }

  @Test func rowsForProgramsHaveEveryNumberInFull() {
    let table = Self.table
    #expect(table.columns.count == table.values[0].count && table.columns.count == table.values[1].count)
    #expect(table.values[0][2] == .integer(2) && table.values[0][3] == .integer(40))
    #expect(table.values[0][4] == .real(0.875) && table.values[0][5] == .real(0))
    #expect(table.values[0].last == .null)
  }
}
