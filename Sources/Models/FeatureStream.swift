package import Archives
import Bytes

/// A stream of precomputed features that the text attends to, such as audio, video frames or object tags. For each post
/// it is a matrix of any number of rows, each of the stream's width.
package struct FeatureStream: Sendable, Equatable {
  /// The stream's name. Its weights, its vectors' space and, by default, its column have the same name.
  package var name: String
  /// The number of values in a row.
  package var width: Int
  /// The maximum number of rows of a post.
  package var maxRows: Int

  /// Creates a stream.
  package init(name: String, width: Int, maxRows: Int = 512) {
    (self.name, self.width, self.maxRows) = (name, width, maxRows)
  }

  /// The allowed widths of a stream.
  package static let widths = 1...16_384
  /// The allowed numbers of rows of a post.
  package static let rows = 1...4096
  /// The maximum number of streams of a model.
  package static let limit = 16
  /// Names that already have a meaning among a model's tensors, spaces and columns.
  package static let reservedNames = [
    "text", "image", "knowledge", "fused", "id", "label", "date", "norm", "fc1", "fc2", "attention", "output",
  ]

  /// Whether a text can be a stream's name: a lower-case letter, then lower-case letters, digits and `_`, at most 32
  /// characters.
  package static func isName(_ text: String) -> Bool {
    let letters = UInt8(ascii: "a")...UInt8(ascii: "z"), digits = UInt8(ascii: "0")...UInt8(ascii: "9")
    guard let first = text.utf8.first, letters.contains(first), text.utf8.count <= 32 else { return false }
    guard !reservedNames.contains(text) else { return false }
    return text.utf8.allSatisfy { letters.contains($0) || digits.contains($0) || $0 == UInt8(ascii: "_") }
  }

  /// The stream as written in `config.json`.
  var json: JSON { .members([("name", .string(name)), ("width", .integer(width)), ("max_rows", .integer(maxRows))]) }

  /// The streams listed in `config.json`; none if the list is absent.
  static func list(
    _ key: String, _ outer: inout ConfigurationReader
  ) throws(ConfigurationError) -> [FeatureStream] {
    var streams: [FeatureStream] = []
    for var reader in try outer.objects(key, limit: limit) {
      guard let name = try reader.string("name") else { throw .missingKey(reader.name("name")) }
      let isTaken = streams.contains { $0.name == name }
      guard isName(name), !isTaken else { throw .featureName(name, isTaken: isTaken) }
      try reader.require(["width"])
      streams.append(
        FeatureStream(
          name: name, width: try reader.integer("width", 1, in: widths),
          maxRows: try reader.integer("max_rows", 512, in: rows)))
      try reader.finish()
    }
    return streams
  }

  /// The scope of the stream's projection among a model's tensors.
  var projection: String { name + "_projection" }
}

/// A post's rows in a feature stream.
package struct FeatureRows: Sendable, Equatable {
  /// The numbers, row by row.
  package var values: [Float]
  /// The number of rows, at least 1.
  package var rows: Int

  /// Rows of equal width, one after the other.
  package init(_ values: [Float], rows: Int) { (self.values, self.rows) = (values, rows) }
}

extension FeatureRows {
  /// The maximum size of a feature file's header in bytes.
  private static let headerLimit = 1 << 20

  /// Reads a post's rows from a file: a `.npy` array of numbers, or a `.safetensors` file with a matrix that has the
  /// stream's name, or with only one matrix. A one-dimensional array is one row.
  ///
  /// - Parameters:
  ///   - file: the whole file. It is untrusted, so its numbers are read only if `wants` accepts the shape.
  ///   - name: the stream's name.
  ///   - wants: whether to read the numbers of a matrix with this many rows and this width.
  /// - Returns: the shape, and the rows one after the other; no numbers if they are not wanted.
  /// - Throws: `FeatureFileError` if the file is not a matrix.
  package static func read(
    _ file: [UInt8], stream name: String, wants: (_ rows: Int, _ width: Int) throws(FeatureFileError) -> Bool
  ) throws(FeatureFileError) -> (rows: Int, width: Int, values: [Float]) {
    let read = file.withUnsafeBytes { bytes in
      Result { () throws(FeatureFileError) in try Self.read(bytes, name, wants) }
    }
    return try read.get()
  }

