public import Archives

/// Why a file is no matrix of features for a stream.
public enum FeatureFileFault: Error, Equatable, Sendable {
  /// Neither an array of NumPy nor a safetensors file.
  case unknownFormat
  /// An array of NumPy that cannot be read.
  case numpy(ArchiveFault)
  /// A safetensors file that cannot be read.
  case safetensors(SafetensorsFault)
  /// A safetensors file of several matrices, none of them called like the stream; or of none.
  case noTensor(stream: String, found: [String])
  /// An array that is neither a row nor rows.
  case notAMatrix(shape: [Int])
  /// Rows of another width than the stream's.
  case width(found: Int, expected: Int)
  /// Rows wider than any stream's.
  case tooWide(found: Int, limit: Int)
  /// More rows than the model reads of a post.
  case tooManyRows(found: Int, limit: Int)
  /// A number that is none, in a row from 0.
  case notFinite(row: Int)
}
