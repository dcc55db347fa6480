internal import Archives
package import Bytes
internal import Files
internal import Glibc
package import Models

/// A teacher's vectors of posts, by the posts' keys: the targets of the alignment loss.
///
/// Two formats are read, recognised by their first bytes: a safetensors file with two matrices, `text` and `image`, and
/// the ids of their rows in the metadata `ids`; and an SQLite file with a table `teacher(id, text, image)`. Further
/// matrices or columns belong to the feature streams of the same names.
package struct TeacherCache: Sendable {
  /// The width of a vector.
  package let width: Int
  private let path: String
  private let text: [Float]
  private let image: [Float]
  /// Vectors of feature streams; zeros for a post without one.
  private let streams: [Stream]
  private let places: [ByteText: Int]
  /// The first id of the file.
  let anyID: String

  /// Reads a whole file. Every vector must be finite and nonzero.
  package static func load(_ path: String) throws(TeacherError) -> TeacherCache {
    let beginning: [UInt8]
    do {
      beginning = try MappedFile(path: path).withBytes { Array($0.prefix(SQLiteTeacher.beginning.count)) }
    } catch {
      throw TeacherError(error)
    }
    return beginning == SQLiteTeacher.beginning ? try SQLiteTeacher.load(path) : try SafetensorsTeacher.load(path)
  }

  /// The vectors of a stream of features.
  struct Stream: Sendable {
    /// The stream's name.
    var name: String
    /// `width` numbers for each id; zeros for a missing vector.
    var numbers: [Float]
  }

  /// Stores unchecked vectors: `width` numbers for each id, one vector after the other.
  init(
    path: String, ids: [String], text: [Float], image: [Float], streams: [Stream] = [], width: Int
  ) throws(TeacherError) {
    precondition(text.count == ids.count * width && image.count == text.count, "a vector for each id")
    guard !ids.isEmpty, width > 0 else { throw .empty(path: path) }
    var places: [ByteText: Int] = [:]
    for (place, id) in ids.enumerated() {
      guard places.updateValue(place, forKey: ByteText(id)) == nil else { throw .repeatedID(path: path, id: id) }
      for (name, numbers) in [("text", text), ("image", image)] {
        let vector = numbers[place * width..<(place + 1) * width]
        guard vector.allSatisfy(\.isFinite) else { throw .notFinite(path: path, name: name, id: id) }
        guard vector.contains(where: { $0 != 0 }) else { throw .zero(path: path, name: name, id: id) }
      }
      for stream in streams where !stream.numbers[place * width..<(place + 1) * width].allSatisfy(\.isFinite) {
        throw .notFinite(path: path, name: stream.name, id: id)
      }
    }
    (anyID, self.streams) = (ids[0], streams)
    (self.path, self.text, self.image, self.width, self.places) = (path, text, image, width, places)
  }

  /// The number of posts with vectors.
  package var count: Int { places.count }

  /// The vectors of a post; nil if the teacher has none.
  package subscript(key: ByteText) -> TeacherVectors? { place(of: key).map { self[$0] } }

  /// Throws if the vectors' width is not that of the shared space.
  package func check(width: Int) throws(TeacherError) {
    guard self.width == width else { throw .otherWidth(path: path, found: self.width, expected: width) }
  }

  /// The index of a post's vectors.
  func place(of key: ByteText) -> Int? { places[key] }

  /// The vectors at an index.
  subscript(place: Int) -> TeacherVectors { vectors(at: place, streams: []) }

  /// The vectors at an index, with those of feature streams in the given order.
  func vectors(at place: Int, streams names: [String]) -> TeacherVectors {
    let range = place * width..<(place + 1) * width
    let features = names.map { name in
      streams.first { ByteText($0.name) == ByteText(name) }.flatMap { stream in
        stream.numbers[range].contains { $0 != 0 } ? Array(stream.numbers[range]) : nil
      }
    }
    return TeacherVectors(text: Array(text[range]), image: Array(image[range]), features: features)
  }
}

extension TeacherError {
  /// The error for a file.
  init(_ error: ModelError) {
    if case .missingFile(let path) = error { self = .missing(path: path) } else { self = .file(error) }
  }
}

