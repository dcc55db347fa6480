/// A file compressed with gzip or Zstandard, as the bytes in it: all members and frames, one after the other.
final class CompressedFile: ByteSource {
  private let input: InputFile
  private let form: Compression
  private let decoder: any Decompressor
  /// Compressed bytes that are read but not unpacked: `pending` of `packed`.
  private var packed = [UInt8](repeating: 0, count: 128 << 10)
  private var pending = 0..<0
  private var isAtEnd = false
  /// The damage found: nothing is read after it.
  private var damage: CorpusError?
  /// Whether the last output had no room for more, so that more may come without input.
  private var wasFull = false
  /// The numbers of bytes unpacked and of those they took, at the latest reads.
  private var marks: [(unpacked: Int, taken: Int)] = [(0, 0)]
  private var unpacked = 0
  private var taken = 0
  /// The number of `marks` to keep: as many reads as a buffer is ahead of its rows.
  private static let mostMarks = 256

  init(_ input: InputFile, _ form: Compression) throws(CorpusError) {
    self.input = input
    self.form = form
    let decoder: (any Decompressor)? =
      switch form {
      case .gzip: GzipDecompressor()
      case .zstd: ZstdDecompressor()
      }
    guard let decoder else { throw .outOfMemory(file: input.path) }
    self.decoder = decoder
  }

  var path: String { input.path }
  var size: Int? { input.size }
  var canReopen: Bool { input.canReopen }
  var isCompressed: Bool { true }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(CorpusError) -> Int {
    guard !buffer.isEmpty else { return 0 }
    if let damage { throw damage }
    while true {
      if pending.isEmpty, !wasFull, !isAtEnd { try fill() }
      let step: Decompression
      do {
        step = try packed.withUnsafeBufferPointer { (bytes) throws(DecompressionFault) in
          try decoder.unpack(
            UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: bytes[pending])), into: buffer)
        }
      } catch {
        let damage: CorpusError =
          switch error {
          case .damaged(let detail, let offset):
            .damagedCompression(file: path, form: form, offset: taken + offset, detail: detail)
          case .window(let limit): .windowTooLarge(file: path, limit: limit)
          case .memory: .outOfMemory(file: path)
          }
        self.damage = damage
        throw damage
      }
      taken += step.taken
      unpacked += step.written
      pending = (pending.lowerBound + step.taken)..<pending.upperBound
      wasFull = step.written == buffer.count
      if step.written > 0 {
        if marks.count == Self.mostMarks { marks.removeFirst(Self.mostMarks / 2) }
        marks.append((unpacked, taken))
        return step.written
      }
      if pending.isEmpty, isAtEnd {
        guard decoder.isComplete else { throw .cutCompression(file: path, form: form, size: taken) }
        return 0
      }
    }
  }

  private func fill() throws(CorpusError) {
    let count = try packed.withUnsafeMutableBufferPointer { (bytes) throws(CorpusError) in
      try input.read(into: UnsafeMutableRawBufferPointer(bytes))
    }
    pending = 0..<count
    isAtEnd = count == 0
  }

  func isReady(before deadline: ContinuousClock.Instant) -> Bool {
    wasFull || !pending.isEmpty || isAtEnd || input.isReady(before: deadline)
  }

  /// All compressed bytes at the end; before, what lies between two reads is taken to be packed evenly.
  func storedBytes(of count: Int) -> Int {
    guard count < unpacked, let place = marks.firstIndex(where: { $0.unpacked > count }) else { return taken }
    guard place > 0 else { return marks[0].taken }
    let (last, next) = (marks[place - 1], marks[place])
    return last.taken
      + (next.taken - last.taken) * max(0, count - last.unpacked) / max(1, next.unpacked - last.unpacked)
  }
}

/// A format of compressed files.
package enum Compression: String, Sendable {
  case gzip
  case zstd

  /// The number of bytes needed to recognise one.
  static let signatureLength = 4

  /// Examines the first bytes of a file; `nil` if it is not compressed in a form that is read.
  init?(_ bytes: some Collection<UInt8>) {
    let bytes = Array(bytes.prefix(Self.signatureLength))
    if bytes.starts(with: [0x1F, 0x8B]) {
      self = .gzip
    } else if bytes == [0x28, 0xB5, 0x2F, 0xFD] {
      self = .zstd
    } else if bytes.dropFirst() == [0x2A, 0x4D, 0x18], bytes.first.map({ $0 & 0xF0 == 0x50 }) == true {
      // A frame that holds nothing to unpack, as the parallel compressor writes first.
      self = .zstd
    } else {
      return nil
    }
  }
}

/// Unpacks a stream, a part at a time.
protocol Decompressor: AnyObject {
  /// Whether all input so far is whole: at least one member or frame, and none that has only begun.
  var isComplete: Bool { get }

  /// Takes a part of the input and writes a part of the output; both may be empty.
  func unpack(
    _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
  ) throws(DecompressionFault) -> Decompression
}

/// The numbers of bytes taken and written by a step.
struct Decompression {
  var taken: Int
  var written: Int
}

/// Why a stream cannot be unpacked.
enum DecompressionFault: Error {
  /// Invalid data that many bytes into the input.
  case damaged(String, offset: Int)
  /// It refers back further than the allowed number of bytes, which would have to be kept in memory.
  case window(limit: Int)
  case memory
}
