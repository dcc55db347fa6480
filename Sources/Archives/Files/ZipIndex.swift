/// The directory of a zip of files, stored or deflated.
///
/// Only the directory is read. An entry's own header is read with its bytes, because a million of them would be a million
/// reads before the first picture.
struct ZipIndex {
  /// The bytes at a zip's end in which its directory's records are looked for: the longest comment, and those records.
  private static let tail = (1 << 16) + 1024
  /// The maximum size of a directory.
  private static let directoryLimit = 2 << 30

  /// The files in the order of the directory.
  let entries: [(name: [UInt8], place: FileArchive.Place)]
  /// Where the directory begins; files lie before it.
  let start: Int

  /// Whether bytes begin like a zip, empty ones included.
  static func isBeginning(_ first: [UInt8]) -> Bool {
    first.starts(with: [0x50, 0x4B, 3, 4]) || first.starts(with: [0x50, 0x4B, 5, 6])
  }

  init(_ source: any RandomAccessBytes) throws(ArchiveError) {
    let base = max(0, source.count - Self.tail)
    let tail = try source.bytes(in: base..<source.count)
    let range: Range<Int>, count: Int
    (range, count) = try tail.withRawBytes { (bytes) throws(ArchiveError) in
      let directory = try ZipDirectory(bytes, base: base)
      return (directory.range, directory.count)
    }
    guard range.count <= Self.directoryLimit, count <= FileArchive.entryLimit else {
      throw .tooManyFiles(limit: FileArchive.entryLimit)
    }
    let directory = try source.bytes(in: range)
    entries = try directory.withRawBytes { (bytes) throws(ArchiveError) in
      var entries: [(name: [UInt8], place: FileArchive.Place)] = [], at = 0
      for _ in 0..<count {
        let entry = try ZipEntry(bytes, at: at)
        at = entry.end
        // A folder's name ends in a slash.
        if entry.name.last == UInt8(ascii: "/") { continue }
        guard entry.local <= UInt64(range.lowerBound), entry.packed <= UInt64(range.lowerBound) - entry.local,
          entry.whole <= UInt64(Int.max)
        else {
          throw .outside(
            part: String(decoding: entry.name, as: UTF8.self), at: entry.local, bytes: entry.packed,
            available: range.lowerBound)
        }
        let storage: FileArchive.Storage =
          entry.isLink
          ? .link
          : entry.flags & 1 != 0
            ? .encrypted : entry.method == 0 ? .stored : entry.method == 8 ? .deflated : .otherMethod
        guard storage != .stored || entry.packed == entry.whole else {
          throw .contradiction(String(decoding: entry.name, as: UTF8.self))
        }
        entries.append(
          (
            Self.path(entry.name, isUTF8: entry.flags & 0x800 != 0),
            FileArchive.Place(
              start: Int(entry.local), packed: Int(entry.packed), size: Int(entry.whole), checksum: entry.checksum,
              storage: storage)
          ))
      }
      return entries
    }
    start = range.lowerBound
  }

  /// Where a file's bytes begin, after its own header.
  static func dataStart(
    of place: FileArchive.Place, in source: any RandomAccessBytes, before limit: Int
  ) throws(ArchiveError) -> Int {
    let size = 30
    guard place.start <= limit - size else { throw .noRecord(part: "header of a file", at: place.start) }
    let header = try source.bytes(in: place.start..<place.start + size)
    return try header.withRawBytes { (bytes) throws(ArchiveError) in
      guard bytes.number(UInt32.self, at: 0) == ZipHeader.localSignature, let name = bytes.number(UInt16.self, at: 26),
        let extra = bytes.number(UInt16.self, at: 28)
      else { throw .noRecord(part: "header of a file", at: place.start) }
      let start = place.start + size + Int(name) + Int(extra)
      guard start <= limit, place.packed <= limit - start else {
        throw .outside(
          part: "a file", at: UInt64(start), bytes: UInt64(place.packed), available: limit)
      }
      return start
    }
  }

  /// A name as UTF-8. Without the mark of UTF-8 the format says code page 437, but many programs write UTF-8 there. Some
  /// programs of Windows write backslashes between the parts, which the format does not allow.
  private static func path(_ name: [UInt8], isUTF8: Bool) -> [UInt8] {
    var path = name
    if !isUTF8, String(validating: name, as: UTF8.self) == nil {
      path = name.flatMap { byte in byte < 0x80 ? [byte] : Array(String(codePage437[Int(byte) - 0x80]).utf8) }
    }
    guard !path.contains(UInt8(ascii: "/")) else { return path }
    return path.map { $0 == UInt8(ascii: "\\") ? UInt8(ascii: "/") : $0 }
  }

  private static let codePage437 = Array(
    "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{A0}"
  )
}

/// An entry of a zip's directory, of any method.
private struct ZipEntry {
  let name: [UInt8]
  let flags: Int
  let method: Int
  let checksum: UInt32
  /// Whether it is a symbolic link of Unix, whose bytes are the name of its target.
  let isLink: Bool
  private(set) var packed: UInt64
  private(set) var whole: UInt64
  private(set) var local: UInt64
  /// Where the next entry begins.
  let end: Int

  init(_ bytes: UnsafeRawBufferPointer, at: Int) throws(ArchiveError) {
    func short(_ offset: Int) -> Int { Int(bytes.number(UInt16.self, at: at + offset) ?? 0) }
    func long(_ offset: Int) -> UInt64 { UInt64(bytes.number(UInt32.self, at: at + offset) ?? 0) }
    let nameEnd = at + ZipHeader.size + short(28), extraEnd = nameEnd + short(30)
    end = extraEnd + short(32)
    guard bytes.number(UInt32.self, at: at) == 0x0201_4B50, end <= bytes.count else {
      throw .noRecord(part: "entry of the directory", at: at)
    }
    name = Array(bytes[at + ZipHeader.size..<nameEnd])
    (flags, method, checksum) = (short(8), short(10), UInt32(long(16)))
    isLink = bytes[at + 5] == 3 && long(38) >> 28 == 0xA
    (packed, whole, local) = (long(20), long(24), long(42))
    guard [packed, whole, local].contains(0xFFFF_FFFF) else { return }
    guard var values = ZipHeader.large(bytes, nameEnd..<extraEnd)?[...] else {
      throw .contradiction(String(decoding: name, as: UTF8.self))
    }
    // Only the numbers that do not fit are present, in this order.
    for field in [\ZipEntry.whole, \.packed, \.local] where self[keyPath: field] == 0xFFFF_FFFF {
      guard let value = values.popFirst() else { throw .contradiction(String(decoding: name, as: UTF8.self)) }
      self[keyPath: field] = value
    }
  }
}

extension [UInt8] {
  /// Calls `body` with the bytes; the standard library's own function loses the type of the error.
  fileprivate func withRawBytes<Result>(
    _ body: (UnsafeRawBufferPointer) throws(ArchiveError) -> Result
  ) throws(ArchiveError) -> Result {
    try withUnsafeBufferPointer { (bytes) throws(ArchiveError) in try body(UnsafeRawBufferPointer(bytes)) }
  }
}
