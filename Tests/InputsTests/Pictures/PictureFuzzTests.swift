import Preparation
import Corpus
import Inputs
import Evaluation
import Testing

/// Damaged files give a picture or a fault, and never a crash or a hang.
@Suite struct PictureFuzzTests {
  private static let limits = PictureLimits(pixels: 1_000_000)

  /// The error of decoding a file; nil if it is decoded.
  private static func outcome(_ bytes: [UInt8]) -> PictureError? {
    do throws(PictureError) {
      let picture = try PictureDecoder.decode(bytes, limits: limits)
      return picture.pixels.count == 3 * picture.width * picture.height ? nil : .impossiblePath
    } catch {
      return error
    }
  }

  @Test("A file cut at any eighth is truncated", arguments: PictureGoldens.all.pictures.map(\.file))
  func cut(file: String) throws {
    let bytes = try PictureGoldens.bytes(file)
    // If only later frames, comments or end marks are missing, the picture is whole.
    let whole = try PictureDecoder.decode(bytes)
    for eighth in 1...7 {
      let part = Array(bytes.prefix(bytes.count * eighth / 8))
      if let problem = Self.outcome(part) {
        #expect(problem.code == .truncated, "\(eighth)/8: \(problem)")
      } else {
        #expect(try PictureDecoder.decode(part) == whole, "\(eighth)/8")
        #expect(eighth > 3, "\(eighth)/8 of the file cannot hold the picture")
      }
    }
  }

  @Test("Flipped bits", arguments: PictureGoldens.all.pictures.map(\.file))
  func flipped(file: String) throws {
    let bytes = try PictureGoldens.bytes(file)
    var random = SeededGenerator(seed: 20)
    let allowed: Set<PictureError.Kind> = [.truncated, .corrupt, .unsupported, .tooLarge]
    for _ in 0..<100 {
      var damaged = bytes
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        damaged[Int.random(in: damaged.indices, using: &random)] ^=
          1 << UInt8.random(in: 0..<8, using: &random)
      }
      if let problem = Self.outcome(damaged) { #expect(allowed.contains(problem.kind), "\(problem)") }
    }
  }

  @Test("A piece of one file inside another", arguments: ["jpg", "png", "webp", "gif"])
  func spliced(format: String) throws {
    let files = try PictureGoldens.all.pictures.map(\.file).filter { $0.hasSuffix(format) }.map(
      PictureGoldens.bytes)
    var random = SeededGenerator(seed: 21)
    for _ in 0..<1000 {
      let index = Int.random(in: files.indices, using: &random)
      var damaged = files[index]
      let other = files[Int.random(in: files.indices, using: &random)]
      let from = Int.random(in: other.indices, using: &random)
      let to = Int.random(in: damaged.indices, using: &random)
      let piece = other[from..<min(other.count, from + Int.random(in: 1...64, using: &random))]
      damaged.replaceSubrange(
        to..<min(damaged.count, to + Int.random(in: 0...64, using: &random)), with: piece)
      if let problem = Self.outcome(damaged) { #expect(problem != .impossiblePath) }
    }
  }
}

extension PictureError {
  fileprivate enum Kind { case truncated, corrupt, unsupported, tooLarge, other }

  fileprivate var kind: Kind {
    switch self {
    case .truncated: .truncated
    case .corrupt: .corrupt
    case .unsupportedFormat, .unsupportedVariant: .unsupported
    case .tooManyPixels: .tooLarge
    default: .other
    }
  }
}
