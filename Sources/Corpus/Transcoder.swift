/// Converts a stream of UTF-16 or Windows-1252 bytes to UTF-8, a chunk at a time.
///
/// Everything invalid becomes a byte 0xFF, which no UTF-8 text contains: the record with it then fails its check, while
/// the characters next to it, above all line ends, are not affected.
struct Transcoder {
  /// The encoding of the stream.
  enum Form: Equatable {
    case utf16(bigEndian: Bool)
    case windows1252
  }

  /// The maximum number of bytes written for each byte of input.
  static let growth = 3
  /// The maximum number of bytes written for what an earlier chunk left pending.
  static let slack = 8

  private let form: Form
  /// Whether the stream is UTF-16.
  var isUTF16: Bool { form != .windows1252 }
  /// The first byte of a code unit that was split between two chunks.
  private var half: UInt8?
  /// A high surrogate that waits for its other half.
  private var high: UInt16?

  init(_ form: Form) {
    self.form = form
  }

  /// Writes the UTF-8 of a chunk and returns the number of bytes written.
  ///
  /// `output` must have space for `growth * input.count + slack` bytes.
  mutating func transcode(_ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer) -> Int {
    var writer = Writer(output: output)
    switch form {
    case .windows1252:
      for byte in input { writer.put(Self.scalar(windows1252: byte)) }
    case .utf16(let bigEndian):
      for byte in input {
        guard let first = half else {
          half = byte
          continue
        }
        half = nil
        let (upper, lower) = bigEndian ? (first, byte) : (byte, first)
        take(UInt16(upper) << 8 | UInt16(lower), &writer)
      }
    }
    return writer.count
  }

  /// Writes what is still pending at the end of the stream; returns the number of bytes written.
  mutating func finish(into output: UnsafeMutableRawBufferPointer) -> Int {
    var writer = Writer(output: output)
    if high != nil { writer.putInvalid() }
    if half != nil { writer.putInvalid() }
    high = nil
    half = nil
    return writer.count
  }

  private mutating func take(_ unit: UInt16, _ writer: inout Writer) {
    if let upper = high {
      high = nil
      if UTF16.isTrailSurrogate(unit) {
        writer.put(0x10000 + (UInt32(upper & 0x3FF) << 10) + UInt32(unit & 0x3FF))
        return
      }
      writer.putInvalid()
    }
    if UTF16.isLeadSurrogate(unit) {
      high = unit
    } else if UTF16.isTrailSurrogate(unit) {
      writer.putInvalid()
    } else {
      writer.put(UInt32(unit))
    }
  }

  /// The code point of a byte, or 0xFFFFFFFF for the five bytes that the code page does not define.
  private static func scalar(windows1252 byte: UInt8) -> UInt32 {
    (0x80...0x9F).contains(byte) ? upperHalf[Int(byte - 0x80)] : UInt32(byte)
  }

  /// Code points of the bytes 0x80 to 0x9F, the only ones that differ from Latin-1.
  private static let upperHalf: [UInt32] = [
    0x20AC, .max, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
    0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, .max, 0x017D, .max,
    .max, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
    0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, .max, 0x017E, 0x0178,
  ]

  /// Appends code points to a buffer as UTF-8.
  private struct Writer {
    let output: UnsafeMutableRawBufferPointer
    var count = 0

    mutating func putInvalid() {
      put(byte: 0xFF)
    }

    mutating func put(_ scalar: UInt32) {
      switch scalar {
      case 0..<0x80:
        put(byte: UInt8(scalar))
      case 0x80..<0x800:
        put(byte: 0xC0 | UInt8(scalar >> 6))
        put(byte: 0x80 | UInt8(scalar & 0x3F))
      case 0x800..<0x10000:
        put(byte: 0xE0 | UInt8(scalar >> 12))
        put(byte: 0x80 | UInt8(scalar >> 6 & 0x3F))
        put(byte: 0x80 | UInt8(scalar & 0x3F))
      case 0x10000..<0x110000:
        put(byte: 0xF0 | UInt8(scalar >> 18))
        put(byte: 0x80 | UInt8(scalar >> 12 & 0x3F))
        put(byte: 0x80 | UInt8(scalar >> 6 & 0x3F))
        put(byte: 0x80 | UInt8(scalar & 0x3F))
      default:
        putInvalid()
      }
    }

    private mutating func put(byte: UInt8) {
      output[count] = byte
      count += 1
    }
  }
}
