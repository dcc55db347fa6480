import CZlib

/// gzip by zlib: members one after the other, and zeros after the last, with which tapes are filled up.
final class GzipDecompressor: Decompressor {
  private static let other = "something other than gzip data follows"
  private enum Place { case within, between, padding }

  private(set) var isComplete = false
  private var place = Place.between
  /// At one address as long as it lives: zlib points back to it.
  private let stream: UnsafeMutablePointer<z_stream>

  /// `nil` if memory ran out.
  init?() {
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    guard czlib_begin(stream) == Z_OK else {
      stream.deallocate()
      return nil
    }
  }

  deinit {
    inflateEnd(stream)
    stream.deallocate()
  }

  func unpack(
    _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
  ) throws(DecompressionFault) -> Decompression {
    if place != .within {
      guard let first = input.first else { return Decompression(taken: 0, written: 0) }
      if isComplete, first == 0 || place == .padding {
        place = .padding
        guard let other = input.firstIndex(where: { $0 != 0 }) else {
          return Decompression(taken: input.count, written: 0)
        }
        throw .damaged(Self.other, offset: other)
      }
      if isComplete, first != 0x1F { throw .damaged(Self.other, offset: 0) }
      inflateReset(stream)
      (place, isComplete) = (.within, false)
    }
    stream.pointee.next_in = UnsafeMutablePointer(mutating: input.bindMemory(to: UInt8.self).baseAddress)
    stream.pointee.avail_in = UInt32(clamping: input.count)
    stream.pointee.next_out = output.bindMemory(to: UInt8.self).baseAddress
    stream.pointee.avail_out = UInt32(clamping: output.count)
    let given = (stream.pointee.avail_in, stream.pointee.avail_out)
    let status = inflate(stream, Z_NO_FLUSH)
    let step = Decompression(
      taken: Int(given.0 - stream.pointee.avail_in), written: Int(given.1 - stream.pointee.avail_out))
    switch status {
    case Z_STREAM_END: (place, isComplete) = (.between, true)
    case Z_OK, Z_BUF_ERROR: break
    case Z_MEM_ERROR: throw .memory
    default:
      // What was unpacked first is given first; zlib then finds the damage again.
      guard step.written == 0 else { return step }
      throw .damaged(stream.pointee.msg.map { String(cString: $0) } ?? "invalid data", offset: step.taken)
    }
    return step
  }
}
