import Foundation
import Inputs
import Testing

@Suite struct PicturePreprocessingTests {
  private static let mean: [Float] = [0.485, 0.456, 0.406]
  private static let std: [Float] = [0.229, 0.224, 0.225]

  @Test("The planes are the reference's, bit for bit")
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

  @Test("Settings that cannot be are refused")
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
