/// Minimal PNG files: RGB, not compressed.
package enum PNG {
  /// A picture from the samples of its rows, three bytes for each pixel; at most 65,535 bytes, counting one more for
  /// each row.
  package static func file(width: Int, _ samples: [UInt8]) -> [UInt8] {
    let height = samples.count / (3 * width)
    var rows: [UInt8] = []
    for y in 0..<height { rows += [0] + samples[3 * width * y..<3 * width * (y + 1)] }
    let length = UInt16(rows.count)
    let ends = [length, ~length].flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }
    let data: [UInt8] = [0x78, 0x01, 1] + ends + rows + big(adler(rows))
    return header(width: UInt32(width), height: UInt32(height)) + chunk("IDAT", data) + chunk("IEND", [])
  }

  /// A file that ends after its header.
  package static func header(width: UInt32, height: UInt32) -> [UInt8] {
    let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
    return signature + chunk("IHDR", big(width) + big(height) + [8, 2, 0, 0, 0])
  }

  private static func big(_ number: UInt32) -> [UInt8] { withUnsafeBytes(of: number.bigEndian) { Array($0) } }

  private static func chunk(_ name: String, _ data: [UInt8]) -> [UInt8] {
    let body = Array(name.utf8) + data
    return big(UInt32(data.count)) + body + big(crc(body))
  }

  private static func crc(_ bytes: [UInt8]) -> UInt32 {
    var sum = UInt32.max
    for byte in bytes {
      sum ^= UInt32(byte)
      for _ in 0..<8 {
        let isOdd = sum & 1 == 1
        sum >>= 1
        if isOdd { sum ^= 0xEDB8_8320 }
      }
    }
    return ~sum
  }

  private static func adler(_ bytes: [UInt8]) -> UInt32 {
    var low: UInt32 = 1, high: UInt32 = 0
    for byte in bytes {
      low = (low + UInt32(byte)) % 65521
      high = (high + low) % 65521
    }
    return high << 16 | low
  }
}
