import Tensors
import Testing

@Suite struct PackedLinearTests {
  /// Rows, inputs and outputs: multiples of registers and not, from one to more than a block.
  static let sizes = [
    (1, 1, 1), (3, 5, 2), (33, 24, 72), (64, 192, 24), (7, 768, 2), (100, 100, 300), (129, 512, 64),
  ]

  @Test(arguments: sizes, NumberFormat.fast)
  func equalsItsNaiveTwin(sizes: (rows: Int, inputs: Int, outputs: Int), format: NumberFormat) throws {
    let (rows, inputs, outputs) = sizes
    var numbers = Numbers(seed: 1)
    let x = numbers.rows(rows, inputs), weight = numbers.rows(outputs, inputs), bias = numbers.row(outputs)
    let linear = try PackedLinear(weight, bias, format: format), workspace = Workspace()
    let expected = Naive.linear(
      Naive.rounded(tokens: x, to: format), Naive.rounded(weights: weight, to: format), bias)
    let tolerance = 1e-6 * Double(inputs).squareRoot() * 4

    let input = try workspace.matrix(x)
    #expect(distance(try linear(input.view, using: workspace).view.values, expected) < tolerance)
    let rectified = try linear(input.view, .relu, using: workspace).view.values
    #expect(distance(rectified, expected.map { $0.map { max($0, 0) } }) < tolerance)
    let smooth = try linear(input.view, .gelu, using: workspace).view.values
    let formula = format == .int8 ? Naive.geluTolerance(0) : 5e-7
    #expect(distance(smooth, expected.map { $0.map(Naive.gelu) }) < tolerance + formula)

    let before = numbers.rows(rows, outputs)
    let sum = try workspace.matrix(before)
    try linear.add(input.view, to: sum, using: workspace)
    let summed = zip(before, expected).map { zip($0, $1).map { Double($0) + $1 } }
    #expect(distance(sum.view.values, summed) < tolerance)
  }

  /// Forms of GELU whose product's result, in bf16, is rounded by the library itself.
  @Test(arguments: sizes, NumberFormat.fast)
  func otherGELUsEqualTheirFormulas(sizes: (rows: Int, inputs: Int, outputs: Int), format: NumberFormat) throws {
    var numbers = Numbers(seed: 4)
    let x = numbers.rows(sizes.rows, sizes.inputs), weight = numbers.rows(sizes.outputs, sizes.inputs)
    let bias = numbers.row(sizes.outputs), workspace = Workspace()
    let linear = try PackedLinear(weight, bias, format: format), input = try workspace.matrix(x)
    let sums = Naive.linear(Naive.rounded(tokens: x, to: format), Naive.rounded(weights: weight, to: format), bias)
    let tolerance = 1e-6 * Double(sizes.inputs).squareRoot() * 4 + 5e-7
    for (activation, formula) in [(Activation.quickGELU, Naive.quickGELU), (.tanhGELU, Naive.tanhGELU)] {
      let expected = sums.map { $0.map(formula) }, found = try linear(input.view, activation, using: workspace)
      #expect(distance(found.view.values, expected) < tolerance)
      // The next layer reads the rounded result; an identity layer returns it.
      let identity = (0..<sizes.outputs).map { row in (0..<sizes.outputs).map { Float($0 == row ? 1 : 0) } }
      let next = try PackedLinear(identity, [Float](repeating: 0, count: sizes.outputs), format: format)
      let handed = try workspace.matrix(
        [[Float]](repeating: [Float](repeating: 0, count: sizes.outputs), count: sizes.rows))
      try next.add(linear.activated(input.view, activation, using: workspace), to: handed, using: workspace)
      let largest = Double(expected.joined().map(abs).max() ?? 0)
      let step = format == .f32 ? 0 : format == .bf16 ? largest * 0x1p-8 : largest * 0x1p-6
      #expect(distance(handed.view.values, expected) <= tolerance + step)
    }
  }

  /// A layer's output is rounded once: the bits equal those of an f32 output rounded afterwards. GELU to bf16 has a
  /// rounding kernel of its own, so that results may differ by one step of bf16.
  @Test(arguments: sizes, NumberFormat.fast)
  func handsItsResultToTheNextLayer(sizes: (rows: Int, inputs: Int, outputs: Int), format: NumberFormat) throws {
    var numbers = Numbers(seed: 7)
    let first = try PackedLinear(
      numbers.rows(sizes.outputs, sizes.inputs), numbers.row(sizes.outputs), format: format)
    let second = try PackedLinear(numbers.rows(40, sizes.outputs), numbers.row(40), format: format)
    let workspace = Workspace(), x = try workspace.matrix(numbers.rows(sizes.rows, sizes.inputs)).view
    let before = numbers.rows(sizes.rows, 40)
    let handed = try workspace.matrix(before), written = try workspace.matrix(before)
    try second.add(first.activated(x, .gelu, using: workspace), to: handed, using: workspace)
    try second.add(first(x, .gelu, using: workspace).view, to: written, using: workspace)
    if format == .bf16 {
      let hidden = try first(x, .gelu, using: workspace).view.values.joined().map(abs).max() ?? 0
      let step = Double(hidden) * 0x1p-8, sums = written.view.values.map { $0.map(Double.init) }
      #expect(distance(handed.view.values, sums) < step * Double(sizes.outputs).squareRoot() / 4)
    } else {
      #expect(handed.view.values == written.view.values)
    }
    #expect(handed.view.values != before)
  }

