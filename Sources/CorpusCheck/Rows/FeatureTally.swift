internal import Bytes
internal import Corpus
internal import Inputs
internal import Models
internal import Preparation

/// A stream of features of a corpus.
package struct FeatureSummary: Sendable {
  /// The stream's name.
  package var stream: String
  /// The column that names its files.
  package var column: String
  /// The width of a row: the model's, or that of the first usable file; nil if there is none.
  package var width: Int?
  /// Posts with rows.
  package var posts = 0
  /// Posts that name no file, or one without rows.
  package var without = 0
  /// Rows of a post.
  package var rows: QuantileSketch.Summary?
}

/// Counts the rows of posts in each feature stream, and checks their width; rows come in the corpus' order.
struct FeatureTally {
  private var summaries: [FeatureSummary] = []
  private var spreads: [QuantileSketch] = []

  init(_ features: CorpusChecker.Features?) {
    guard let features else { return }
    for column in features.files.columns {
      summaries.append(
        FeatureSummary(
          stream: column.stream.name, column: column.column.text, width: features.areNew ? nil : column.stream.width))
      spreads.append(QuantileSketch())
    }
  }

  /// Counts a post's rows in each stream; an empty list means that none were looked up.
  ///
  /// - Returns: the first of its faults.
  mutating func add(_ statuses: [FeatureFileStatus]) -> FeatureFault? {
    var first: FeatureFault?
    for (place, status) in statuses.enumerated() {
      let fault = add(status, at: place)
      first = first ?? fault
    }
    return first
  }

  private mutating func add(_ status: FeatureFileStatus, at place: Int) -> FeatureFault? {
    switch status {
    case .fault(let fault): return fault
    case .file(let path, let probe) where probe.rows > 0:
      if let fault = widthFault(probe.width, summaries[place].width) ?? probe.fault {
        return FeatureFault(stream: summaries[place].stream, path: path, problem: .content(fault))
      }
      summaries[place].width = probe.width
      summaries[place].posts += 1
      spreads[place].add(Double(probe.rows))
    case .none, .file: summaries[place].without += 1
    }
    return nil
  }

  private func widthFault(_ found: Int, _ expected: Int?) -> FeatureFileError? {
    if let expected { return found == expected ? nil : .width(found: found, expected: expected) }
    let limit = FeatureStream.widths.upperBound
    return found <= limit ? nil : .tooWide(found: found, limit: limit)
  }

  var summary: [FeatureSummary] {
    zip(summaries, spreads).map { summary, spread in
      var summary = summary
      summary.rows = spread.summary
      return summary
    }
  }
}

/// A post's features in a stream, read by any thread.
enum FeatureFileStatus: Sendable {
  /// No file is named.
  case none
  /// A file with a matrix.
  case file(path: String, FeatureFileContents)
  /// A file that cannot be used with any stream width.
  case fault(FeatureFault)

  /// The identity of the post's content: the file's hash, or its path if it cannot be read; nil for a post
  /// without rows.
  var identity: [UInt8]? {
    switch self {
    case .none: nil
    case .file(_, let probe): probe.rows > 0 ? probe.hash : nil
    case .fault(let fault): Array(fault.path.utf8)
    }
  }
}

/// The facts of a feature file.
struct FeatureFileContents: Sendable {
  /// SHA-256 of the file's bytes.
  var hash: [UInt8]
  /// The matrix' rows; none for a post without the stream.
  var rows = 0
  /// The width of a row.
  var width = 0
  /// The fault of the rows, if their width is right.
  var fault: FeatureFileError?

  /// Reads a whole file.
  init(_ file: PictureFile, _ stream: FeatureStream) throws(FeatureFileError) {
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
  /// A post's features in each stream.
  func statuses(_ post: Post) -> [FeatureFileStatus] {
    columns.map { column in
      do throws(FeatureFault) {
        let status = try read(post, column) { file throws(FeatureFileError) in
          FeatureFileStatus.file(path: file.path, try FeatureFileContents(file, column.stream))
        }
        return status ?? FeatureFileStatus.none
      } catch {
        return .fault(error)
      }
    }
  }
}
