import Tensors
import Testing

@Suite struct QuantisedMatrixTests {
  @Test func joinedRowsAreThoseOfTheWhole() {
    var numbers = Numbers(seed: 4)
    let first = numbers.row(5 * 33), second = numbers.row(2 * 33).map { $0 * 7 }
    let whole = QuantisedMatrix(rounding: first + second, outputs: 7)
    var joined = QuantisedMatrix(rounding: first, outputs: 5)
    joined.append(QuantisedMatrix(rounding: second, outputs: 2))
    #expect(joined.bytes == whole.bytes && joined.scales == whole.scales && joined.inputs == 33)
    #expect(whole.bytes.map { abs(Int($0)) }.max() == 127)
  }

  @Test func whatIsNoRoundingIsRefused() throws {
    #expect(try #require(QuantisedMatrix(bytes: [1, -127, 0, 0], scales: [0.5, 0])).inputs == 2)
    #expect(QuantisedMatrix(bytes: [1, -128, 0, 0], scales: [0.5, 0]) == nil)
    #expect(QuantisedMatrix(bytes: [1, 2, 3], scales: [1, 1]) == nil)
    #expect(QuantisedMatrix(bytes: [], scales: []) == nil)
    for scale in [-1, .nan, .infinity] as [Float] {
      #expect(QuantisedMatrix(bytes: [1, 2], scales: [1, scale]) == nil)
    }
    #expect(!QuantisedMatrix(rounding: [1, .nan, 2, 3], outputs: 2).isFinite)
  }

  @Test(.enabled(if: NumberFormat.int8.isFast)) func itsProductsHaveTheBitsOfThoseRoundedAtPacking() throws {
    var numbers = Numbers(seed: 5)
    let x = numbers.rows(9, 40), weight = numbers.rows(24, 40), bias = numbers.row(24), workspace = Workspace()
    let stored = try PackedLinear(QuantisedMatrix(rounding: weight.flatMap(\.self), outputs: 24), bias: bias)
    let packed = try PackedLinear(weight, bias, format: .int8), input = try workspace.matrix(x).view
    #expect(try stored(input, using: workspace).view.values == packed(input, using: workspace).view.values)
  }
}
