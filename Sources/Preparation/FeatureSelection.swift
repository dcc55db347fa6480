package import Bytes
package import Corpus
import Inputs
package import Models

/// The user's choice of columns for the streams, and of the folder of feature files.
package struct FeatureSelection: Sendable {
  /// A stream by its name, and the column that names each post's file.
  package struct Choice: Equatable, Sendable {
    package let stream: String
    package let column: ByteText

    package init(stream: String, column: ByteText) { (self.stream, self.column) = (stream, column) }
  }

  package let choices: [Choice]
  /// The folder of all files; nil for the folder of each corpus file.
  package let folder: String?

  package init(_ choices: [Choice] = [], folder: String? = nil) { (self.choices, self.folder) = (choices, folder) }

  /// The feature files for the streams of a model; nil for a model without streams.
  ///
  /// - Parameters:
  ///   - streams: the model's streams.
  ///   - model: its name.
  ///   - paths: the corpus' files as given.
  ///   - corpus: the same corpus, opened.
  ///   - lacking: called for a stream whose default column is missing from the corpus; then no post has its features.
  /// - Returns: the posts' feature files.
  /// - Throws: `FeatureSelectionError` for a stream that the model lacks, a column that the corpus lacks, or a path
  ///   that is not a folder.
  package func files(
    of streams: [FeatureStream], model: String, paths: [String], _ corpus: borrowing CorpusReader,
    lacking: (FeatureColumn) -> Void
  ) throws -> FeatureFiles? {
    try check(streams, model: model)
    guard !streams.isEmpty else { return nil }
    let columns = streams.map { stream in FeatureColumn(stream, column: choice(of: stream)?.column) }
    for column in columns where !corpus.extraColumns.contains(column.column) {
      guard choice(of: column.stream) == nil else {
        throw FeatureSelectionError.noColumn(
          column.column.text, stream: column.stream.name, files: corpus.files, known: corpus.extraColumns.map(\.text))
      }
      lacking(column)
    }
    return try files(columns, paths: paths, names: corpus.files)
  }

  /// Checks that the model has every chosen stream.
  package func check(_ streams: [FeatureStream], model: String) throws(FeatureSelectionError) {
    let names = streams.map(\.name)
    for choice in choices where !names.contains(choice.stream) {
      throw .noStream(choice.stream, model: model, known: names)
    }
  }

  /// The streams of a new model: their widths are those of the first file that a post names.
  ///
  /// - Parameters:
  ///   - corpora: the training files.
  ///   - options: how they are read.
  ///   - maxRows: the maximum number of rows of a post.
  /// - Returns: a stream for each choice, in their order.
  /// - Throws: `FeatureSelectionError` for a column that is missing or names no file, or a file without a matrix;
  ///   errors of the corpus.
  package func streams(in corpora: [String], options: CorpusOptions, maxRows: Int) throws -> [FeatureStream] {
    guard !choices.isEmpty else { return [] }
    if corpora.contains("-") { throw FeatureSelectionError.standardInput }
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
          throw FeatureSelectionError.badFile(post.position, error)
        }
        if let width = widths[place], !FeatureStream.widths.contains(width) {
          throw FeatureSelectionError.width(width, stream: column.stream.name, key: post.key.text)
        }
      }
    }
    return try zip(columns, widths).map { column, width in
      guard let width else {
        throw FeatureSelectionError.noFiles(stream: column.stream.name, column: column.column.text)
      }
      return FeatureStream(name: column.stream.name, width: width, maxRows: maxRows)
    }
  }

  /// The columns of streams before there is a model; their width, which only files show, is the maximum.
  package func columns(
    of corpus: borrowing CorpusReader, maxRows: Int
  ) throws(FeatureSelectionError) -> [FeatureColumn] {
    for choice in choices where !corpus.extraColumns.contains(choice.column) {
      throw .noColumn(
        choice.column.text, stream: choice.stream, files: corpus.files, known: corpus.extraColumns.map(\.text))
    }
    return choices.map { choice in
      FeatureColumn(
        FeatureStream(name: choice.stream, width: FeatureStream.widths.upperBound, maxRows: maxRows),
        column: choice.column)
    }
  }

  /// The posts' feature files in these columns.
  package func files(_ columns: [FeatureColumn], paths: [String], names: [String]) throws -> FeatureFiles {
    do {
      return try FeatureFiles(columns, folder: folder, paths: paths, names: names)
    } catch let error as PictureFolderError {
      guard let folder else { throw error }
      throw FeatureSelectionError.folder(folder)
    }
  }

  private func choice(of stream: FeatureStream) -> Choice? {
    choices.last { $0.stream == stream.name }
  }
}

/// Errors about streams and columns.
package enum FeatureSelectionError: Error, Equatable, Sendable {
  /// The model does not read this stream.
  case noStream(String, model: String, known: [String])
  /// The corpus does not have this column.
  case noColumn(String, stream: String, files: [String], known: [String])
  /// The folder of features does not exist or cannot be opened.
  case folder(String)
  /// Training reads the columns before it reads the posts, and standard input can be read only once.
  case standardInput
  /// No post has a file in the column.
  case noFiles(stream: String, column: String)
  /// The first file in the column cannot be used.
  case badFile(RowPosition, FeatureFault)
  /// Rows wider than a stream may have.
  case width(Int, stream: String, key: String)
}

extension FeatureSelectionError: CustomStringConvertible {
  /// The message: the problem and how to fix it.
  package var description: String {
    switch self {
    case .noStream(_, let model, let known) where known.isEmpty: "\(model.printable) reads no features"
    case .noStream(let name, let model, let known):
      "\(model.printable) reads no stream '\(name)'\(DidYouMean.hint(for: name, in: known)); its streams: "
        + known.listed()
    case .noColumn(let name, let stream, let files, let known):
      "no other column of \(files.listed(most: 5)) is called '\(name.printable)', which should name the files of the stream "
        + "\(stream)\(DidYouMean.hint(for: name, in: known))"
        + (known.isEmpty ? "" : "; the other columns are " + known.listed(most: 40))
    case .folder(let path): "\(path.printable) is not a folder that can be opened"
    case .standardInput:
      "training with features reads the corpus twice, so it cannot be standard input; write it to a file"
    case .noFiles(let stream, let column):
      "no post names a file in the column \(column.printable), so the stream \(stream) has nothing to learn from"
    case .badFile(let position, let fault):
      "\(position.file):\(position.line): \(fault.path.printable): \(fault)"
    case .width(let found, let stream, let key):
      "the features of post \(key.printable) in the stream \(stream) have rows of \(found) numbers, but a stream takes up "
        + "to \(FeatureStream.widths.upperBound)"
    }
  }
}
