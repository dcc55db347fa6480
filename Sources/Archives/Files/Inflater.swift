internal import CZlib

/// Deflated bytes and CRC-32, by zlib.
enum Inflater {
  /// The bytes of a raw deflate stream; nil unless they are exactly `count`.
  static func inflate(_ packed: [UInt8], to count: Int) -> [UInt8]? {
    guard packed.count <= Int(UInt32.max), count <= Int(UInt32.max) else { return nil }
    var stream = z_stream(), packed = packed
    // Negative: no header of zlib's around the stream.
    guard inflateInit2_(&stream, -15, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else { return nil }
    defer { inflateEnd(&stream) }
    var isWhole = false
    // One byte more shows a stream that goes on.
    let bytes = [UInt8](unsafeUninitializedCapacity: count + 1) { output, used in
      packed.withUnsafeMutableBufferPointer { input in
        stream.next_in = input.baseAddress
        stream.avail_in = UInt32(input.count)
        stream.next_out = output.baseAddress
        stream.avail_out = UInt32(clamping: count + 1)
        let result = CZlib.inflate(&stream, Z_FINISH)
        isWhole = result == Z_STREAM_END && Int(stream.total_out) == count
      }
      used = min(Int(stream.total_out), count + 1)
    }
    return isWhole ? bytes : nil
  }

  /// CRC-32 of bytes.
  static func checksum(of bytes: [UInt8]) -> UInt32 {
    UInt32(truncatingIfNeeded: bytes.withUnsafeBufferPointer { crc32_z(0, $0.baseAddress, $0.count) })
  }
}
