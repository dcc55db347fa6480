import Glibc

/// A file's lines as bytes, read once from beginning to end; gzip and Zstandard are unpacked.
///
/// Memory does not grow with the file: a line over a limit is an error.
package final class LineFile {
  /// Why the next line cannot be read.
  package enum Failure: Error, Equatable {
    /// A line has more bytes than the limit.
    case tooLong(line: Int, limit: Int)
  }

  /// The number of the last line that was read, from 1.
  package private(set) var line = 0
  private let input: any ByteSource
  private let limit: Int
  private var buffer = [UInt8](repeating: 0, count: 256 << 10)
  /// The bytes that are read and belong to no line yet.
  private var pending = 0..<0
  private var isAtEnd = false

  /// Opens a file.
  ///
  /// - Parameters:
  ///   - path: the file; `-` is standard input.
  ///   - limit: the maximum number of bytes in a line.
  ///   - shouldStop: asked while a pipe is silent.
  /// - Throws: `CorpusError` if the file cannot be opened.
  package init(
    path: String, limit: Int, shouldStop: @escaping @Sendable () -> Bool = { false }
  ) throws(CorpusError) {
    input = try ByteSources.open(path, shouldStop: shouldStop)
    self.limit = limit
  }

  /// Gives the next line, without its line feed, to `body`; the bytes are valid only there.
  ///
  /// - Returns: What `body` returns; `nil` at the end of the file.
  /// - Throws: `CorpusError` if the file cannot be read or unpacked, `Failure`, and what `body` throws.
  package func next<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) throws -> Result? {
    var searched = pending.lowerBound
    while true {
      if let end = lineFeed(from: searched) {
        let content = pending.lowerBound..<end
        pending = end + 1..<pending.upperBound
        return try give(content, to: body)
      }
      if pending.count > limit { throw Failure.tooLong(line: line + 1, limit: limit) }
      if isAtEnd {
        guard !pending.isEmpty else { return nil }
        let content = pending
        pending = pending.upperBound..<pending.upperBound
        return try give(content, to: body)
      }
      searched = try fill()
    }
  }

  private func give<Result>(_ content: Range<Int>, to body: (UnsafeRawBufferPointer) throws -> Result) throws -> Result
  {
    line += 1
    if content.count > limit { throw Failure.tooLong(line: line, limit: limit) }
    return try buffer.withUnsafeBytes { try body(UnsafeRawBufferPointer(rebasing: $0[content])) }
  }

  private func lineFeed(from start: Int) -> Int? {
    buffer.withUnsafeBytes { bytes in
      guard let base = bytes.baseAddress, start < pending.upperBound,
        let found = memchr(base + start, Int32(UInt8(ascii: "\n")), pending.upperBound - start)
      else { return nil }
      return UnsafeRawPointer(found) - base
    }
  }

  /// Reads on behind the pending bytes; returns where the new ones begin.
  private func fill() throws(CorpusError) -> Int {
    let kept = pending.count
    if pending.lowerBound > 0 {
      buffer.withUnsafeMutableBytes { bytes in
        guard let base = bytes.baseAddress else { return }
        memmove(base, base + pending.lowerBound, kept)
      }
    }
    if kept > buffer.count / 2 { buffer += [UInt8](repeating: 0, count: buffer.count) }
    let count = try buffer.withUnsafeMutableBufferPointer { (bytes) throws(CorpusError) in
      try input.read(into: UnsafeMutableRawBufferPointer(UnsafeMutableBufferPointer(rebasing: bytes[kept...])))
    }
    isAtEnd = count == 0
    pending = 0..<kept + count
    return kept
  }
}
