import Bytes
internal import Models

/// A teacher's vectors of posts, by the posts' keys: what the alignment loss pulls a model's vectors to.
///
/// Two files are read, told apart by their first bytes: a safetensors file of two matrices, `text` and `image`, whose
/// metadata `ids` name the rows; and an SQLite file with a table `teacher(id, text, image)`. Further matrices or columns
/// are of streams of features, and are called like them.
public struct TeacherCache: Sendable {
  /// The numbers of a vector.
  public let width: Int
  private let path: String
  private let text: [Float]
  private let image: [Float]
  /// Vectors of streams of features; zeros for a post without one.
  private let streams: [Stream]
  private let places: [ByteText: Int]
  /// The first id of the file.
  let anyID: String

  /// Reads a file whole. Every vector is finite and points somewhere.
  public static func load(_ path: String) throws(TeacherError) -> TeacherCache {
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
    /// `width` numbers for each id; zeros where there is no vector.
    var numbers: [Float]
  }

  /// Keeps vectors that are not checked yet: `width` numbers for each id, one vector after the other.
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

  /// How many posts have vectors.
  public var count: Int { places.count }

  /// The vectors of a post; nil where the teacher has none.
  public subscript(key: String) -> TeacherVectors? { place(of: key).map { self[$0] } }

  /// Complains where the vectors are not of the width of the space that they are to teach.
  public func check(width: Int) throws(TeacherError) {
    guard self.width == width else { throw .otherWidth(path: path, found: self.width, expected: width) }
  }

  /// The place of a post's vectors.
  func place(of key: String) -> Int? { places[ByteText(key)] }

  /// The streams of features that it has vectors of.
  public var streamNames: [String] { streams.map(\.name) }

  /// The vectors at a place.
  subscript(place: Int) -> TeacherVectors { vectors(at: place, streams: []) }

  /// The vectors at a place, those of streams of features in the order that is asked for.
  func vectors(at place: Int, streams names: [String]) -> TeacherVectors {
    let range = place * width..<(place + 1) * width
    let features = names.map { name in
      streams.first { $0.name.hasSameBytes(as: name) }.flatMap { stream in
        stream.numbers[range].contains { $0 != 0 } ? Array(stream.numbers[range]) : nil
      }
    }
    return TeacherVectors(text: Array(text[range]), image: Array(image[range]), features: features)
  }
}

extension TeacherError {
  /// What a file's trouble is here.
  init(_ error: ModelError) {
    if case .missingFile(let path) = error { self = .missing(path: path) } else { self = .file(error) }
  }
}
