import Inputs
import SampleGenerator
import Testing

@Suite struct SceneTests {
  @Test func theFontHasEveryGlyphAndNoTwoLookAlike() throws {
    let sheet = try GlyphSheet()
    var seen: [[UInt8]: String] = [:]
    for glyph in Mood.allCases.flatMap(\.glyphs) + Topic.all.map(\.glyph) {
      let image = try sheet.image(of: glyph)
      #expect(max(image.width, image.height) > 60, "\(glyph.name) is a small \(image.width) × \(image.height)")
      let pixels = try image.rgb()
      #expect(Set(pixels).count > 10, "\(glyph.name) has hardly a colour")
      if let other = seen.updateValue(glyph.name, forKey: pixels) { Issue.record("\(glyph.name) looks like \(other)") }
    }
    #expect(seen.count == 74)
  }

  @Test func aMissingFontIsNamed() {
    let error = #expect(throws: SampleGeneratorError.self) { try GlyphSheet(family: "No Such Font 7") }
    if case .noFont("No Such Font 7", let found) = error {
      #expect(found != "No Such Font 7")
    } else {
      Issue.record("\(String(describing: error))")
    }
    #expect("\(SampleGeneratorError.noFont(family: "X", found: nil))".contains("fonts-noto-color-emoji"))
  }

  @Test(arguments: ["あ", "\u{10FFFD}", "A"]) func aGlyphOfAnotherFontOrOfNoneIsNamed(_ character: String) throws {
    let sheet = try GlyphSheet()
    #expect(throws: SampleGeneratorError.noGlyph(name: "strange", family: GlyphSheet.family)) {
      try sheet.image(of: Glyph(character: character, name: "strange"))
    }
  }

  @Test func aSeedGivesOneScene() throws {
    let sheet = try GlyphSheet(), topic = Topic.all[0].glyph, mood = Mood.good.glyphs[0]
    let pixels = try [1, 1, 2].map { try Scene.draw(topic: topic, mood: mood, sheet, seed: $0).canvas.rgb() }
    #expect(pixels[0] == pixels[1])
    #expect(pixels[0] != pixels[2])
    #expect(pixels[0].count == 3 * Scene.side * Scene.side)
  }

  @Test func bothEmojiAreVisibleOnAnyBackground() throws {
    let sheet = try GlyphSheet(), topics = Topic.all.map(\.glyph)
    for seed in 0..<40 as Range<UInt64> {
      let one = try Scene.draw(topic: topics[1], mood: Mood.good.glyphs[0], sheet, seed: seed).canvas.rgb()
      let mood = try Scene.draw(topic: topics[1], mood: Mood.bad.glyphs[0], sheet, seed: seed).canvas.rgb()
      let topic = try Scene.draw(topic: topics[2], mood: Mood.good.glyphs[0], sheet, seed: seed).canvas.rgb()
      for other in [mood, topic] {
        let changed = zip(one, other).count { $0 != $1 }
        #expect(changed > one.count / 30, "seed \(seed): \(changed) samples")
      }
    }
  }

  /// Another emoji changes no pixel outside the boxes of both, and most of its own box.
  @Test func thePlacesAreWhereTheEmojiAre() throws {
    let sheet = try GlyphSheet(), topics = Topic.all.map(\.glyph), side = Scene.side
    func draw(_ topic: Glyph, _ mood: Glyph, _ seed: UInt64) throws -> (pixels: [UInt8], Scene.Place, Scene.Place) {
      let scene = try Scene.draw(topic: topic, mood: mood, sheet, seed: seed)
      return (try scene.canvas.rgb(), scene.topic, scene.mood)
    }
    func changed(_ a: [UInt8], _ b: [UInt8]) -> [(x: Int, y: Int)] {
      (0..<side * side).filter { a[3 * $0..<3 * $0 + 3] != b[3 * $0..<3 * $0 + 3] }.map { ($0 % side, $0 / side) }
    }
    for seed in 0..<20 as Range<UInt64> {
      let one = try draw(topics[1], Mood.good.glyphs[0], seed)
      let topic = try draw(topics[2], Mood.good.glyphs[0], seed), mood = try draw(topics[1], Mood.bad.glyphs[0], seed)
      for (other, old, new) in [(topic, one.1, topic.1), (mood, one.2, mood.2)] {
        let pixels = changed(one.pixels, other.pixels)
        func isIn(_ place: Scene.Place, _ x: Int, _ y: Int) -> Bool {
          place.left <= x && x < place.right && place.top <= y && y < place.bottom
        }
        #expect(pixels.allSatisfy { isIn(old, $0.x, $0.y) || isIn(new, $0.x, $0.y) }, "seed \(seed)")
        let area = (new.right - new.left) * (new.bottom - new.top)
        #expect(pixels.count { isIn(new, $0.x, $0.y) } > area / 3, "seed \(seed)")
      }
      #expect(one.1 == mood.1 && one.2 == topic.2, "seed \(seed)")
    }
  }

  @Test(arguments: PictureFileFormat.allCases) func filesDecodeToWhatWasDrawn(_ format: PictureFileFormat) throws {
    let canvas = try Scene.draw(
      topic: Topic.all[3].glyph, mood: Mood.bad.glyphs[1], try GlyphSheet(), seed: 5
    ).canvas
    let file = try format.file(of: canvas)
    #expect(Self.format(file) == format)
    let picture = try PictureDecoder.decode(file)
    #expect([picture.width, picture.height] == [Scene.side, Scene.side])
    let drawn = try canvas.rgb()
    let distance = zip(drawn, picture.pixels).reduce(0) { $0 + abs(Int($1.0) - Int($1.1)) }
    #expect(distance <= (format == .png ? 0 : 10 * drawn.count))
    #expect(try format.file(of: canvas) == file)
  }

  /// The format by the file's first bytes.
  private static func format(_ file: [UInt8]) -> PictureFileFormat? {
    switch file.prefix(4) {
    case [0x89, 0x50, 0x4E, 0x47]: .png
    case [0xFF, 0xD8, 0xFF, 0xE0]: .jpeg
    case [0x52, 0x49, 0x46, 0x46]: .webp
    default: nil
    }
  }
}
