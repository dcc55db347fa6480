import Glibc

/// Divides a file into lines of UTF-8, and never holds more than one piece of a long line.
///
/// A line ends with LF, with CR LF, or with the file. Any other CR is an ordinary character. Where a long line is split
/// depends only on the line, never on the sizes of reads.
struct LineSource {
  /// A line, or a part of one that is longer than a piece; ranges of ``bytes``, valid until the next call.
  struct Piece {
    /// The bytes before the line end.
    var content: Range<Int>
    /// The bytes of the line end; empty within a long line, and at the end of a file without one.
    var ending: Range<Int>
    /// Whether the line ends here.
    var isLast: Bool
  }

  let input: any ByteSource
  /// The bytes of the file before those of the source.
  private var start = 0
  /// Raw bytes taken from the source so far.
  private var bytesRead = 0
  /// Whether the file is UTF-16 without a byte-order mark.
  private(set) var lacksByteOrder = false
  /// Whether the last piece was the beginning or the middle of a long line.
  private(set) var isMidLine = false
  /// The bytes read and not yet released; only the first `filled` are valid.
  private(set) var bytes: [UInt8]

  /// The maximum number of bytes read at a time.
  private let chunk: Int
  /// The length from which a line is returned in pieces.
  private let piece: Int
  /// The smallest size of the buffer.
  private var least: Int { max(chunk, 64) }
  private var transcoder: Transcoder?
  private var filled = 0
  private var cursor = 0
  /// The positions to which ``rewind()`` returns, the latest last; nothing from the first on is released.
  private var marks: [Int] = []
  private var isAtEnd = false

  /// Opens a source, and checks its first bytes for marks that contradict the encoding.
  init(_ input: any ByteSource, encoding: TextEncoding, limits: RecordLimits) throws(CorpusError) {
    self.input = input
    chunk = max(limits.chunkBytes, 1)
    piece = max(limits.pieceBytes, 1)
    bytes = [UInt8](repeating: 0, count: max(chunk, 64) + FileSignature.longest)
    // A pipe's header may come long before its rows, so no more of it is waited for than is needed.
    let wanted = input.size == nil ? FileSignature.length : FileSignature.longest
    while filled < wanted, !isAtEnd { try fill() }
    let found = FileSignature(bytes[..<min(filled, FileSignature.longest)])
    switch (encoding, found) {
    case (.utf8, .byteOrder(.utf8)):
      cursor = 3
    case (.utf16, .byteOrder(.utf16)):
      startTranscoding(.utf16(bigEndian: bytes[0] == 0xFE), from: 2)
    case (_, let found?):
      throw .otherContent(file: input.path, mark: found, encoding: encoding)
    case (.utf8, nil):
      break
    case (.utf16, nil):
      lacksByteOrder = filled > 0
      startTranscoding(.utf16(bigEndian: false), from: 0)
    case (.windows1252, nil):
      startTranscoding(.windows1252, from: 0)
    }
  }

  /// Goes on in the middle of a file, after a line end.
  ///
  /// - Parameters:
  ///   - input: the file from there on.
  ///   - start: the number of bytes before.
  ///   - encoding: the file's encoding; not UTF-16.
  ///   - limits: the sizes of reads.
  init(_ input: any ByteSource, from start: Int, encoding: TextEncoding, limits: RecordLimits) {
    (self.input, self.start) = (input, start)
    chunk = max(limits.chunkBytes, 1)
    piece = max(limits.pieceBytes, 1)
    bytes = [UInt8](repeating: 0, count: max(chunk, 64) + FileSignature.longest)
    if encoding == .windows1252 { startTranscoding(.windows1252, from: 0) }
  }

  /// The byte on the disk with which the next line begins, if the source is not within a line. Not for UTF-16 and
  /// compressed files.
  var position: Int {
    let rest = bytes[cursor..<filled]
    // Each byte of Windows-1252 has become one character.
    return start + bytesRead - (transcoder == nil ? rest.count : rest.count { $0 & 0xC0 != 0x80 })
  }

  /// Whether the file is UTF-16.
  var isUTF16: Bool { transcoder?.isUTF16 ?? false }

  /// The number of bytes on the disk that the returned pieces took; at the end, all that were read.
  ///
  /// If the file is transcoded, this is a lower bound until the end.
  var bytesConsumed: Int { bytesConsumed(leaving: 0) }

  /// The same without the last `count` bytes of those pieces.
  func bytesConsumed(leaving count: Int) -> Int {
    // A byte of UTF-8 comes from at most two bytes of UTF-16, and from at most one of Windows-1252.
    input.storedBytes(of: max(0, bytesRead - (filled - cursor + count) * (transcoder == nil ? 1 : 2)))
  }

  /// The first bytes that are not blank, without taking them; fewer if the next 64 KiB have fewer.
  mutating func firstBytes(_ count: Int) throws(CorpusError) -> [UInt8] {
    let most = 64 << 10
    while true {
      let found = Array(bytes[cursor..<min(filled, cursor + most)].lazy.filter { !isBlank($0) }.prefix(count))
      if found.count == count || isAtEnd || filled - cursor >= most { return found }
      _ = makeRoom()
      try fill()
    }
  }