  /// The bits of a row do not depend on its neighbours, its position or the number of rows.
  @Test(arguments: [(24, 24), (192, 32), (768, 768), (512, 2), (768, 3072), (3072, 768)], NumberFormat.fast)
  func aRowHasTheSameBitsInAnyCompany(sizes: (inputs: Int, outputs: Int), format: NumberFormat) throws {
    // Like every worker: several threads would divide the sums of the AVX2 kernels in ways that depend on their number.
    OneDNN.useOneThread()
    let (inputs, outputs) = sizes
    var numbers = Numbers(seed: 2)
    let linear = try PackedLinear(numbers.rows(outputs, inputs), numbers.row(outputs), format: format)
    let workspace = Workspace(), x = numbers.rows(300, inputs)
    for activation in [Activation.none, .relu, .gelu] {
      let all = try linear(workspace.matrix(x).view, activation, using: workspace).view.values
      for range in [0..<1, 5..<6, 31..<33, 10..<74, 1..<300, 299..<300, 40..<200] {
        let some = try linear(workspace.matrix(Array(x[range])).view, activation, using: workspace)
        #expect(some.view.values == Array(all[range]), "rows \(range)")
      }
    }
    let back = try PackedLinear(numbers.rows(inputs, outputs), numbers.row(inputs), format: format)
    let ones = [[Float]](repeating: [Float](repeating: 1, count: outputs), count: 300)
    let all = try workspace.matrix(ones), through = try workspace.matrix(x)
    try linear.add(workspace.matrix(x).view, to: all, using: workspace)
    try back.add(linear.activated(workspace.matrix(x).view, .gelu, using: workspace), to: through, using: workspace)
    for range in [7..<8, 33..<77, 250..<300] {
      let input = try workspace.matrix(Array(x[range]))
      let some = try workspace.matrix(Array(ones[range])), passed = try workspace.matrix(Array(x[range]))
      try linear.add(input.view, to: some, using: workspace)
      try back.add(linear.activated(input.view, .gelu, using: workspace), to: passed, using: workspace)
      #expect(some.view.values == Array(all.view.values[range]), "rows \(range)")
      #expect(passed.view.values == Array(through.view.values[range]), "rows \(range)")
    }
  }

  /// A view may begin at any row; the rows around it are not changed.
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

  @Test func noRowsAreAllowed() throws {
    let linear = try PackedLinear([[1, 2]], [0]), workspace = Workspace()
    #expect(try linear(workspace.matrix(rows: 0, width: 2).view, using: workspace).rows == 0)
  }

  @Test(arguments: [Activation.none, .relu, .gelu], NumberFormat.fast)
  func notANumberStaysOne(activation: Activation, format: NumberFormat) throws {
    let linear = try PackedLinear([[1, 2], [3, 4]], [0, 0], format: format), workspace = Workspace()
    let y = try linear(workspace.matrix([[1, 1], [.nan, 1]]).view, activation, using: workspace)
    #expect(y.view.values(ofRow: 0).allSatisfy { $0.isFinite })
    #expect(y.view.values(ofRow: 1).allSatisfy { $0.isNaN })
    let sum = try workspace.matrix([[0, 0], [0, 0]])
    try linear.add(
      linear.activated(workspace.matrix([[1, 1], [.nan, 1]]).view, .gelu, using: workspace), to: sum, using: workspace)
    #expect(sum.view.values(ofRow: 0).allSatisfy { $0.isFinite })
    #expect(sum.view.values(ofRow: 1).allSatisfy { $0.isNaN })
  }

  /// No format, activation, sum or result type may prevent the fast kernel.
  ///
  /// Products of this library that it has no kernel for run by its reference code, or by one for other sizes.
  @Test(arguments: NumberFormat.fast) func everyPlanHasTheSameKernel(format: NumberFormat) throws {
    let size = [NumberFormat.f32: 4, .bf16: 2, .int8: 1][format] ?? 0
    for (inputs, outputs) in [(768, 768), (768, 2304), (768, 3072), (3072, 768), (768, 1536), (1536, 512), (512, 512)] {
      let linear = try PackedLinear(
        [[Float]](repeating: [Float](repeating: 0.5, count: inputs), count: outputs),
        [Float](repeating: 0, count: outputs), format: format)
      let workspace = Workspace(), x = try workspace.matrix([[Float](repeating: 1, count: inputs)])
      let y = try linear(x.view, using: workspace)
      _ = try linear(x.view, in: format, using: workspace)
      _ = try linear(x.view, .gelu, using: workspace)
      try linear.add(x.view, to: y, using: workspace)
      let kernels = workspace.implementations
      #expect(kernels.count == 1, "\(kernels)")
      #expect(!kernels.contains { $0.hasPrefix("ref") }, "\(kernels)")
      if OneDNN.instructionSet == "avx512_core_bf16" {
        #expect(!kernels.contains { $0.hasPrefix("gemm") }, "\(kernels)")
      }
      #expect(linear.bytes >= inputs * outputs * size + outputs * 4)
      #expect(linear.bytes < (inputs + 64) * (outputs + 64) * size + outputs * 12 + 1)
    }
  }
}
