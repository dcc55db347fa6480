import Tensors
import Testing

@Suite struct PackedLinearTests {
  /// Rows, inputs and outputs: multiples of registers and not, from one to more than a block.
  static let sizes = [
    (1, 1, 1), (3, 5, 2), (33, 24, 72), (64, 192, 24), (7, 768, 2), (100, 100, 300), (129, 512, 64),
  ]

  @Test(arguments: sizes) func equalsItsNaiveTwin(rows: Int, inputs: Int, outputs: Int) throws {
    var numbers = Numbers(seed: 1)
    let x = numbers.rows(rows, inputs), weight = numbers.rows(outputs, inputs), bias = numbers.row(outputs)
    let linear = try PackedLinear(weight, bias), workspace = Workspace()
    let expected = Naive.linear(x, weight, bias)
    let tolerance = 1e-6 * Double(inputs).squareRoot() * 4

    let input = try workspace.matrix(x)
    #expect(distance(try linear(input.view, using: workspace).view.values, expected) < tolerance)
    let rectified = try linear(input.view, .relu, using: workspace).view.values
    #expect(distance(rectified, expected.map { $0.map { max($0, 0) } }) < tolerance)
    let smooth = try linear(input.view, .gelu, using: workspace).view.values
    #expect(distance(smooth, expected.map { $0.map(Naive.gelu) }) < tolerance + 5e-7)

    let before = numbers.rows(rows, outputs)
    let sum = try workspace.matrix(before)
    try linear.add(input.view, to: sum, using: workspace)
    let summed = zip(before, expected).map { zip($0, $1).map { Double($0) + $1 } }
    #expect(distance(sum.view.values, summed) < tolerance)
  }

  /// What is beside a row, how many rows there are and where the row stands make no difference to a bit.
  @Test(arguments: [(24, 24), (192, 32), (768, 768), (512, 2), (768, 3072), (3072, 768)])
  func aRowHasTheSameBitsInAnyCompany(inputs: Int, outputs: Int) throws {
    var numbers = Numbers(seed: 2)
    let linear = try PackedLinear(numbers.rows(outputs, inputs), numbers.row(outputs))
    let workspace = Workspace(), x = numbers.rows(300, inputs)
    for activation in [Activation.none, .relu, .gelu] {
      let all = try linear(workspace.matrix(x).view, activation, using: workspace).view.values
      for range in [0..<1, 5..<6, 31..<33, 10..<74, 1..<300, 299..<300, 40..<200] {
        let some = try linear(workspace.matrix(Array(x[range])).view, activation, using: workspace)
        #expect(some.view.values == Array(all[range]), "rows \(range)")
      }
    }
    let ones = [[Float]](repeating: [Float](repeating: 1, count: outputs), count: 300)
    let all = try workspace.matrix(ones)
    try linear.add(workspace.matrix(x).view, to: all, using: workspace)
    for range in [7..<8, 33..<77, 250..<300] {
      let some = try workspace.matrix(Array(ones[range]))
      try linear.add(workspace.matrix(Array(x[range])).view, to: some, using: workspace)
      #expect(some.view.values == Array(all.view.values[range]), "rows \(range)")
    }
  }

  /// A view may begin at any row; what lies around it stays as it is.
  @Test func multipliesTheRowsOfAView() throws {
    var numbers = Numbers(seed: 3)
    let x = numbers.rows(70, 16)
    let linear = try PackedLinear(numbers.rows(8, 16), numbers.row(8)), workspace = Workspace()
    let whole = try workspace.matrix(x)
    let all = try linear(whole.view, using: workspace).view.values
    for range in [0..<70, 69..<70, 1..<2, 38..<70] {
      #expect(try linear(whole.view.rows(range), using: workspace).view.values == Array(all[range]))
    }
    #expect(whole.view.values == x)
  }

  @Test func noRowsAreFine() throws {
    let linear = try PackedLinear([[1, 2]], [0]), workspace = Workspace()
    #expect(try linear(workspace.matrix(rows: 0, width: 2).view, using: workspace).rows == 0)
  }

  @Test(arguments: [Activation.none, .relu, .gelu]) func notANumberStaysOne(activation: Activation) throws {
    let linear = try PackedLinear([[1, 2], [3, 4]], [0, 0]), workspace = Workspace()
    let y = try linear(workspace.matrix([[1, 1], [.nan, 1]]).view, activation, using: workspace)
    #expect(y.view.values(ofRow: 0).allSatisfy { $0.isFinite })
    #expect(y.view.values(ofRow: 1).allSatisfy { $0.isNaN })
  }

  /// The activation and the sum must not cost the fast kernel.
  @Test func everyPlanHasTheSameKernel() throws {
    let linear = try PackedLinear(
      [[Float]](repeating: [Float](repeating: 0.5, count: 768), count: 768),
      [Float](repeating: 0, count: 768))
    let workspace = Workspace()
    let kernel = try linear.implementation(using: workspace)
    #expect(!kernel.hasPrefix("ref"))
    #expect(try linear.implementation(.gelu, using: workspace) == kernel)
    #expect(try linear.implementation(accumulates: true, using: workspace) == kernel)
    #expect(linear.bytes >= (768 * 768 + 768) * 4)
  }
}
