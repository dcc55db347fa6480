internal import Archives
internal import Bytes

extension FeatureRows {
  /// The bytes that the header of a file of features may have.
  private static let headerLimit = 1 << 20

  /// Reads a post's rows out of a file: a `.npy` of any numbers, or a `.safetensors` with a matrix that is called like the
  /// stream, or with one alone. A list of numbers is one row.
  ///
  /// - Parameters:
  ///   - file: the whole file. It is untrusted: nothing is made of it before its shape is wanted.
  ///   - name: the stream's name.
  ///   - wants: whether the numbers of so many rows of this width are wanted.
  /// - Returns: the shape, and the rows one after the other; no numbers where they are not wanted.
  /// - Throws: what keeps the file from being a matrix.
  package static func read(
    _ file: [UInt8], stream name: String, wants: (_ rows: Int, _ width: Int) throws(FeatureFileFault) -> Bool
  ) throws(FeatureFileFault) -> (rows: Int, width: Int, values: [Float]) {
    let read = file.withUnsafeBytes { bytes in
      Result { () throws(FeatureFileFault) in try Self.read(bytes, name, wants) }
    }
    return try read.get()
  }

  private static func read(
    _ file: UnsafeRawBufferPointer, _ name: String, _ wants: (Int, Int) throws(FeatureFileFault) -> Bool
  ) throws(FeatureFileFault) -> (rows: Int, width: Int, values: [Float]) {
    if file.starts(with: [0x93] + Array("NUMPY".utf8)) {
      let array: StoredTensor
      do {
        array = try NumpyFile.array(file, file: "the array")
      } catch {
        throw .numpy(error)
      }
      let (rows, width) = try matrix(array.shape)
      return (rows, width, try wants(rows, width) ? array.floats(in: file) : [])
    }
    guard file.count >= 9, file[8] == UInt8(ascii: "{") else { throw .unknownFormat }
    let tensor = try tensor(file, name), (rows, width) = try matrix(tensor.shape)
    guard try wants(rows, width) else { return (rows, width, []) }
    let values = [Float](unsafeUninitializedCapacity: tensor.count) { buffer, count in
      let bytes = UnsafeRawBufferPointer(rebasing: file[tensor.range])
      tensor.type.read(bytes, into: UnsafeMutableBufferPointer(rebasing: buffer[..<tensor.count]))
      count = tensor.count
    }
    return (rows, width, values)
  }

  /// A post's rows for a stream; nil where the file has none.
  ///
  /// - Parameters:
  ///   - file: the whole file.
  ///   - stream: what the model reads.
  /// - Throws: what keeps the file from being rows of the stream.
  public init?(file: [UInt8], for stream: FeatureStream) throws(FeatureFileFault) {
    let (rows, width, values) = try Self.read(file, stream: stream.name) { (rows, width) throws(FeatureFileFault) in
      guard rows > 0 else { return false }
      guard width == stream.width else { throw .width(found: width, expected: stream.width) }
      guard rows <= stream.maxRows else { throw .tooManyRows(found: rows, limit: stream.maxRows) }
      return true
    }
    guard rows > 0 else { return nil }
    if let place = values.firstIndex(where: { !$0.isFinite }) { throw .notFinite(row: place / width) }
    self.init(values, rows: rows)
  }

  private static func matrix(_ shape: [Int]) throws(FeatureFileFault) -> (rows: Int, width: Int) {
    switch shape.count {
    case 1: return (shape[0] == 0 ? 0 : 1, shape[0])
    case 2: return (shape[1] == 0 ? 0 : shape[0], shape[1])
    default: throw .notAMatrix(shape: shape)
    }
  }

  private static func tensor(
    _ file: UnsafeRawBufferPointer, _ name: String
  ) throws(FeatureFileFault) -> Safetensors.Tensor {
    let tensors: [Safetensors.Tensor]
    do {
      tensors = try SafetensorsHeader.read(file, isQuantised: false, skipsOtherTypes: true, limit: headerLimit).tensors
    } catch {
      throw .safetensors(error)
    }
    if let named = tensors.first(where: { $0.name.hasSameBytes(as: name) }) { return named }
    guard tensors.count == 1, let only = tensors.first else {
      throw .noTensor(stream: name, found: tensors.map(\.name))
    }
    return only
  }
}
