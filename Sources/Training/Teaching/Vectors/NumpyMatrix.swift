internal import Models

/// A matrix as numpy saves it (`.npy`): rows of f16, f32 or f64, little-endian, row after row. Nothing else is read; in
/// particular nothing that would have to be unpickled.
struct NumpyMatrix {
  let rows: Int
  let width: Int
  let numbers: [Float]

  /// The bytes that a header may have; those of matrices have 118.
  private static let headerLimit = 65_535
  private static let magic = Array("\u{93}NUMPY".unicodeScalars.map { UInt8($0.value) })

  /// Reads a file whole.
  init(path: String) throws(VectorFileError) {
    let file: MappedFile
    do {
      file = try MappedFile(path: path)
    } catch {
      throw VectorFileError(error)
    }
    self = try file.withBytes { (bytes) throws(VectorFileError) in try NumpyMatrix(bytes, path: path) }
  }

  private init(_ bytes: UnsafeRawBufferPointer, path: String) throws(VectorFileError) {
    guard bytes.count >= 12, bytes.prefix(6).elementsEqual(Self.magic), (1...3).contains(bytes[6]) else {
      throw .notNumpy(path: path)
    }
    let lengthBytes = bytes[6] == 1 ? 2 : 4, start = 8 + lengthBytes
    let length = (0..<lengthBytes).reduce(0) { $0 | Int(bytes[8 + $1]) << (8 * $1) }
    guard length <= Self.headerLimit, start + length <= bytes.count else { throw .notNumpy(path: path) }
    let header = String(decoding: bytes[start..<start + length], as: UTF8.self)
    guard let form = Form(header) else { throw .numpyForm(path: path, header: header.trimmed) }
    guard form.shape.count == 2 else { throw .numpyShape(path: path, shape: form.shape) }
    (rows, width) = (form.shape[0], form.shape[1])
    let (count, tooMany) = rows.multipliedReportingOverflow(by: width), here = bytes.count - start - length
    let (needed, tooLong) = count.multipliedReportingOverflow(by: form.bytes)
    guard !tooMany, !tooLong, needed == here else {
      throw .numpyLength(path: path, shape: form.shape, bytes: here)
    }
    let data = UnsafeRawBufferPointer(rebasing: bytes[(start + length)...])
    numbers = [Float](unsafeUninitializedCapacity: count) { buffer, written in
      let numbers = UnsafeMutableBufferPointer(rebasing: buffer[..<count])
      if let type = form.type {
        type.read(data, into: numbers)
      } else {
        for index in 0..<count {
          let bits = data.loadUnaligned(fromByteOffset: 8 * index, as: UInt64.self)
          numbers[index] = Float(Double(bitPattern: UInt64(littleEndian: bits)))
        }
      }
      written = count
    }
  }

  /// What a header says: `{'descr': '<f4', 'fortran_order': False, 'shape': (3, 512), }`.
  private struct Form {
    /// Nil for f64, which has none.
    var type: TensorType?
    var shape: [Int] = []

    var bytes: Int { type?.bytes ?? 8 }

    /// Nil for a header that says something else.
    init?(_ header: String) {
      let text = header.filter { !$0.isWhitespace }
      guard let descr = Self.value(of: "descr", in: text, until: ","), text.hasPrefix("{"),
        Self.value(of: "fortran_order", in: text, until: ",") == "False",
        let list = Self.value(of: "shape", in: text, until: ")"), list.hasPrefix("(")
      else { return nil }
      switch descr {
      case "'<f4'": type = .f32
      case "'<f2'": type = .f16
      case "'<f8'": type = nil
      default: return nil
      }
      for part in list.dropFirst().split(separator: ",") {
        guard let size = Int(part), size >= 0 else { return nil }
        shape.append(size)
      }
    }

    private static func value(of key: String, in text: String, until end: Character) -> Substring? {
      guard let found = text.firstRange(of: "'\(key)':") else { return nil }
      return text[found.upperBound...].prefix { $0 != end }
    }
  }
}

extension String {
  fileprivate var trimmed: String { String(split(whereSeparator: \.isWhitespace).joined(separator: " ").prefix(120)) }
}
