import Foundation
import Models
import Tensors
import Testing

@Suite struct ClipEncoderTests {
  @Test(arguments: ClipGolden.layouts) func textVectorsEqualTransformers(layout: String) throws {
    let encoder = try ClipEncoder(folder: ClipGolden.folder(layout)), golden = try ClipGolden.load(layout)
    let vectors = try encoder.vectors(ofTexts: golden.ids, using: encoder.makeWorkspace())
    #expect(ClipGolden.difference(vectors, try ClipGolden.rows("text", of: layout)) <= 1e-4)
  }

  @Test(arguments: ClipGolden.layouts) func pictureVectorsEqualTransformers(layout: String) throws {
    let encoder = try ClipEncoder(folder: ClipGolden.folder(layout))
    let vectors = try encoder.vectors(
      ofPictures: try ClipGolden.rows("pixels", of: layout), using: encoder.makeWorkspace())
    #expect(ClipGolden.difference(vectors, try ClipGolden.rows("image", of: layout)) <= 1e-4)
  }

  /// A SigLIP model reads a fixed number of pieces, so padding may be written out, and it affects the result.
  @Test func aSigLIPPadsTexts() throws {
    let encoder = try ClipEncoder(folder: ClipGolden.folder("siglip")), workspace = encoder.makeWorkspace()
    let plain = try ClipGolden.load("siglip").ids[0], full = plain + [Int32](repeating: 1, count: 64 - plain.count)
    var other = full
    other[60] = 2
    let vectors = try encoder.vectors(ofTexts: [plain, full, other], using: workspace)
    #expect(vectors[0] == vectors[1] && vectors[0] != vectors[2])
    #expect(encoder.hasExpectedEnd([5]) && encoder.configuration.maxPieces == 64 && encoder.configuration.isFilled)
  }

  @Test func piecesAfterTheFirstEndAreIgnored() throws {
    let golden = try ClipGolden.load("b16")
    for layout in ["b32", "b16"] {
      let encoder = try ClipEncoder(folder: ClipGolden.folder(layout)), workspace = encoder.makeWorkspace()
      let plain = golden.ids[0], end = try #require(plain.last)
      let longer = [plain + [5, 6, end], plain + [Int32](repeating: end, count: 77 - plain.count)]
      let vectors = try encoder.vectors(ofTexts: [plain] + longer, using: workspace)
      #expect(vectors[1] == vectors[0] && vectors[2] == vectors[0])
    }
  }

  @Test func aVectorHasTheSameBitsInAnyBatch() throws {
    let encoder = try ClipEncoder(folder: ClipGolden.folder("l14")), golden = try ClipGolden.load("l14")
    let pixels = try ClipGolden.rows("pixels", of: "l14")
    let texts = try encoder.vectors(ofTexts: golden.ids, using: encoder.makeWorkspace())
    let pictures = try encoder.vectors(ofPictures: pixels, using: encoder.makeWorkspace())
    let workspace = encoder.makeWorkspace()
    for (index, pieces) in golden.ids.enumerated() {
      #expect(try encoder.vectors(ofTexts: [pieces], using: workspace) == [texts[index]])
    }
    for (index, picture) in pixels.enumerated() {
      #expect(try encoder.vectors(ofPictures: [picture], using: workspace) == [pictures[index]])
    }
    #expect(try encoder.vectors(ofTexts: [], using: workspace).isEmpty)
    #expect(try encoder.vectors(ofPictures: [], using: workspace).isEmpty)
  }

  @Test func invalidInputsAreRejected() throws {
    let encoder = try ClipEncoder(folder: ClipGolden.folder("b32")), workspace = encoder.makeWorkspace()
    #expect(throws: ModelError.inputs(index: 1, .noTokens(stream: "text"))) {
      try encoder.vectors(ofTexts: [[790], []], using: workspace)
    }
    #expect(throws: ModelError.inputs(index: 0, .tokenOutOfRange(stream: "text", token: 791, size: 791))) {
      try encoder.vectors(ofTexts: [[791]], using: workspace)
    }
    #expect(throws: ModelError.inputs(index: 0, .tooManyTokens(stream: "text", count: 78, limit: 77))) {
      try encoder.vectors(ofTexts: [[Int32](repeating: 1, count: 78)], using: workspace)
    }
    #expect(throws: ModelError.inputs(index: 0, .pixelCount(found: 3, expected: 3 * 28 * 28))) {
      try encoder.vectors(ofPictures: [[1, 2, 3]], using: workspace)
    }
  }

  @Test func endsAreFoundBothWays() throws {
    // The older layout names no end and means the greatest piece; the newer one names it.
    for layout in ["b32", "l14"] {
      let encoder = try ClipEncoder(folder: ClipGolden.folder(layout))
      #expect(encoder.hasExpectedEnd([789, 790]) && !encoder.hasExpectedEnd([790, 789]))
    }
  }
}
