import Preparation
import Corpus
import Foundation
import Inputs
import Models
import Scoring
import Training

/// A folder of files for one test, removed with it.
final class Scratch {
  let folder: String

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "clfa-training-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  /// Where a file of this name is or will be.
  func path(_ name: String) -> String { folder + "/" + name }

  /// Writes a file and returns its path.
  @discardableResult
  func file(_ name: String, _ bytes: [UInt8]) throws -> String {
    try Data(bytes).write(to: URL(filePath: path(name)))
    return path(name)
  }

  @discardableResult
  func file(_ name: String, _ text: String) throws -> String { try file(name, Array(text.utf8)) }

  /// The names of all files in the folder, sorted.
  var names: [String] { get throws { try FileManager.default.contentsOfDirectory(atPath: folder).sorted() } }

  /// A reader of a model with pictures of 2 × 2 pixels and the pieces of `words`, whose numbers are the samples / 255.
  func reader(_ words: [String] = ["good", "bad", "cat"], knowledge: Bool = false) throws -> InputReader {
    let pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"] + words
    let vocabulary = try file("vocab.txt", pieces.joined(separator: "\n") + "\n")
    var configuration = ModelConfiguration(labelNames: [])
    configuration.text.vocabularySize = pieces.count
    configuration.image.size = 2
    configuration.image.patchSize = 1
    configuration.knowledge = knowledge
    configuration.preprocessing.mean = [0, 0, 0]
    configuration.preprocessing.std = [1, 1, 1]
    return try InputReader(
      configuration: configuration, vocabularyPath: vocabulary, limits: PictureLimits(), decoding: .exact)
  }

  /// The posts of a corpus of one file.
  func posts(
    _ csv: String, name: String = "posts.csv", knowledge: Bool = false, missingPicture: MissingPicturePolicy = .fault,
    threads: Int = 2
  ) throws -> TrainingPosts {
    try TrainingPosts.read(
      paths: [try file(name, csv)], options: CorpusOptions(), reader: try reader(knowledge: knowledge),
      missingPicture: missingPicture, threads: threads)
  }

  /// Writes a PNG of 2 × 2 pixels from its 12 samples.
  @discardableResult
  func png(_ name: String, _ samples: [UInt8]) throws -> String { try file(name, PNG.file(width: 2, samples)) }
}

/// PNG files of the plainest kind: RGB, not compressed.
enum PNG {
  static func file(width: Int, _ samples: [UInt8]) -> [UInt8] {
    let height = samples.count / (3 * width)
    var rows: [UInt8] = []
    for y in 0..<height { rows += [0] + samples[3 * width * y..<3 * width * (y + 1)] }
    let length = UInt16(rows.count)
    let ends = [length, ~length].flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }
    let data: [UInt8] = [0x78, 0x01, 1] + ends + rows + big(adler(rows))
    let header: [UInt8] = big(UInt32(width)) + big(UInt32(height)) + [8, 2, 0, 0, 0]
    let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
    return [signature, chunk("IHDR", header), chunk("IDAT", data), chunk("IEND", [])].flatMap(\.self)
  }

  private static func big(_ number: UInt32) -> [UInt8] { withUnsafeBytes(of: number.bigEndian) { Array($0) } }

  private static func chunk(_ name: String, _ data: [UInt8]) -> [UInt8] {
    let body = Array(name.utf8) + data
    return big(UInt32(data.count)) + body + big(crc(body))
  }

  private static func crc(_ bytes: [UInt8]) -> UInt32 {
    var sum = UInt32.max
    for byte in bytes {
      sum ^= UInt32(byte)
      for _ in 0..<8 {
        let isOdd = sum & 1 == 1
        sum >>= 1
        if isOdd { sum ^= 0xEDB8_8320 }
      }
    }
    return ~sum
  }

  private static func adler(_ bytes: [UInt8]) -> UInt32 {
    var low: UInt32 = 1, high: UInt32 = 0
    for byte in bytes {
      low = (low + UInt32(byte)) % 65521
      high = (high + low) % 65521
    }
    return high << 16 | low
  }
}
