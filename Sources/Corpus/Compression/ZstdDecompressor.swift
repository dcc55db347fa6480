import CZstd

/// Zstandard by libzstd: frames one after the other, with windows of up to 2 GiB (`zstd --long=31`).
final class ZstdDecompressor: Decompressor {
  /// The bytes that a frame may refer back to, which are kept in memory: the format's limit for 64-bit programs.
  static let windowLimit = 1 << windowBits
  private static let windowBits = 31

  private(set) var isComplete = false
  private let context: OpaquePointer

  /// `nil` if memory ran out.
  init?() {
    guard let context = ZSTD_createDCtx() else { return nil }
    self.context = context
    ZSTD_DCtx_setParameter(context, ZSTD_d_windowLogMax, Int32(Self.windowBits))
  }

  deinit { ZSTD_freeDCtx(context) }

  func unpack(
    _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
  ) throws(DecompressionFault) -> Decompression {
    var source = ZSTD_inBuffer(src: input.baseAddress, size: input.count, pos: 0)
    var target = ZSTD_outBuffer(dst: output.baseAddress, size: output.count, pos: 0)
    let status = ZSTD_decompressStream(context, &target, &source)
    if ZSTD_isError(status) != 0 {
      switch ZSTD_getErrorCode(status) {
      case ZSTD_error_frameParameter_windowTooLarge: throw .window(limit: Self.windowLimit)
      case ZSTD_error_memory_allocation: throw .memory
      default: throw .damaged(String(cString: ZSTD_getErrorName(status)), offset: source.pos)
      }
    }
    let step = Decompression(taken: source.pos, written: target.pos)
    if step.taken > 0 || step.written > 0 { isComplete = status == 0 }
    return step
  }
}
