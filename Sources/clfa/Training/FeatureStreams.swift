import ArgumentParser
import Bytes
import Corpus
import Models
import Scoring

extension FeatureFlags {
  /// The streams of a new model: as wide as the first file that a post names.
  ///
  /// - Parameters:
  ///   - corpora: the files to learn from.
  ///   - options: how they are read.
  ///   - maxRows: the most rows of a post.
  /// - Returns: a stream for each flag, in their order.
  /// - Throws: a column that is not there or names no file, a file that holds no matrix; what the corpus throws.
  func streams(in corpora: [String], options: CorpusOptions, maxRows: Int) throws -> [FeatureStream] {
    guard !feature.isEmpty else { return [] }
    if corpora.contains("-") { throw FeatureFlagError.standardInput }
    var corpus = try CorpusReader(paths: corpora, options: options)
    let columns = try columns(of: corpus, maxRows: maxRows)
    let reader = try files(columns, paths: corpora, names: corpus.files)
    var widths = [Int?](repeating: nil, count: columns.count)
    while widths.contains(nil), let row = try corpus.next() {
      guard case .post(let post) = row else { continue }
      for (place, column) in columns.enumerated() where widths[place] == nil {
        do throws(FeatureFault) {
          widths[place] = try reader.width(of: post, column)
        } catch {
          throw FeatureFlagError.badFile(post.position, error)
        }
        if let width = widths[place], !FeatureStream.widths.contains(width) {
          throw FeatureFlagError.width(width, stream: column.stream.name, key: post.key)
        }
      }
    }
    return try zip(columns, widths).map { column, width in
      guard let width else { throw FeatureFlagError.noFiles(stream: column.stream.name, column: column.column) }
      return FeatureStream(name: column.stream.name, width: width, maxRows: maxRows)
    }
  }

  /// The columns of streams that no model has yet; their width, which only files tell, is the largest.
  ///
  /// - Throws: a column that is not there.
  func columns(of corpus: borrowing CorpusReader, maxRows: Int) throws(FeatureFlagError) -> [FeatureColumn] {
    for flag in feature where !corpus.extraColumns.contains(where: { $0.hasSameBytes(as: flag.column) }) {
      throw .noColumn(flag.column, stream: flag.stream, known: corpus.extraColumns)
    }
    return feature.map { flag in
      FeatureColumn(
        FeatureStream(name: flag.stream, width: FeatureStream.widths.upperBound, maxRows: maxRows), column: flag.column)
    }
  }

  /// Complains of flags that contradict each other, or the model that is trained on.
  func check(from: String?, maxRows: Int?) throws {
    for (place, flag) in feature.enumerated() {
      if feature[..<place].contains(where: { $0.stream.hasSameBytes(as: flag.stream) }) {
        throw ValidationError("--feature names the stream \(flag.stream) twice; give each its own.")
      }
    }
    if feature.count > FeatureStream.limit {
      throw ValidationError("--feature can be given \(FeatureStream.limit) times.")
    }
    guard let maxRows else { return }
    if from != nil { throw ValidationError("--from brings what its model is; leave --max-feature-rows out.") }
    guard FeatureStream.rows.contains(maxRows) else {
      throw ValidationError(
        "--max-feature-rows takes \(FeatureStream.rows.lowerBound) to \(FeatureStream.rows.upperBound).")
    }
  }
}
