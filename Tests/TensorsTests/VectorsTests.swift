import Tensors
import Testing

@Suite struct VectorsTests {
  @Test func meanAndMaximumAreByColumn() throws {
    let x = try Workspace().matrixView([[1, -5, 3], [3, -1, -3], [2, -3, 0]])
    #expect(Vectors.mean(x.view) == [2, -3, 0])
    #expect(Vectors.maximum(x.view) == [3, -1, 3])
    #expect(Vectors.mean(x.view.rows(1..<2)) == [3, -1, -3])
  }

  @Test func notANumberIsTheMaximum() throws {
    let x = try Workspace().matrixView([[1, .nan, .nan], [.nan, 1, .nan], [2, 2, 2]])
    #expect(Vectors.maximum(x.view).allSatisfy { $0.isNaN })
  }

  @Test func dotIsTheSumOfProducts() {
    for count in [0, 1, 7, 8, 9, 31, 64] {
      let a = (0..<count).map { Float($0 + 1) }, b = (0..<count).map { Float($0 % 5 - 2) }
      #expect(Vectors.dot(a, b, count: count) == zip(a, b).reduce(0) { $0 + $1.0 * $1.1 })
    }
    #expect(Vectors.dot([1, 2, .nan], [1, 1, 0], count: 3).isNaN)
  }

  @Test func cosineIsOfTheAngle() {
    #expect(Vectors.cosine([3, 0], [0, 2]) == 0)
    #expect(Vectors.cosine([1, 2, 3], [2, 4, 6]) == 1)
    #expect(Vectors.cosine([1, -2], [-3, 6]) == -1)
    #expect(abs(Vectors.cosine([1, 0], [1, 1]) - 0.707_106_77) < 1e-7)
    #expect(Vectors.cosine([0, 0], [1, 1]).isNaN)
  }
}

extension Workspace {
  /// A matrix and the workspace that must live as long.
  fileprivate func matrixView(_ rows: [[Float]]) throws -> (view: MatrixView, owner: Workspace) {
    (try matrix(rows).view, self)
  }
}
