internal import CImages
internal import Files
internal import Foundation
internal import Evaluation

/// Posts with the lengths of real ones but without meaning: a CSV and a picture file for each.
///
/// The lengths are those of the tweets of the public sarcasm corpus: 24 pieces of text and 22 of knowledge in the
/// mean, no knowledge in 28 of a hundred; pictures are JPEGs of 640 × 480 pixels, no two alike.
package struct SyntheticCorpus {
  /// How many posts there are.
  package let count: Int
  /// The share of posts without knowledge.
  static let withoutKnowledge = 0.28
  static let pictureSize = (width: 640, height: 480)

  private let words: [String]
  private let seed: UInt64

  /// Plans a corpus.
  ///
  /// - Parameters:
  ///   - count: how many posts.
  ///   - vocabulary: a model's `vocab.txt`, of which whole words are used.
  ///   - seed: what it follows from.
  package init(count: Int, vocabulary: String, seed: UInt64) {
    self.count = count
    self.seed = seed
    let words = vocabulary.split(separator: "\n").filter { word in
      word.utf8.allSatisfy { (0x61...0x7A).contains($0) }
    }
    self.words = words.isEmpty ? ["word"] : words.map(String.init)
  }

  /// Writes `posts.csv` and `pictures/`.
  ///
  /// - Returns: the path of the CSV.
  package func write(to folder: String) throws -> String {
    try BenchmarkError.writing(folder) { () throws(FileError) in try FolderTree.make(folder + "/pictures") }
    var random = SeededGenerator(seed: seed)
    var rows = "id,text,image,knowledge\n"
    for index in 0..<count {
      let text = sentence(mean: 22, deviation: 9, most: 75, &random)
      let silent = Double.random(in: 0..<1, using: &random) < Self.withoutKnowledge
      let knowledge = silent ? "" : sentence(mean: 27.5, deviation: 14, most: 64, &random)
      rows += "post\(index),\(text),pictures/\(index).jpg,\(knowledge)\n"
      let picture = try Self.jpeg(Self.pixels(&random))
      try BenchmarkError.writing(folder) { () throws(FileError) in
        try FolderTree.write(picture, to: "\(folder)/pictures/\(index).jpg")
      }
    }
    let path = folder + "/posts.csv"
    try BenchmarkError.writing(path) { () throws(FileError) in
      try AtomicWriter.write(Array(rows.utf8), to: path, .replacing)
    }
    return path
  }

  /// Words whose number lies around `mean`, at least one.
  private func sentence(
    mean: Double, deviation: Double, most: Int, _ random: inout SeededGenerator
  ) -> String {
    // The sum of twelve uniform numbers is as good as normal here.
    let normal = (0..<12).reduce(-6.0) { sum, _ in sum + Double.random(in: 0..<1, using: &random) }
    let length = min(max(1, Int((mean + deviation * normal).rounded())), most)
    return (0..<length).map { _ in words[Int.random(in: words.indices, using: &random)] }.joined(separator: " ")
  }

  /// Waves of three colours and some noise: detail enough that a decoder works as hard as on a photograph.
  private static func pixels(_ random: inout SeededGenerator) -> [UInt8] {
    let (width, height) = pictureSize
    let waves = (0..<3).map { _ in
      (Double.random(in: 0.005...0.06, using: &random), Double.random(in: 0.005...0.06, using: &random))
    }
    return [UInt8](unsafeUninitializedCapacity: 3 * width * height) { pixels, count in
      for row in 0..<height {
        for channel in 0..<3 {
          var phase = waves[channel].1 * Double(row)
          for column in 0..<width {
            phase += waves[channel].0
            // A triangle wave costs less than a sine and is as smooth to a codec.
            let wave = abs((phase / 2).truncatingRemainder(dividingBy: 2) - 1)
            let noise = Int(truncatingIfNeeded: random.next() >> 59)
            pixels[3 * (row * width + column) + channel] = UInt8(clamping: Int(wave * 220) + noise)
          }
        }
      }
      count = 3 * width * height
    }
  }

  private static func jpeg(_ pixels: [UInt8]) throws -> [UInt8] {
    let (width, height) = pictureSize
    // No JPEG of ordinary quality is larger than its pixels.
    var bytes = [UInt8](repeating: 0, count: 3 * width * height)
    var count = bytes.count
    let status = cimages_jpeg_encode(pixels, UInt32(width), UInt32(height), 85, &bytes, &count)
    guard status == CIMAGES_OK else { throw BenchmarkError.picture }
    return Array(bytes[..<count])
  }
}
