import Foundation
internal import Files
internal import Models
internal import Tensors

/// What a tower that stays as it is makes of the texts or pictures of a run: each once, kept on disk.
final class FrozenTokens<Key: Hashable & Sendable> {
  private let width: Int
  private let places: [Key: Range<Int>]
  private let numbers: Data

  /// Encodes what `path` does not hold yet. `parts`: each key once, with how many tokens it becomes.
  ///
  /// The file is used again where its size and `identity` are those of this run.
  init(
    path: String, identity: String, width: Int, _ parts: [(key: Key, length: Int)],
    encode: ([Key]) throws(TensorError) -> [[Float]], shouldStop: () -> Bool
  ) throws(TrainingError) {
    self.width = width
    var places: [Key: Range<Int>] = [:], end = 0
    for part in parts {
      places[part.key] = end..<end + part.length * width
      end += part.length * width
    }
    self.places = places
    let note = path + ".identity"
    let isThere = (try? FileReader.read(note, limit: identity.utf8.count)) == Array(identity.utf8)
    if !isThere || FileManager.default.sizeOfFile(path) != end * 4 {
      try Self.write(path, parts.map(\.key), encode, shouldStop)
      try TrainingError.writing(note) { () throws(FileProblem) in
        try AtomicWriter.write(Array(identity.utf8), to: note, .replacing)
      }
    }
    guard let data = try? Data(contentsOf: URL(fileURLWithPath: path), options: .alwaysMapped) else {
      throw .badCheckpoint(path: path, reason: "it cannot be read")
    }
    numbers = data
  }

  /// The tokens of a part.
  subscript(key: Key) -> [Float] {
    guard let range = places[key] else { return [] }
    return numbers.withUnsafeBytes { bytes in
      range.map { bytes.loadUnaligned(fromByteOffset: $0 * 4, as: Float.self) }
    }
  }

  private static func write(
    _ path: String, _ keys: [Key], _ encode: ([Key]) throws(TensorError) -> [[Float]], _ shouldStop: () -> Bool
  ) throws(TrainingError) {
    let file = try TrainingError.writing(path) { () throws(FileProblem) in try AtomicWriter(path, .replacing) }
    for first in stride(from: 0, to: keys.count, by: 32) {
      let interrupted = TrainingError.interrupted(
        step: 0, steps: 0, checkpoint: (path as NSString).deletingLastPathComponent)
      if shouldStop() { throw interrupted }
      let encoded: [[Float]]
      do {
        encoded = try encode(Array(keys[first..<min(first + 32, keys.count)]))
      } catch {
        throw error == .interrupted ? interrupted : .tensors(error)
      }
      try TrainingError.writing(path) { () throws(FileProblem) in
        for values in encoded {
          try values.withUnsafeBufferPointer { (values) throws(FileProblem) in
            try file.write(UnsafeRawBufferPointer(values))
          }
        }
      }
    }
    try TrainingError.writing(path) { () throws(FileProblem) in try file.finish() }
  }
}

extension FileManager {
  fileprivate func sizeOfFile(_ path: String) -> Int? {
    (try? attributesOfItem(atPath: path))?[.size] as? Int
  }
}
