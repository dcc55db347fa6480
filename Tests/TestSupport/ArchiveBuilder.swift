/// Zips and tars for tests, byte by byte.
package enum ArchiveBuilder {
  /// A tar in the form of ustar.
  ///
  /// - Parameter files: paths and contents; a content of nil is a symbolic link to `/etc/passwd`.
  /// - Returns: the archive.
  package static func tar(_ files: [(path: String, bytes: [UInt8]?)]) -> [UInt8] {
    files.flatMap { tarFile($0.path, $0.bytes) } + [UInt8](repeating: 0, count: 1024)
  }

  /// A header with its file; `kind` is that of the header, `0` for a file.
  package static func tarFile(_ path: String, _ bytes: [UInt8]?, kind: Character = "0") -> [UInt8] {
    var header = [UInt8](repeating: 0, count: 512)
    func put(_ text: String, at place: Int) {
      for (index, byte) in text.utf8.enumerated() { header[place + index] = byte }
    }
    put(String(path.prefix(100)), at: 0)
    put("0000644", at: 100)
    let size = String(bytes?.count ?? 0, radix: 8)
    put(String(repeating: "0", count: 11 - size.count) + size, at: 124)
    put("        ", at: 148)
    put(bytes == nil ? "2" : String(kind), at: 156)
    if bytes == nil { put("/etc/passwd", at: 157) }
    put("ustar", at: 257)
    put("00", at: 263)
    let sum = String(header.reduce(0) { $0 + Int($1) }, radix: 8)
    put(String(repeating: "0", count: 6 - sum.count) + sum + "\0 ", at: 148)
    let bytes = bytes ?? []
    return header + bytes + [UInt8](repeating: 0, count: (512 - bytes.count % 512) % 512)
  }

  /// How a zip keeps a file.
  package enum Method: UInt16, Sendable {
    case stored = 0
    /// Deflated, though not made smaller.
    case deflated = 8
  }

  /// A zip.
  package static func zip(_ files: [(path: String, bytes: [UInt8])], _ method: Method = .stored) -> [UInt8] {
    var result: [UInt8] = [], directory: [UInt8] = []
    for (path, bytes) in files {
      // A block of deflate that is stored: its length, and the length's complement.
      let block = [1] + little(UInt16(bytes.count)) + little(~UInt16(bytes.count)) + bytes
      let packed = method == .stored ? bytes : block, name = Array(path.utf8), start = UInt32(result.count)
      // The version, the mark of UTF-8, the method, no time.
      var common = little(UInt16(20)) + little(UInt16(0x800)) + little(method.rawValue) + little(UInt32(0))
      common += little(checksum(bytes)) + little(UInt32(packed.count)) + little(UInt32(bytes.count))
      common += little(UInt16(name.count)) + little(UInt16(0))
      result += little(UInt32(0x0403_4B50)) + common + name + packed
      directory += little(UInt32(0x0201_4B50)) + little(UInt16(20)) + common
      directory += [UInt8](repeating: 0, count: 10) + little(start) + name
    }
    let count = little(UInt16(files.count))
    let sizes = little(UInt32(directory.count)) + little(UInt32(result.count))
    return result + directory + little(UInt32(0x0605_4B50)) + [0, 0, 0, 0] + count + count + sizes + [0, 0]
  }

  private static func little<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] {
    withUnsafeBytes(of: number.littleEndian) { Array($0) }
  }

  /// CRC-32, a bit at a time.
  private static func checksum(_ bytes: [UInt8]) -> UInt32 {
    var sum = ~UInt32(0)
    for byte in bytes {
      sum ^= UInt32(byte)
      for _ in 0..<8 { sum = sum & 1 == 1 ? (sum >> 1) ^ 0xEDB8_8320 : sum >> 1 }
    }
    return ~sum
  }
}