  /// Whether the next piece can be returned without waiting for a pipe's writer beyond a deadline.
  ///
  /// Invalidates the last piece of ``next()``.
  mutating func hasPiece(before deadline: ContinuousClock.Instant) throws(CorpusError) -> Bool {
    var searched = cursor
    while !isAtEnd, filled - cursor < piece, newline(from: searched) == nil {
      guard input.isReady(before: deadline) else { return false }
      searched = filled - makeRoom()
      try fill()
    }
    return true
  }

  /// The next line or part of one; `nil` at the end of the file.
  mutating func next() throws(CorpusError) -> Piece? {
    var searched = cursor
    while true {
      if let newline = newline(from: searched) {
        let content = cursor..<endOfContent(before: newline)
        cursor = newline + 1
        isMidLine = false
        return Piece(content: content, ending: content.upperBound..<cursor, isLast: true)
      }
      if filled - cursor >= piece {
        // Carriage returns at the end of a piece may belong to a line end that is still to come.
        let end = endOfContent(before: cursor + piece)
        let content = cursor..<(end > cursor ? end : cursor + piece)
        cursor = content.upperBound
        isMidLine = true
        return Piece(content: content, ending: cursor..<cursor, isLast: false)
      }
      if isAtEnd {
        guard cursor < filled || isMidLine else { return nil }
        let content = cursor..<endOfContent(before: filled)
        cursor = filled
        isMidLine = false
        return Piece(content: content, ending: content.upperBound..<filled, isLast: true)
      }
      searched = filled - makeRoom()
      try fill()
    }
  }

  /// Remembers this position, the beginning of a line; what follows stays in memory until ``forgetMark()`` or
  /// ``rewind()`` is called once for each mark.
  mutating func setMark() {
    marks.append(cursor)
  }

  /// Forgets the latest position.
  mutating func forgetMark() {
    marks.removeLast()
  }

  /// Goes back to the latest position.
  mutating func rewind() {
    cursor = marks.removeLast()
    isMidLine = false
  }

  /// The position of the next line feed, if it is in the next piece.
  private func newline(from start: Int) -> Int? {
    bytes.withUnsafeBytes { buffer in
      let end = min(filled, cursor + piece)
      guard let base = buffer.baseAddress, let found = memchr(base + start, Int32(UInt8(ascii: "\n")), end - start)
      else { return nil }
      return UnsafeRawPointer(found) - base
    }
  }

  /// The end of a line's content: before the carriage returns right before its line end.
  private func endOfContent(before end: Int) -> Int {
    var end = end
    while end > cursor, bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
    return end
  }

  /// Moves the bytes that are still needed to the front and resizes the buffer; returns the distance moved.
  private mutating func makeRoom() -> Int {
    let start = marks.first ?? cursor
    let kept = filled - start
    if start > 0 {
      bytes.withUnsafeMutableBytes { buffer in
        guard let base = buffer.baseAddress else { return }
        memmove(base, base + start, kept)
      }
      filled = kept
      cursor -= start
      for index in marks.indices { marks[index] -= start }
    }
    if filled > bytes.count - least / 2 {
      bytes.append(contentsOf: repeatElement(0, count: bytes.count))
    } else if bytes.count > 4 * max(least, piece), filled < least {
      bytes = Array(bytes[..<(2 * least)])
    }
    return start
  }

  /// Reads once into the free end of the buffer.
  private mutating func fill() throws(CorpusError) {
    guard transcoder != nil else {
      let count = try Self.read(input, into: &bytes, from: filled, atMost: chunk)
      filled += count
      bytesRead += count
      isAtEnd = count == 0
      return
    }
    let room = (bytes.count - filled - Transcoder.slack) / Transcoder.growth
    var raw = [UInt8](repeating: 0, count: min(room, chunk))
    let count = try Self.read(input, into: &raw, from: 0, atMost: raw.count)
    bytesRead += count
    isAtEnd = count == 0
    transcode(raw[..<count])
  }

  private static func read(
    _ input: any ByteSource, into buffer: inout [UInt8], from start: Int, atMost count: Int
  ) throws(CorpusError) -> Int {
    try buffer.withUnsafeMutableBufferPointer { (all) throws(CorpusError) in
      try input.read(
        into: UnsafeMutableRawBufferPointer(UnsafeMutableBufferPointer(rebasing: all[start...].prefix(count)))
      )
    }
  }

  /// Treats the bytes read so far, without their byte-order mark, as another encoding.
  private mutating func startTranscoding(_ form: Transcoder.Form, from start: Int) {
    let raw = Array(bytes[start..<filled])
    bytes = [UInt8](repeating: 0, count: (raw.count * Transcoder.growth) + least)
    filled = 0
    transcoder = Transcoder(form)
    if !raw.isEmpty { transcode(raw[...]) }
  }

  private mutating func transcode(_ raw: ArraySlice<UInt8>) {
    let start = filled
    filled += bytes.withUnsafeMutableBytes { all in
      let free = UnsafeMutableRawBufferPointer(rebasing: all[start...])
      let written = raw.withUnsafeBytes { transcoder?.transcode($0, into: free) ?? 0 }
      guard isAtEnd else { return written }
      let rest = UnsafeMutableRawBufferPointer(rebasing: free[written...])
      return written + (transcoder?.finish(into: rest) ?? 0)
    }
  }
}
