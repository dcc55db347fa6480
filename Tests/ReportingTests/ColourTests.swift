import Reporting
import Results
import Testing

@Suite struct ColourTests {
  @Test func contrastIsWCAGs() {
    #expect(abs(Colour.white.contrast(with: .black) - 21) < 1e-9)
    #expect(abs(Colour(0x77_7777).contrast(with: .white) - 4.48) < 0.01)
  }

  @Test(arguments: [ColourScale.share, .cosine]) func figuresAreReadableOnEveryColour(scale: ColourScale) {
    let (low, high) = (scale.domain.lowerBound, scale.domain.upperBound)
    for step in 0...1000 {
      let colour = scale.colour(low + (high - low) * Double(step) / 1000)
      #expect(colour.contrast(with: colour.readable) >= 4.5)
    }
  }

  @Test func greyNeverFallsBelow() {
    for level in UInt32(0)...255 {
      let grey = Colour(level << 16 | level << 8 | level)
      #expect(grey.contrast(with: grey.readable) >= 4.5)
    }
  }

  @Test func scalesAreFixed() {
    #expect(ColourScale.share.colour(-1) == ColourScale.share.colour(0))
    #expect(ColourScale.share.colour(2) == ColourScale.share.colour(1))
    #expect(ColourScale.cosine.colour(0.3) != ColourScale.cosine.colour(-0.3))
    var luminance = 1.0
    for step in 0...100 {
      let next = ColourScale.share.colour(Double(step) / 100).luminance
      #expect(next <= luminance)
      luminance = next
    }
  }
}

@Suite struct SeriesStyleTests {
  private func point(_ x: Double, _ y: Double) -> Point { Point(x: x, y: y) }

  private func length(_ stroke: [Point]) -> Double {
    zip(stroke, stroke.dropFirst()).reduce(0) { $0 + abs($1.1.x - $1.0.x) + abs($1.1.y - $1.0.y) }
  }

  @Test func dashesGoAroundCorners() {
    let way = [point(0, 0), point(3, 0), point(3, 4)]
    let strokes = DashPattern.strokes(way, [2, 1])
    #expect(strokes.map(length) == [2, 2, 1])
    #expect(strokes[0] == [point(0, 0), point(2, 0)] && strokes[1] == [point(3, 0), point(3, 2)])
    #expect(strokes[2] == [point(3, 3), point(3, 4)])
    #expect(DashPattern.strokes(way, []) == [way] && DashPattern.strokes([], [1, 1]).joined().isEmpty)
  }

  @Test func styleColoursStandOutOnPaper() {
    let colours = (0..<SeriesStyle.count).map { SeriesStyle.of($0).colour }
    #expect(colours.allSatisfy { $0.contrast(with: .white) >= 3 })
    #expect(SeriesStyle.count == LabelCurve.limit)
    #expect(SeriesStyle.of(SeriesStyle.count) == SeriesStyle.of(99))
  }
}
