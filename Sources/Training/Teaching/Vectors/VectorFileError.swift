public import Archives
public import Corpus
public import Models

/// Why files of another teacher's vectors cannot be used.
public enum VectorFileError: Error, Equatable, Sendable {
  /// A file that is missing or cannot be read.
  case file(ModelError)
  /// A file that is no array of numpy's, or not a whole one.
  case numpy(ArchiveFault)
  /// A numpy array of whole numbers, or of columns one after the other.
  case numpyForm(path: String)
  /// A numpy array that is no matrix.
  case numpyShape(path: String, shape: [Int])
  /// Matrices without ids, or ids for a file that has them.
  case numpyFiles([String], hasIDs: Bool)
  /// Matrices of different shapes.
  case unequalShapes(paths: [String], shapes: [[Int]])
  /// Other numbers of ids than of rows.
  case idCount(path: String, ids: Int, rows: Int)
  /// A file of ids that is no text.
  case notText(path: String)
  /// A row of a CSV file that cannot be read.
  case row(RowFault)
  /// A cell that is no list of numbers.
  case cell(RowPosition, column: String)
  /// A vector of another width than those before it.
  case width(RowPosition, column: String, found: Int, expected: Int)
  /// Vectors of posts that the corpus does not hold.
  case noMatch(path: String, theirs: String, ours: String)

  /// What a file's trouble is here.
  init(_ error: ModelError) { self = .file(error) }
}
