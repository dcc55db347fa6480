import Foundation
import Results
import ResultsFixtures
import Testing

/// scikit-learn's results for synthetic vectors; made by `Data/make_axes_goldens.py`.
private struct AxesCase: Decodable {
  var name: String
  var vectors: [[Float]]
  var shares: [Double]
  var axes: [[Double]]

  static func all() throws -> [AxesCase] {
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Data/axes_goldens.json")
    return try JSONDecoder().decode([AxesCase].self, from: Data(contentsOf: file))
  }
}

@Suite struct PrincipalComponentsTests {
  @Test func equalsScikitLearn() throws {
    let cases = try AxesCase.all()
    #expect(cases.count == 4)
    for golden in cases {
      let axes = PrincipalComponents(golden.vectors)
      #expect(axes.shares.count == 2)
      for place in 0..<2 {
        #expect(abs(axes.shares[place] - golden.shares[place]) < 1e-9, "\(golden.name)")
        let apart = zip(axes.axes[place], golden.axes[place]).map { abs($0 - $1) }.max() ?? 1
        #expect(apart < 1e-5, "\(golden.name)")
      }
    }
  }

  @Test func coordinatesAreAlongTheAxes() {
    let axes = PrincipalComponents([[0, 0, 1], [4, 0, 1], [2, 1, 1], [2, -1, 1]])
    #expect(axes.mean == [2, 0, 1])
    let place = axes.place([4, 0, 1])
    #expect(abs(place[0] - 2) < 1e-9 && abs(place[1]) < 1e-9)
    #expect(abs(axes.shares[0] - 0.8) < 1e-9 && abs(axes.shares[1] - 0.2) < 1e-9)
  }

  @Test func equalVectorsHaveNoAxes() {
    #expect(PrincipalComponents([[1, 2], [1, 2]]).axes.isEmpty)
    #expect(PrincipalComponents([]).axes.isEmpty && PrincipalComponents([[]]).shares.isEmpty)
    let line = PrincipalComponents([[1], [2], [4]])
    #expect(line.axes == [[1]] && line.shares == [1] && line.place([1]).count == 1)
    let flat = PrincipalComponents([[1, 1], [2, 2], [4, 4]])
    #expect(abs(flat.shares[0] - 1) < 1e-12 && abs(flat.shares[1]) < 1e-12)
    #expect(flat.place([1, 1]).allSatisfy { $0.isFinite })
  }

  @Test func theSameVectorsGiveTheSameBits() {
    let vectors = (0..<50).map { row in (0..<20).map { Float(noise(row * 20 + $0)) } }
    #expect(PrincipalComponents(vectors) == PrincipalComponents(vectors))
  }
}
