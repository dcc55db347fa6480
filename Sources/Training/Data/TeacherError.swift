internal import Bytes
package import Models

/// Why a file of teacher vectors cannot be used.
package enum TeacherError: Error, Equatable, Sendable {
  /// There is no such file.
  case missing(path: String)
  /// The file cannot be read, or is not a safetensors file.
  case file(ModelError)
  /// SQLite cannot read the file.
  case sqlite(path: String, reason: String)
  /// An SQLite file that has no table `teacher`.
  case noTable(path: String)
  /// A vector in an SQLite file is not a list of float32, or its width differs from those before it.
  case badBlob(path: String, name: String, id: String, width: Int?)
  /// A safetensors file without the tensor `text` or `image`.
  case missingTensor(path: String, name: String)
  /// A tensor is not a matrix.
  case notAMatrix(path: String, name: String, shape: [Int])
  /// Texts and pictures differ in number or width.
  case unequalShapes(path: String, text: [Int], image: [Int])
  /// A feature stream differs in number or width from texts and pictures.
  case otherShape(path: String, name: String, found: [Int], expected: [Int])
  /// Metadata without `ids`.
  case noIDs(path: String)
  /// `ids` begins like a JSON list but is not a list of strings.
  case badIDs(path: String)
  /// The number of ids differs from the number of rows.
  case idCount(path: String, ids: Int, rows: Int)
  /// An id that occurs twice.
  case repeatedID(path: String, id: String)
  /// The file has no vectors.
  case empty(path: String)
  /// A vector contains a number that is not finite.
  case notFinite(path: String, name: String, id: String)
  /// A vector of zeros, which has no direction.
  case zero(path: String, name: String, id: String)
  /// The vectors' width differs from that of the shared space.
  case otherWidth(path: String, found: Int, expected: Int)
}

extension TeacherError: CustomStringConvertible {
  /// The message for the user: the problem and how to fix it.
  package var description: String {
    switch self {
    case .missing(let path): "\(path.printable) does not exist; clfa teach makes such a file"
    case .file(let error): "\(error)"
    case .sqlite(let path, let reason):
      "\(path.printable) cannot be read: \(reason.printable); it needs a table teacher(id, text, image)"
    case .noTable(let path):
      "\(path.printable) has no table teacher; make one as teacher(id TEXT PRIMARY KEY, text BLOB, image BLOB), or take the right file"
    case .badBlob(let path, let name, let id, let width):
      "\(path.printable): \(name.printable) of id \(Self.quoted(id)) is not a blob of \(width.map { "\($0) " } ?? "")little-endian float32; make "
        + "all vectors of one width"
    case .missingTensor(let path, let name):
      "\(path.printable) has no tensor \(name.printable); a teacher's file has text and image, a row for each post"
    case .notAMatrix(let path, let name, let shape):
      "\(path.printable): \(name.printable) has shape \(shape); give it a row for each post, such as [posts, 512]"
    case .unequalShapes(let path, let text, let image):
      "\(path.printable): text has shape \(text) and image \(image); both need a row for each post, and the same width"
    case .otherShape(let path, let name, let found, let expected):
      "\(path.printable): \(name.printable) has shape \(found), but text and image have \(expected); each needs a row for each "
        + "post, of zeros where there is no vector"
    case .noIDs(let path):
      "\(path.printable) does not say whose vectors these are; put ids, separated by commas or as a JSON list, into its metadata"
    case .badIDs(let path):
      "\(path.printable): ids in the metadata begin with [ but are not a JSON list of strings; write a JSON list"
    case .idCount(let path, let ids, let rows):
      "\(path.printable) has \(ids) ids but \(rows) rows; give each row one id (as a JSON list where ids hold commas)"
    case .repeatedID(let path, let id):
      "\(path.printable): id \(Self.quoted(id)) occurs twice; keep one of its rows"
    case .empty(let path): "\(path.printable) holds no vectors; take the right file"
    case .notFinite(let path, let name, let id):
      "\(path.printable): \(name.printable) of id \(Self.quoted(id)) has a number that is not finite; leave the row out"
    case .zero(let path, let name, let id):
      "\(path.printable): \(name.printable) of id \(Self.quoted(id)) is all zeros and points nowhere; leave the row out"
    case .otherWidth(let path, let found, let expected):
      "\(path.printable) has vectors of \(found) numbers, but the model's shared space has \(expected); take the teacher that "
        + "the model was made for, or a new model of that width"
    }
  }

  private static func quoted(_ id: String) -> String {
    "\"\(id.printable(upTo: 40))\""
  }
}
