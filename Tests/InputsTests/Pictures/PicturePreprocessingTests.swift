import Foundation
import Inputs
import Testing

@Suite struct PicturePreprocessingTests {
  private static let mean: [Float] = [0.485, 0.456, 0.406]
  private static let std: [Float] = [0.229, 0.224, 0.225]

  @Test("The planes equal the reference's, bit for bit")
  func golden() throws {
    #expect(!PictureGoldens.all.preprocessed.isEmpty)
    for golden in PictureGoldens.all.preprocessed {
      let preprocess = try PicturePreprocessing(size: golden.size, mean: Self.mean, std: Self.std)
      let planes = preprocess(try PictureDecoder.decode(PictureGoldens.bytes(golden.file)))
      let bytes = planes.flatMap { number in withUnsafeBytes(of: number.bitPattern.littleEndian) { Array($0) }
      }
      #expect(PictureGoldens.digest(bytes) == golden.planes, "\(golden.file)")
    }
  }

  @Test("Planes come one after the other, rows within them")
  func layout() throws {
    let preprocess = try PicturePreprocessing(size: 2, mean: [0, 0, 0], std: [1, 0.5, 0.25])
    let planes = preprocess(
      Picture(width: 2, height: 2, pixels: [0, 1, 2, 10, 11, 12, 20, 21, 22, 30, 31, 32]))
    let expected: [Float] =
      [0, 10, 20, 30].map { $0 / 255 } + [1, 11, 21, 31].map { $0 / 255 / 0.5 }
      + [2, 12, 22, 32].map { $0 / 255 / 0.25 }
    #expect(planes == expected)
  }

  @Test("Invalid settings are rejected")
  func settings() {
    #expect(throws: PicturePreprocessingError.size(0)) {
      try PicturePreprocessing(size: 0, mean: Self.mean, std: Self.std)
    }
    #expect(throws: PicturePreprocessingError.mean([0.5])) {
      try PicturePreprocessing(size: 8, mean: [0.5], std: Self.std)
    }
    #expect(throws: PicturePreprocessingError.std([1, 0, 1])) {
      try PicturePreprocessing(size: 8, mean: Self.mean, std: [1, 0, 1])
    }
    #expect(throws: PicturePreprocessingError.self) {
      try PicturePreprocessing(size: 8, mean: [.nan, 0, 0], std: Self.std)
    }
  }
}

@Suite struct PictureFitTests {
  /// Pillow's result for a picture, with its settings.
  struct Golden: Decodable, Sendable {
    let width: Int
    let height: Int
    let short: Bool
    let side: Int
    let size: Int
    let filter: String
    let rgb: String

    static let all: [Golden] = {
      let tests = #filePath.split(separator: "/").dropLast(2).joined(separator: "/")
      let file = try? Data(contentsOf: URL(filePath: "/\(tests)/Data/pictures/fits.json"))
      return (try? JSONDecoder().decode([Golden].self, from: file ?? Data())) ?? []
    }()
  }

  @Test("No golden is missing") func count() { #expect(Golden.all.count == 96) }

  @Test("Squares equal Pillow's crops", arguments: Golden.all.indices)
  func golden(index: Int) throws {
    let golden = Golden.all[index], count = golden.width * golden.height * 3
    let pixels = (0..<UInt64(count)).map { UInt8(truncatingIfNeeded: ($0 &* 2_654_435_761 &+ $0 &* $0 &* 97) >> 24) }
    let picture = Picture(width: golden.width, height: golden.height, pixels: pixels)
    let fit = PictureFit(
      sides: golden.short ? .shorter(golden.side) : .squashed(golden.side),
      filter: golden.filter == "bicubic" ? .bicubic : .bilinear)
    let preprocessing = try PicturePreprocessing(size: golden.size, mean: [0, 0, 0], std: [1, 1, 1], fit: fit)
    let square = preprocessing.square(picture)
    #expect(square.width == golden.size && square.height == golden.size)
    #expect(PictureGoldens.digest(square.pixels) == golden.rgb)
  }

  @Test("A strip one pixel high takes no more memory than its square")
  func strip() throws {
    let picture = Picture(width: 65_500, height: 1, pixels: [UInt8](repeating: 9, count: 3 * 65_500))
    let fit = PictureFit(sides: .shorter(256), filter: .bicubic)
    let preprocessing = try PicturePreprocessing(size: 224, mean: [0, 0, 0], std: [1, 1, 1], fit: fit)
    #expect(preprocessing.square(picture).pixels.allSatisfy { $0 == 9 })
  }

  @Test("A square larger than the resized picture is rejected")
  func settings() {
    #expect(throws: PicturePreprocessingError.size(31)) {
      try PicturePreprocessing(
        size: 32, mean: [0, 0, 0], std: [1, 1, 1], fit: PictureFit(sides: .shorter(31), filter: .bilinear))
    }
  }
}
