import CZlib
import CZstd

extension Scratch {
  /// Writes bytes as one member of a gzip file, replacing an existing one; returns its path.
  @discardableResult
  package func writeGzip(_ name: String, _ bytes: [UInt8]) throws -> String {
    let path = try write(name, [UInt8]())
    let file = gzopen(path, "wb")
    let written = gzwrite(file, bytes, UInt32(bytes.count))
    guard gzclose(file) == Z_OK, Int(written) == bytes.count else { throw CompressingError() }
    return path
  }

  /// Writes bytes as one frame of a Zstandard file, replacing an existing one; returns its path.
  @discardableResult
  package func writeZstd(_ name: String, _ bytes: [UInt8], windowBits: Int32 = 0) throws -> String {
    try write(name, zstd(bytes, windowBits: windowBits))
  }

  /// Bytes as one frame of Zstandard, whose size is not in its header; 0 bits are the default window.
  package func zstd(_ bytes: [UInt8], windowBits: Int32 = 0) throws -> [UInt8] {
    let context = ZSTD_createCCtx()
    defer { ZSTD_freeCCtx(context) }
    ZSTD_CCtx_setParameter(context, ZSTD_c_windowLog, windowBits)
    var packed = [UInt8](repeating: 0, count: ZSTD_compressBound(bytes.count))
    let count = try bytes.withUnsafeBytes { source in
      try packed.withUnsafeMutableBytes { target in
        var input = ZSTD_inBuffer(src: source.baseAddress, size: source.count, pos: 0)
        var output = ZSTD_outBuffer(dst: target.baseAddress, size: target.count, pos: 0)
        // In two steps, or the window would be cut down to the size.
        _ = ZSTD_compressStream2(context, &output, &input, ZSTD_e_continue)
        guard ZSTD_compressStream2(context, &output, &input, ZSTD_e_end) == 0 else { throw CompressingError() }
        return output.pos
      }
    }
    return Array(packed[..<count])
  }
}

/// A test's bytes could not be compressed.
package struct CompressingError: Error {}
