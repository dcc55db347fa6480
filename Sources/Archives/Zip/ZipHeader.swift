internal import Bytes

/// An entry as a zip's directory tells of it.
struct ZipHeader {
  let name: String
  /// Where the entry's own header is, in front of its bytes.
  let local: Int
  /// Where the next header of the directory is.
  let end: Int
  private let length: Int
  private let knowsLength: Bool

  /// The bytes of a header without its name.
  static let size = 46
  static let localSignature: UInt32 = 0x0403_4B50
  private static let localSize = 30

  /// Reads the header at a byte of the directory.
  init(_ bytes: UnsafeRawBufferPointer, at: Int, within directory: Range<Int>) throws(ArchiveFault) {
    func short(_ offset: Int) -> Int { Int(bytes.number(UInt16.self, at: at + offset) ?? 0) }
    func long(_ offset: Int) -> UInt64 { UInt64(bytes.number(UInt32.self, at: at + offset) ?? 0) }
    guard at + Self.size <= directory.upperBound, long(0) == 0x0201_4B50 else {
      throw .noRecord(part: "entry of the directory", at: at)
    }
    let (nameEnd, flags) = (at + Self.size + short(28), short(8))
    let extraEnd = nameEnd + short(30)
    end = extraEnd + short(32)
    guard end <= directory.upperBound else { throw .noRecord(part: "whole entry of the directory", at: at) }
    guard let name = bytes.text(at + Self.size..<nameEnd) else { throw .badName(at: at + Self.size) }
    var (packed, whole, local) = (long(20), long(24), long(42))
    if packed == 0xFFFF_FFFF || whole == 0xFFFF_FFFF || local == 0xFFFF_FFFF {
      guard var values = Self.large(bytes, nameEnd..<extraEnd)?[...] else { throw .contradiction(name) }
      // Only those that do not fit are there, in this order.
      func enlarge(_ field: inout UInt64) throws(ArchiveFault) {
        guard field == 0xFFFF_FFFF else { return }
        guard let value = values.popFirst() else { throw .contradiction(name) }
        field = value
      }
      try enlarge(&whole)
      try enlarge(&packed)
      try enlarge(&local)
    }
    guard flags & 1 == 0 else { throw .encrypted(name) }
    guard short(10) == 0 else { throw .compressed(name) }
    guard packed == whole else { throw .contradiction(name) }
    guard whole <= UInt64(bytes.count), local <= UInt64(bytes.count) else {
      throw .outside(part: name, at: local, bytes: whole, available: bytes.count)
    }
    (self.name, self.local, length) = (name, Int(local), Int(whole))
    // Whoever writes without going back tells lengths behind the bytes, and in the directory.
    knowsLength = flags & 8 == 0
  }

  /// The numbers of the extra field for sizes of 64 bits.
  private static func large(_ bytes: UnsafeRawBufferPointer, _ extra: Range<Int>) -> [UInt64]? {
    var at = extra.lowerBound
    while at + 4 <= extra.upperBound {
      guard let kind = bytes.number(UInt16.self, at: at), let size = bytes.number(UInt16.self, at: at + 2) else {
        break
      }
      let end = at + 4 + Int(size)
      guard end <= extra.upperBound else { return nil }
      if kind == 1 {
        return stride(from: at + 4, to: end - 7, by: 8).compactMap { bytes.number(UInt64.self, at: $0) }
      }
      at = end
    }
    return nil
  }

  /// The entry's bytes, behind its own header, which must say the same.
  func data(in bytes: UnsafeRawBufferPointer, before limit: Int) throws(ArchiveFault) -> Range<Int> {
    guard bytes.number(UInt32.self, at: local) == Self.localSignature,
      let names = bytes.number(UInt16.self, at: local + 26), let extras = bytes.number(UInt16.self, at: local + 28),
      let flags = bytes.number(UInt16.self, at: local + 6), let method = bytes.number(UInt16.self, at: local + 8),
      let packed = bytes.number(UInt32.self, at: local + 18), let whole = bytes.number(UInt32.self, at: local + 22)
    else { throw .noRecord(part: "header of \(name)", at: local) }
    let nameEnd = local + Self.localSize + Int(names)
    let start = nameEnd + Int(extras)
    guard start <= limit, length <= limit - start else {
      throw .outside(part: name, at: UInt64(start), bytes: UInt64(length), available: limit)
    }
    guard bytes[local + Self.localSize..<nameEnd].elementsEqual(name.utf8), flags & 1 == 0, method == 0 else {
      throw .contradiction(name)
    }
    if knowsLength {
      for told in [packed, whole] where told != 0xFFFF_FFFF && Int(told) != length { throw .contradiction(name) }
    }
    return start..<start + length
  }
}
