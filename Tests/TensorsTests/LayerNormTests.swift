import Tensors
import Testing

@Suite struct LayerNormTests {
  @Test(arguments: [1, 3, 16, 24, 100, 768]) func equalsItsNaiveTwin(width: Int) throws {
    var numbers = Numbers(seed: UInt64(width))
    let x = numbers.rows(5, width).map { row in row.map { 3 * $0 + 7 } }
    let gain = numbers.row(width), shift = numbers.row(width), workspace = Workspace()
    let norm = LayerNorm(gain: gain, shift: shift, epsilon: 1e-6)
    let expected = x.map { Naive.layerNorm($0, gain: gain, shift: shift, epsilon: 1e-6) }

    let input = try workspace.matrix(x), other = try workspace.matrix(x)
    let output = try norm(input.view, using: workspace)
    #expect(distance(output.view.values, expected) < 1e-5)
    #expect(input.view.values == x)
    norm(input, into: other)
    #expect(other.view.values == output.view.values)
    norm(input)
    #expect(input.view.values == output.view.values)
  }

  @Test func equalNumbersBecomeTheShift() throws {
    let norm = LayerNorm(gain: [2, 2, 2], shift: [1, 2, 3], epsilon: 1e-12), workspace = Workspace()
    #expect(try norm(workspace.matrix([[5, 5, 5]]).view, using: workspace).view.values == [[1, 2, 3]])
  }

  @Test func notANumberSpoilsItsRowOnly() throws {
    let norm = LayerNorm(gain: [1, 1, 1], shift: [0, 0, 0], epsilon: 1e-6), workspace = Workspace()
    let y = try norm(workspace.matrix([[1, 2, 3], [1, .nan, 3], [3, 2, 1]]).view, using: workspace)
    #expect(y.view.values.map { $0.contains { $0.isNaN } } == [false, true, false])
  }
}
