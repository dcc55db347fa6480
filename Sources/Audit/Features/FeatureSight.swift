internal import Corpus
internal import Inputs
internal import Models
internal import Scoring

/// What a post has in a stream of features: found out by any thread.
enum FeatureSight: Sendable {
  /// No file is named.
  case none
  /// A file that holds a matrix.
  case file(path: String, FeatureProbe)
  /// A file that cannot be used, whatever the stream's width.
  case fault(FeatureFault)

  /// What tells the post's content from others: the file's hash, or its path where it cannot be read; nil for a post
  /// without rows.
  var identity: [UInt8]? {
    switch self {
    case .none: nil
    case .file(_, let probe): probe.rows > 0 ? probe.hash : nil
    case .fault(let fault): Array(fault.path.utf8)
    }
  }
}

/// What a file of features shows.
struct FeatureProbe: Sendable {
  /// SHA-256 of the file's bytes.
  var hash: [UInt8]
  /// The matrix' rows; none for a post without the stream.
  var rows = 0
  /// The numbers of a row.
  var width = 0
  /// What is wrong with the rows, should their width be the right one.
  var fault: FeatureFileFault?

  /// Reads a file, to its last number.
  init(_ file: PictureFile, _ stream: FeatureStream) throws(FeatureFileFault) {
    hash = file.sha256
    let read = try FeatureRows.read(file.bytes, stream: stream.name) { rows, _ in rows <= stream.maxRows }
    (rows, width) = (read.rows, read.width)
    if rows > stream.maxRows {
      fault = .tooManyRows(found: rows, limit: stream.maxRows)
    } else if let place = read.values.firstIndex(where: { !$0.isFinite }) {
      fault = .notFinite(row: place / width)
    }
  }
}

extension FeatureFiles {
  /// What a post has in each stream.
  func sights(_ post: Post) -> [FeatureSight] {
    columns.map { column in
      do throws(FeatureFault) {
        let sight = try read(post, column) { file throws(FeatureFileFault) in
          FeatureSight.file(path: file.path, try FeatureProbe(file, column.stream))
        }
        return sight ?? FeatureSight.none
      } catch {
        return .fault(error)
      }
    }
  }
}
