import Reporting
import Testing

@Suite struct SeriesStyleTests {
  private func point(_ x: Double, _ y: Double) -> Point { Point(x: x, y: y) }

  private func length(_ stroke: [Point]) -> Double {
    zip(stroke, stroke.dropFirst()).reduce(0) { $0 + abs($1.1.x - $1.0.x) + abs($1.1.y - $1.0.y) }
  }

  @Test func dashesGoAroundCorners() {
    let way = [point(0, 0), point(3, 0), point(3, 4)]
    let strokes = Dashes.strokes(way, [2, 1])
    #expect(strokes.map(length) == [2, 2, 1])
    #expect(strokes[0] == [point(0, 0), point(2, 0)] && strokes[1] == [point(3, 0), point(3, 2)])
    #expect(strokes[2] == [point(3, 3), point(3, 4)])
    #expect(Dashes.strokes(way, []) == [way] && Dashes.strokes([], [1, 1]).joined().isEmpty)
  }

  @Test func styleColoursStandOutOnPaper() {
    let colours = (0..<SeriesStyle.count).map { SeriesStyle.of($0).colour }
    #expect(colours.allSatisfy { $0.contrast(with: .white) >= 3 })
    #expect(SeriesStyle.count == LabelCurve.limit)
    #expect(SeriesStyle.of(SeriesStyle.count) == SeriesStyle.of(99))
  }
}