/// Teacher vectors as matrices, `text`, `image` and one for each feature stream, with a row for each post.
package enum SafetensorsTeacher {
  /// The maximum size of a header in bytes: it contains the ids. The format's own library has the same limit.
  private static let headerLimit = 100_000_000

  static func load(_ path: String) throws(TeacherError) -> TeacherCache {
    let file: Safetensors
    do {
      file = try Safetensors(path: path, headerLimit: headerLimit)
    } catch {
      throw TeacherError(error)
    }
    let text = try matrix("text", of: file), image = try matrix("image", of: file)
    guard text.shape == image.shape else {
      throw .unequalShapes(path: path, text: text.shape, image: image.shape)
    }
    guard let list = file.metadata("ids") else { throw .noIDs(path: path) }
    guard let ids = ids(list) else { throw .badIDs(path: path) }
    guard ids.count == text.shape[0] else { throw .idCount(path: path, ids: ids.count, rows: text.shape[0]) }
    let streams = file.tensors.filter { FeatureStream.isName($0.name.text) }
    if let other = streams.first(where: { $0.shape != text.shape }) {
      throw .otherShape(path: path, name: other.name.text, found: other.shape, expected: text.shape)
    }
    return try TeacherCache(
      path: path, ids: ids, text: file.floats(text), image: file.floats(image),
      streams: streams.map { TeacherCache.Stream(name: $0.name.text, numbers: file.floats($0)) }, width: text.shape[1])
  }

  /// Throws, before long work begins, if the file cannot be created.
  package static func checkPlace(_ path: String) throws(ModelError) {
    _ = try ModelError.writing(path) { () throws(FileError) in try AtomicWriter.check(path, .replacing) }
    let slash = path.utf8.lastIndex(of: UInt8(ascii: "/"))
    let folder = slash.map { path.utf8.startIndex == $0 ? "/" : String(path[..<$0]) } ?? "."
    guard access(folder, W_OK | X_OK) == 0 else {
      throw .unwritable(path: path, reason: String(cString: strerror(errno)))
    }
  }

  /// Writes vectors, a row for each id; the file appears when it is complete.
  ///
  /// `text` and `image` hold a vector of `width` numbers for each id, one after the other; `remarks` are metadata in
  /// addition to the ids.
  package static func write(
    _ path: String, ids: [String], text: [Float], image: [Float], width: Int, remarks: [Safetensors.MetadataEntry] = []
  ) throws(ModelError) {
    precondition(text.count == ids.count * width && image.count == text.count, "a vector for each id")
    let entries = ["text", "image"].map {
      SafetensorsWriter.Entry(name: $0, type: .f32, shape: [ids.count, width])
    }
    let writer = try SafetensorsWriter(path: path, entries: entries, metadata: [("ids", list(ids))] + remarks)
    try writer.append(text)
    try writer.append(image)
    try writer.finish()
  }

  private static func matrix(_ name: String, of file: Safetensors) throws(TeacherError) -> Safetensors.Tensor {
    guard let tensor = file[name] else { throw .missingTensor(path: file.path, name: name) }
    guard tensor.shape.count == 2 else { throw .notAMatrix(path: file.path, name: name, shape: tensor.shape) }
    return tensor
  }

  /// Ids as one text: separated by commas, or as a JSON list if an id contains a comma.
  package static func list(_ ids: [String]) -> String {
    let isPlain = ids.allSatisfy { !$0.isEmpty && !$0.utf8.contains(UInt8(ascii: ",")) }
    if isPlain, ids.first?.utf8.first != UInt8(ascii: "[") { return ids.joined(separator: ",") }
    var json = JSONWriter()
    json.array(ids) { $0.string($1) }
    return json.text
  }

  /// The ids in the text; nil if it begins like a JSON list of strings but is not one.
  static func ids(_ list: String) -> [String]? {
    if list.isEmpty { return [] }
    guard list.utf8.first == UInt8(ascii: "[") else {
      return list.utf8.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false).map {
        String(decoding: $0, as: UTF8.self)
      }
    }
    guard case .array(let values)? = try? JSONParser.parse(Array(list.utf8)) else { return nil }
    var ids: [String] = []
    for value in values {
      guard case .string(let id) = value else { return nil }
      ids.append(id)
    }
    return ids
  }
}
