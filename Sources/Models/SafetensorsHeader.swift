import Bytes

/// Reads and checks the header of a safetensors file. Every number in it is untrusted.
enum SafetensorsHeader {
  private static let axisLimit = 8

  /// The tensors of `file`, in the order of their bytes, and what is told of them.
  static func read(
    _ file: UnsafeRawBufferPointer, isQuantised: Bool, limit: Int
  ) throws(SafetensorsFault) -> (tensors: [Safetensors.Tensor], metadata: [Safetensors.Remark]) {
    guard file.count >= 8 else { throw .cutShort(bytes: file.count, needed: 8) }
    let length = UInt64(littleEndian: file.loadUnaligned(as: UInt64.self))
    guard length <= limit else { throw .headerTooLong(bytes: length, limit: limit) }
    guard length <= file.count - 8 else { throw .cutShort(bytes: file.count, needed: length + 8) }
    let start = 8 + Int(length)
    let header: JSON
    do {
      header = try JSONParser.parse(Array(file[8..<start]))
    } catch {
      throw .notJSON(error)
    }
    guard case .object(let members) = header else { throw .notAnEntry(name: "", expected: "an object") }
    var tensors: [Safetensors.Tensor] = [], metadata: [Safetensors.Remark] = []
    for member in members {
      if member.key.hasSameBytes(as: "__metadata__") {
        metadata = try remarks(member.value)
      } else {
        let tensor = try tensor(member, dataStart: start, available: file.count - start)
        guard isQuantised || tensor.type != .i8 else {
          throw .unsupportedType(name: tensor.name, found: tensor.type.rawValue)
        }
        tensors.append(tensor)
      }
    }
    try checkLayout(&tensors, start: start, end: file.count)
    return (tensors, metadata)
  }

  private static func remarks(_ value: JSON) throws(SafetensorsFault) -> [Safetensors.Remark] {
    let fault = SafetensorsFault.notAnEntry(name: "__metadata__", expected: "an object of strings")
    guard case .object(let members) = value else { throw fault }
    var remarks: [Safetensors.Remark] = []
    for member in members {
      guard case .string(let text) = member.value else { throw fault }
      remarks.append((member.key, text))
    }
    return remarks
  }

  private static func tensor(
    _ entry: JSON.Member, dataStart: Int, available: Int
  ) throws(SafetensorsFault) -> Safetensors.Tensor {
    let name = entry.key
    guard case .object(let members) = entry.value else {
      throw .notAnEntry(name: name, expected: "an object")
    }
    var type: TensorType?, shape: [Int]?, offsets: [Int]?
    for member in members {
      switch (member.key, member.value) {
      case ("dtype", .string(let text)):
        type = TensorType(rawValue: text)
        guard type != nil else { throw .unsupportedType(name: name, found: text) }
      case ("shape", .array(let values)): shape = integers(values)
      case ("data_offsets", .array(let values)): offsets = integers(values)
      default: throw .notAnEntry(name: name, expected: "dtype, shape and data_offsets")
      }
    }
    guard let type, let offsets, offsets.count == 2 else {
      throw .notAnEntry(name: name, expected: "a dtype and two data_offsets")
    }
    guard let shape, let bytes = byteCount(shape, type) else { throw .badShape(name: name) }
    let (begin, end) = (offsets[0], offsets[1])
    guard begin >= 0, begin <= end, end <= available else {
      throw .badOffsets(name: name, begin: begin, end: end, available: available)
    }
    guard end - begin == bytes else { throw .wrongLength(name: name, expected: bytes, found: end - begin) }
    return Safetensors.Tensor(
      name: name, type: type, shape: shape, range: dataStart + begin..<dataStart + end)
  }

  /// The numbers of a list of whole numbers; nil if something else is in it.
  private static func integers(_ values: [JSON]) -> [Int]? {
    var integers: [Int] = []
    for value in values {
      guard case .integer(let integer) = value else { return nil }
      integers.append(integer)
    }
    return integers
  }

  /// The bytes of a tensor of this shape; nil for a shape that can't be.
  private static func byteCount(_ shape: [Int], _ type: TensorType) -> Int? {
    guard shape.count <= axisLimit else { return nil }
    var bytes = type.bytes
    for size in shape {
      let (product, overflow) = bytes.multipliedReportingOverflow(by: size)
      guard size >= 0, !overflow else { return nil }
      bytes = product
    }
    return bytes
  }

  /// Sorts the tensors by place and sees that they follow each other to the end of the file.
  private static func checkLayout(
    _ tensors: inout [Safetensors.Tensor], start: Int, end: Int
  ) throws(SafetensorsFault) {
    tensors.sort { ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound) }
    var reached = start, previous = ""
    for tensor in tensors {
      let begin = tensor.range.lowerBound
      guard begin >= reached else { throw .overlap(name: tensor.name, other: previous) }
      guard begin == reached else { throw .gap(at: reached, bytes: begin - reached) }
      (reached, previous) = (tensor.range.upperBound, tensor.name)
    }
    guard reached == end else { throw .gap(at: reached, bytes: end - reached) }
  }
}
