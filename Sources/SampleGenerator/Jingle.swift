internal import Evaluation

/// A post's sound, as a program that analyses audio would describe it: eight notes, a row each.
///
/// The columns 0 to 11 are the pitch classes from C to B: the note's own has its loudness. The columns 12 to 23 are the
/// strengths of twelve overtones, the *timbre*. The mood of the picture decides whether the tune is in C major or in C
/// minor; the topic that the picture shows decides the timbre. The tune, the loudness and the noise follow from a seed.
package enum Jingle {
  /// The rows of a jingle.
  package static let notes = 8
  /// The numbers of a row.
  package static let width = pitches + overtones

  private static let pitches = 12
  private static let overtones = 12
  /// The standard deviation of the noise in every number.
  private static let noise = 0.2
  /// How loud a note is.
  private static let loudness = 0.6...1.0
  /// The pitch classes of C major, and of C minor.
  private static let scales = (major: [0, 2, 4, 5, 7, 9, 11], minor: [0, 2, 3, 5, 7, 8, 10])

  /// Draws a jingle.
  ///
  /// - Parameters:
  ///   - topic: the number of the topic in `Topic.all`.
  ///   - mood: major if good, minor if bad.
  ///   - seed: decides all else.
  /// - Returns: `notes` × `width` numbers, row by row.
  package static func draw(topic: Int, mood: Mood, seed: UInt64) -> [Float] {
    let scale = mood == .good ? scales.major : scales.minor, timbre = timbre(of: topic)
    var random = SeededGenerator(seed: seed), numbers: [Float] = []
    for degree in tune(scale.count, &random) {
      let strength = random.number(in: loudness)
      var row = [Double](repeating: 0, count: pitches)
      row[scale[degree]] = strength
      numbers += (row + timbre.map { $0 * strength }).map { Float($0 + noise * normal(&random)) }
    }
    return numbers
  }

  /// The words for a jingle, which a text encoder can learn its vector from.
  package static func words(topic: Int, mood: Mood) -> String {
    "\(Topic.all[topic].glyph.name), \(mood == .good ? "a cheerful tune" : "a gloomy tune")"
  }

  /// The degrees of a tune: the root, the third, by which the ear tells major from minor, then steps up and down the
  /// scale, and the root again.
  private static func tune(_ degrees: Int, _ random: inout SeededGenerator) -> [Int] {
    var tune = [0, 2]
    while tune.count < notes - 1 {
      tune.append(min(degrees - 1, max(0, tune[tune.count - 1] + random.index(below: 5) - 2)))
    }
    return tune + [0]
  }

  /// The strengths of a topic's overtones, 0 to 1; the same in every corpus.
  private static func timbre(of topic: Int) -> [Double] {
    var random = SeededGenerator(seed: UInt64(topic))
    return (0..<overtones).map { _ in random.unit() }
  }

  /// A number with mean 0 and deviation 1, nearly normal: the sum of four equally likely ones.
  private static func normal(_ random: inout SeededGenerator) -> Double {
    ((0..<4).reduce(0) { sum, _ in sum + random.unit() } - 2) * 3.0.squareRoot()
  }
}

/// Jingles as files of NumPy: `notes` × `width` little-endian float32.
extension Jingle {
  /// The bytes before the numbers, 128 of them.
  private static let header: [UInt8] = {
    let facts = "{'descr': '<f4', 'fortran_order': False, 'shape': (\(notes), \(width)), }"
    let text = facts + String(repeating: " ", count: 117 - facts.utf8.count) + "\n"
    return [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(text.utf8.count), 0] + Array(text.utf8)
  }()

  /// The file of a jingle.
  package static func file(of numbers: [Float]) -> [UInt8] {
    header + numbers.flatMap { number in (0..<4).map { UInt8(truncatingIfNeeded: number.bitPattern >> (8 * $0)) } }
  }

  /// The numbers of a file that `file` made; nil for any other.
  package static func numbers(of file: [UInt8]) -> [Float]? {
    guard file.count == header.count + 4 * notes * width, file.starts(with: header) else { return nil }
    return stride(from: header.count, to: file.count, by: 4).map { start in
      Float(bitPattern: (0..<4).reduce(0) { $0 | UInt32(file[start + $1]) << (8 * UInt32($1)) })
    }
  }
}
