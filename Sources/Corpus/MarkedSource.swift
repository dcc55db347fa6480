import Bytes

/// A file whose last line says that it is complete: this line is not part of its content, and without it the end is an
/// error. A pipe ends in the same way whether its writer is done or was killed.
///
/// A line that may be the mark is held back until the file goes on; all other bytes pass as they come.
final class MarkedSource: ByteSource {
  /// The longest line that can be the mark, in bytes.
  private static let longest = 4096

  private let input: any ByteSource
  /// Bytes that are certainly content, from `taken` on.
  private var content: [UInt8] = []
  private var taken = 0
  /// The beginning of a line, or all of one with its end, that may be the mark.
  private var held: [UInt8] = []
  /// Whether the next byte, after those held, continues a line that is no mark.
  private var isMidLine = false
  private var isAtEnd = false

  init(_ input: any ByteSource) { self.input = input }

  var path: String { input.path }
  var size: Int? { input.size }
  var canReopen: Bool { input.canReopen }
  var isCompressed: Bool { input.isCompressed }
  func storedBytes(of count: Int) -> Int { input.storedBytes(of: count) }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(CorpusError) -> Int {
    while taken == content.count {
      if isAtEnd {
        guard Self.isMark(held[...]) else { throw .endedEarly(file: path) }
        return 0
      }
      try take()
    }
    let count = min(buffer.count, content.count - taken)
    buffer.copyBytes(from: content[taken..<taken + count])
    taken += count
    return count
  }

  func isReady(before deadline: ContinuousClock.Instant) -> Bool {
    while taken == content.count, !isAtEnd {
      guard input.isReady(before: deadline) else { return false }
      // The error comes again with the next read.
      do throws(CorpusError) { try take() } catch { return true }
    }
    return true
  }

  /// Reads once, and sorts the bytes.
  private func take() throws(CorpusError) {
    var bytes = [UInt8](repeating: 0, count: 64 << 10)
    let count = try bytes.withUnsafeMutableBufferPointer { (buffer) throws(CorpusError) in
      try input.read(into: UnsafeMutableRawBufferPointer(buffer))
    }
    content.removeAll(keepingCapacity: true)
    taken = 0
    isAtEnd = count == 0
    var rest = bytes[..<count]
    while !rest.isEmpty {
      if held.last == Self.newline { release() }
      let end = rest.firstIndex(of: Self.newline).map { $0 + 1 } ?? rest.endIndex
      let line = rest[..<end]
      rest = rest[end...]
      if isMidLine {
        content += line
      } else {
        held += line
        if !Self.mayBeMark(held) { release() }
        // What is released without a line end goes on as content.
        if held.isEmpty, line.last != Self.newline { isMidLine = true }
      }
      if line.last == Self.newline { isMidLine = false }
    }
  }

  private func release() {
    content += held
    held.removeAll(keepingCapacity: true)
  }

  private static let newline = UInt8(ascii: "\n")
  private static let table = Array("#end".utf8)
  private static let objects = [Array(#"{"end":true"#.utf8), Array(#"{"end": true"#.utf8)]

  /// Whether a line, or its beginning, may be the mark.
  private static func mayBeMark(_ line: [UInt8]) -> Bool {
    guard line.last != newline else { return isMark(line[...]) }
    if line.count <= table.count + 1 {
      if line.starts(with: table.prefix(line.count)) && line.dropFirst(table.count).allSatisfy({ $0 == 0x0D }) {
        return true
      }
    }
    return line.count <= longest
      && objects.contains { line.starts(with: $0.prefix(line.count)) }
  }

  private static func isMark(_ line: ArraySlice<UInt8>) -> Bool {
    var line = line
    while let last = line.last, last == newline || last == 0x0D { line.removeLast() }
    if line.elementsEqual(table) { return true }
    guard line.count <= longest, objects.contains(where: line.starts(with:)),
      let object = try? JSONParser.parse(Array(line))
    else { return false }
    return object["end"]?.asBool == true
  }
}
