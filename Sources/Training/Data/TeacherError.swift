public import Models

/// Why a file of teacher vectors cannot be used.
public enum TeacherError: Error, Equatable, Sendable {
  /// There is no such file.
  case missing(path: String)
  /// The file cannot be read, or is no safetensors file.
  case file(ModelError)
  /// SQLite cannot read the file, or not so.
  case sqlite(path: String, reason: String)
  /// An SQLite file that has no table `teacher`.
  case noTable(path: String)
  /// A vector of an SQLite file that is no list of float32, or of another width than those before it.
  case badBlob(path: String, name: String, id: String, width: Int?)
  /// A safetensors file without the tensor `text` or `image`.
  case missingTensor(path: String, name: String)
  /// A tensor that is no matrix of rows.
  case notAMatrix(path: String, name: String, shape: [Int])
  /// Texts and pictures of different number or width.
  case unequalShapes(path: String, text: [Int], image: [Int])
  /// A stream of features of another number or width than texts and pictures.
  case otherShape(path: String, name: String, found: [Int], expected: [Int])
  /// Metadata without `ids`.
  case noIDs(path: String)
  /// `ids` that begin like a JSON list and are no list of strings.
  case badIDs(path: String)
  /// More ids than rows, or fewer.
  case idCount(path: String, ids: Int, rows: Int)
  /// An id that stands twice.
  case repeatedID(path: String, id: String)
  /// Nothing in the file.
  case empty(path: String)
  /// A vector with a number that is none.
  case notFinite(path: String, name: String, id: String)
  /// A vector of zeros, which points nowhere.
  case zero(path: String, name: String, id: String)
  /// Vectors of another width than the space that they are to teach.
  case otherWidth(path: String, found: Int, expected: Int)
}
