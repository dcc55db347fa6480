import Tensors
import Testing

@Suite struct VectorsTests {
  @Test func meanAndMaximumAreByColumn() throws {
    let x = try Workspace().matrixView([[1, -5, 3], [3, -1, -3], [2, -3, 0]])
    #expect(VectorMath.mean(x.view) == [2, -3, 0])
    #expect(VectorMath.maximum(x.view) == [3, -1, 3])
    #expect(VectorMath.mean(x.view.rows(1..<2)) == [3, -1, -3])
  }

  @Test func aNaNIsTheMaximum() throws {
    let x = try Workspace().matrixView([[1, .nan, .nan], [.nan, 1, .nan], [2, 2, 2]])
    #expect(VectorMath.maximum(x.view).allSatisfy { $0.isNaN })
  }

  @Test func dotIsTheSumOfProducts() {
    for count in [0, 1, 7, 8, 9, 31, 64] {
      let a = (0..<count).map { Float($0 + 1) }, b = (0..<count).map { Float($0 % 5 - 2) }
      #expect(VectorMath.dot(a, b, count: count) == zip(a, b).reduce(0) { $0 + $1.0 * $1.1 })
    }
    #expect(VectorMath.dot([1, 2, .nan], [1, 1, 0], count: 3).isNaN)
  }

  @Test func theCosineIsThatOfTheAngle() {
    #expect(VectorMath.cosine([3, 0], [0, 2]) == 0)
    #expect(VectorMath.cosine([1, 2, 3], [2, 4, 6]) == 1)
    #expect(VectorMath.cosine([1, -2], [-3, 6]) == -1)
    #expect(abs(VectorMath.cosine([1, 0], [1, 1]) - 0.707_106_77) < 1e-7)
    #expect(VectorMath.cosine([0, 0], [1, 1]).isNaN)
  }
}

extension Workspace {
  /// A matrix and the workspace that must live as long.
  fileprivate func matrixView(_ rows: [[Float]]) throws -> (view: MatrixView, owner: Workspace) {
    (try matrix(rows).view, self)
  }
}

@Suite struct SoftmaxTests {
  @Test(arguments: [1, 2, 5, 15, 16, 17, 100]) func equalsItsNaiveTwin(count: Int) {
    var numbers = Numbers(seed: 7)
    for scale in [Float(1), 30, 0] {
      let x = numbers.row(count).map { $0 * scale }
      #expect(distance([x.softmax()], [Naive.softmax(x.map(Double.init))]) < 2e-7)
    }
  }

  @Test func softmaxOfNothingIsEmpty() { #expect([Float]().softmax().isEmpty) }

  @Test func softmaxOfDistantNumbersIsZeroOrOne() {
    #expect([Float(0), 200].softmax() == [0, 1])
    #expect([Float(-200), -400, -200].softmax() == [0.5, 0, 0.5])
    #expect([Float(3e38), 0].softmax() == [1, 0])
  }

  @Test func aNaNIsPassedOn() {
    for x in [[Float.nan, 1], [1, .nan, 2], [.infinity, 0], [-.infinity, -.infinity]] {
      #expect(x.softmax().contains { $0.isNaN }, "\(x)")
    }
    #expect([-Float.infinity, 0].softmax() == [0, 1])
  }
}

@Suite struct LayerNormTests {
  @Test(arguments: [1, 3, 16, 24, 100, 768]) func equalsItsNaiveTwin(width: Int) throws {
    var numbers = Numbers(seed: UInt64(width))
    let x = numbers.rows(5, width).map { row in row.map { 3 * $0 + 7 } }
    let weight = numbers.row(width), bias = numbers.row(width), workspace = Workspace()
    let norm = LayerNorm(weight: weight, bias: bias, epsilon: 1e-6)
    let expected = x.map { Naive.layerNorm($0, weight: weight, bias: bias, epsilon: 1e-6) }

    let input = try workspace.matrix(x), other = try workspace.matrix(x)
    let output = try norm(input.view, using: workspace)
    #expect(distance(output.view.values, expected) < 1e-5)
    #expect(input.view.values == x)
    norm(input, into: other)
    #expect(other.view.values == output.view.values)
    norm(input)
    #expect(input.view.values == output.view.values)
  }

  @Test func equalNumbersBecomeTheBias() throws {
    let norm = LayerNorm(weight: [2, 2, 2], bias: [1, 2, 3], epsilon: 1e-12), workspace = Workspace()
    #expect(try norm(workspace.matrix([[5, 5, 5]]).view, using: workspace).view.values == [[1, 2, 3]])
  }

  @Test func aNaNAffectsOnlyItsRow() throws {
    let norm = LayerNorm(weight: [1, 1, 1], bias: [0, 0, 0], epsilon: 1e-6), workspace = Workspace()
    let y = try norm(workspace.matrix([[1, 2, 3], [1, .nan, 3], [3, 2, 1]]).view, using: workspace)
    #expect(y.view.values.map { $0.contains { $0.isNaN } } == [false, true, false])
  }
}
