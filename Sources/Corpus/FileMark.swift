/// What the first bytes of a file say about it.
public enum FileMark: Sendable, Equatable {
  /// The byte-order mark of an encoding.
  case byteOrder(TextEncoding)
  /// The UTF-32 byte-order mark.
  case utf32
  /// A compressed file, by the command that unpacks it to standard output.
  case compressed(unpacker: String)
  /// A zip archive, which is what `.xlsx` and `.ods` files are.
  case archive
  /// A Parquet file.
  case parquet

  /// The number of bytes needed to tell.
  static let length = 6

  /// Looks at the first bytes of a file, six where it has so many.
  init?(_ bytes: some Collection<UInt8>) {
    let starts = { (mark: [UInt8]) in bytes.starts(with: mark) }
    if starts([0xEF, 0xBB, 0xBF]) {
      self = .byteOrder(.utf8)
    } else if starts([0xFF, 0xFE, 0, 0]) || starts([0, 0, 0xFE, 0xFF]) {
      self = .utf32
    } else if starts([0xFF, 0xFE]) || starts([0xFE, 0xFF]) {
      self = .byteOrder(.utf16)
    } else if starts([0x1F, 0x8B]) {
      self = .compressed(unpacker: "zcat")
    } else if starts([0x28, 0xB5, 0x2F, 0xFD]) {
      self = .compressed(unpacker: "zstdcat")
    } else if starts([0xFD, 0x37, 0x7A, 0x58]) {
      self = .compressed(unpacker: "xzcat")
    } else if starts(Array("BZh".utf8)), bytes.dropFirst(4).starts(with: Array("1A".utf8)) {
      self = .compressed(unpacker: "bzcat")
    } else if starts([0x50, 0x4B, 0x03, 0x04]) {
      self = .archive
    } else if starts(Array("PAR1".utf8)), let next = bytes.dropFirst(4).first, next < 0x20 {
      self = .parquet
    } else {
      return nil
    }
  }
}