  private static func read(
    _ file: UnsafeRawBufferPointer, _ name: String, _ wants: (Int, Int) throws(FeatureFileError) -> Bool
  ) throws(FeatureFileError) -> (rows: Int, width: Int, values: [Float]) {
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

  /// A post's rows for a stream; nil if the file has none.
  ///
  /// - Parameters:
  ///   - file: the whole file.
  ///   - stream: what the model reads.
  /// - Throws: `FeatureFileError` if the file does not hold rows of the stream.
  package init?(file: [UInt8], for stream: FeatureStream) throws(FeatureFileError) {
    let (rows, width, values) = try Self.read(file, stream: stream.name) { (rows, width) throws(FeatureFileError) in
      guard rows > 0 else { return false }
      guard width == stream.width else { throw .width(found: width, expected: stream.width) }
      guard rows <= stream.maxRows else { throw .tooManyRows(found: rows, limit: stream.maxRows) }
      return true
    }
    guard rows > 0 else { return nil }
    if let place = values.firstIndex(where: { !$0.isFinite }) { throw .notFinite(row: place / width) }
    self.init(values, rows: rows)
  }

  private static func matrix(_ shape: [Int]) throws(FeatureFileError) -> (rows: Int, width: Int) {
    switch shape.count {
    case 1: return (shape[0] == 0 ? 0 : 1, shape[0])
    case 2: return (shape[1] == 0 ? 0 : shape[0], shape[1])
    default: throw .notAMatrix(shape: shape)
    }
  }

  private static func tensor(
    _ file: UnsafeRawBufferPointer, _ name: String
  ) throws(FeatureFileError) -> Safetensors.Tensor {
    let tensors: [Safetensors.Tensor]
    do {
      tensors = try SafetensorsHeader.read(file, isQuantised: false, skipsOtherTypes: true, limit: headerLimit).tensors
    } catch {
      throw .safetensors(error)
    }
    if let named = tensors.first(where: { $0.name == ByteText(name) }) { return named }
    guard tensors.count == 1, let only = tensors.first else {
      throw .noTensor(stream: name, found: tensors.map(\.name.text))
    }
    return only
  }
}

/// Why a file does not hold features for a stream.
package enum FeatureFileError: Error, Equatable, Sendable {
  /// Neither a NumPy array nor a safetensors file.
  case unknownFormat
  /// A NumPy array that cannot be read.
  case numpy(ArchiveError)
  /// A safetensors file that cannot be read.
  case safetensors(SafetensorsError)
  /// A safetensors file with several matrices, none of which has the stream's name, or with none.
  case noTensor(stream: String, found: [String])
  /// An array with neither one nor two dimensions.
  case notAMatrix(shape: [Int])
  /// Rows whose width is not the stream's.
  case width(found: Int, expected: Int)
  /// Rows that are wider than any stream may be.
  case tooWide(found: Int, limit: Int)
  /// More rows than the model reads per post.
  case tooManyRows(found: Int, limit: Int)
  /// A number that is not finite, in a row counted from 0.
  case notFinite(row: Int)
}

extension FeatureFileError: CustomStringConvertible {
  /// The message: the problem and how to fix it.
  package var description: String {
    switch self {
    case .unknownFormat: "neither .npy nor .safetensors; save the matrix with numpy.save"
    case .numpy(let fault): "\(fault)"
    case .safetensors(let fault): "\(fault)"
    case .noTensor(let stream, let found) where found.isEmpty:
      "no matrix of floats in it; save one, called \(stream.printable)"
    case .noTensor(let stream, let found):
      // A store keeps this text, so it has no invisible isolation marks.
      "several matrices (\(found.listed(most: 4).withoutIsolates)); call "
        + "the one to read \(stream.printable)"
    case .notAMatrix(let shape): "shape \(shape); save rows × width, or one row"
    case .width(let found, let expected):
      "rows of \(found) numbers, the model reads \(expected); make them as for training"
    case .tooWide(let found, let limit): "rows of \(found) numbers; a stream takes \(limit) at most"
    case .tooManyRows(let found, let limit):
      "\(found) rows, the model reads \(limit) at most; shorten it, or train with a larger --max-feature-rows"
    case .notFinite(let row): "row \(row) holds a number that is not finite; compute it anew"
    }
  }
}
