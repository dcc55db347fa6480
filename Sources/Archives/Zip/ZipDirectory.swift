/// Where a zip's directory is, from the record at the file's end; the 64-bit one where the other says so.
struct ZipDirectory {
  /// The directory's bytes.
  let range: Range<Int>
  /// How many entries it lists.
  let count: Int

  private static let signature: UInt32 = 0x0605_4B50
  private static let size = 22
  private static let longestComment = 65_535

  init(_ bytes: UnsafeRawBufferPointer) throws(ArchiveFault) {
    guard let end = Self.end(bytes) else { throw .noDirectory }
    func short(_ offset: Int) -> UInt64 { UInt64(bytes.number(UInt16.self, at: end + offset) ?? 0) }
    func long(_ offset: Int) -> UInt64 { UInt64(bytes.number(UInt32.self, at: end + offset) ?? 0) }
    guard short(4) == 0 || short(4) == 0xFFFF, short(8) == short(10) else { throw .severalVolumes }
    var (count, size, start, limit) = (short(10), long(12), long(16), end)
    if count == 0xFFFF || size == 0xFFFF_FFFF || start == 0xFFFF_FFFF {
      let large = try Zip64Directory(bytes, before: end)
      (count, size, start, limit) = (large.count, large.size, large.start, large.at)
    }
    guard size <= UInt64(limit), start <= UInt64(limit) - size else {
      throw .outside(part: "its directory", at: start, bytes: size, available: limit)
    }
    guard count <= size / UInt64(ZipHeader.size) else { throw .entryCount(count, directoryBytes: Int(size)) }
    range = Int(start)..<Int(start + size)
    self.count = Int(count)
  }

  /// The last record at the end that reaches to the end.
  private static func end(_ bytes: UnsafeRawBufferPointer) -> Int? {
    guard bytes.count >= size else { return nil }
    let last = bytes.count - size
    for at in stride(from: last, through: max(0, last - longestComment), by: -1)
    where bytes.number(UInt32.self, at: at) == signature {
      if let comment = bytes.number(UInt16.self, at: at + 20), at + size + Int(comment) == bytes.count { return at }
    }
    return nil
  }
}

/// The record of a zip of more than 65,534 entries or 4 GiB.
private struct Zip64Directory {
  let count: UInt64
  let size: UInt64
  let start: UInt64
  let at: Int

  init(_ bytes: UnsafeRawBufferPointer, before end: Int) throws(ArchiveFault) {
    let locator = end - 20
    guard bytes.number(UInt32.self, at: locator) == 0x0706_4B50 else {
      throw .noRecord(part: "locator of the 64-bit directory", at: max(0, locator))
    }
    guard let place = bytes.number(UInt64.self, at: locator + 8), place <= UInt64(max(0, locator - 56)) else {
      throw .outside(
        part: "its 64-bit directory's record", at: bytes.number(UInt64.self, at: locator + 8) ?? 0, bytes: 56,
        available: locator)
    }
    at = Int(place)
    guard bytes.number(UInt32.self, at: at) == 0x0606_4B50, let disk = bytes.number(UInt32.self, at: at + 16),
      let here = bytes.number(UInt64.self, at: at + 24), let count = bytes.number(UInt64.self, at: at + 32),
      let size = bytes.number(UInt64.self, at: at + 40), let start = bytes.number(UInt64.self, at: at + 48)
    else { throw .noRecord(part: "64-bit directory's record", at: at) }
    guard disk == 0, here == count else { throw .severalVolumes }
    (self.count, self.size, self.start) = (count, size, start)
  }
}
