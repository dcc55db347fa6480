internal import Files

/// The cues and words of labelled posts on the disk, in order: what the list of findings needs to name the posts behind
/// a cue, which is known to be one only at the end. About 400 bytes for a post of 40 words.
final class CueSpool {
  private static let piece = 1 << 20
  private let file: ScratchFile

  /// A post's cues.
  struct Post {
    /// The row's entry in ``RowSpool``.
    var entry: Int
    /// The value of each cue, in the order of the collector; nil if the post has none.
    var values: [UInt64?]
    /// The hashes of the words of the text and of the knowledge.
    var words: [[UInt64]]
  }

  init(near path: String) throws(FileError) { file = try ScratchFile(near: path) }

  func append(_ post: Post) throws(FileError) {
    var body: [UInt8] = []
    Self.put(UInt64(post.entry), into: &body)
    Self.put(UInt64(post.values.count), into: &body)
    // Most values are small, and few are missing.
    for value in post.values {
      body.append(value == nil ? 0 : 1)
      if let value { Self.put(value, into: &body) }
    }
    for words in post.words {
      Self.put(UInt64(words.count), into: &body)
      for word in words { withUnsafeBytes(of: word.littleEndian) { body += $0 } }
    }
    try file.append { bytes in
      withUnsafeBytes(of: UInt64(body.count).littleEndian) { bytes += $0 }
      bytes += body
    }
  }

  /// Passes on each post, in order, in memory that does not grow.
  func each(_ body: (Post) throws -> Void) throws {
    var place = 0, window: [UInt8] = [], start = 0
    let end = file.size
    while place < end {
      if place + 8 > start + window.count { (window, start) = (try file.bytes(at: place, Self.piece), place) }
      let size = 8 + Int(Self.word(window[...], place - start))
      if place + size > start + window.count {
        (window, start) = (try file.bytes(at: place, max(size, Self.piece)), place)
      }
      try body(Self.post(window[(place - start + 8)..<(place - start + size)]))
      place += size
    }
  }

  private static func post(_ bytes: ArraySlice<UInt8>) -> Post {
    var bytes = bytes
    var post = Post(entry: Int(take(&bytes)), values: [], words: [])
    for _ in 0..<take(&bytes) {
      post.values.append(bytes.popFirst() == 0 ? nil : take(&bytes))
    }
    while !bytes.isEmpty {
      let count = Int(take(&bytes))
      post.words.append((0..<count).map { word(bytes, bytes.startIndex + 8 * $0) })
      bytes = bytes.dropFirst(8 * count)
    }
    return post
  }

  private static func word(_ bytes: ArraySlice<UInt8>, _ place: Int) -> UInt64 {
    bytes[place..<place + 8].reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }

  /// A number in groups of seven bits, the lowest first.
  private static func put(_ number: UInt64, into bytes: inout [UInt8]) {
    var rest = number
    while rest >= 0x80 {
      bytes.append(UInt8(rest & 0x7F) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  private static func take(_ bytes: inout ArraySlice<UInt8>) -> UInt64 {
    var (number, shift): (UInt64, UInt64) = (0, 0)
    while let byte = bytes.popFirst() {
      number |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { break }
      shift += 7
    }
    return number
  }
}
