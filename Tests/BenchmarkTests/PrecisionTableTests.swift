import Benchmark
import Models
import Testing

@Suite struct PrecisionTableTests {
  private static func recommendations(_ rows: [(Precision, Double)], isQuantised: Bool = false) -> [String] {
    let table = PrecisionTable(
      rows.map { PrecisionTable.Row(precision: $0, rowsPerSecond: $1, share: 0.8) }, isQuantised: isQuantised)
    return rows.map { table.recommendation($0.0) }
  }

  @Test func theFasterPrecisionIsRecommendedIfItIsWorthIt() {
    let quantized = "yes, once the model is quantized"
    #expect(Self.recommendations([(.f32, 21), (.bf16, 42), (.int8, 74)]) == ["no", "yes", quantized])
    #expect(Self.recommendations([(.f32, 10.4), (.bf16, 7.2), (.int8, 36)]) == ["yes", "no", quantized])
    #expect(Self.recommendations([(.f32, 100), (.bf16, 114), (.int8, 114)]) == ["yes", "no", "no"])
    // int8 must be worth more than the other choice.
    #expect(Self.recommendations([(.f32, 100), (.bf16, 200), (.int8, 220)]) == ["no", "yes", "no"])
    #expect(Self.recommendations([(.f32, 100)]) == ["yes"])
    #expect(Self.recommendations([(.int8, 100)], isQuantised: true) == ["yes"])
  }
}
