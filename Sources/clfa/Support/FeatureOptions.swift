internal import Preparation
import ArgumentParser
import Bytes
import Corpus
import Inputs
import Models
import Queries
import Scoring

/// Precomputed features of posts, such as sound or video, for all commands that score or train.
struct FeatureOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      A stream of precomputed features and the column with the path of each post's .npy or .safetensors file (rows x \
      width). Repeat it for each stream. Default for a model with feature streams: columns with the streams' names.
      """,
      valueName: "stream=column"), transform: FeatureArgument.init(parsing:))
  var feature: [FeatureArgument] = []
  @Option(
    help: ArgumentHelp(
      "The folder of the feature files; nothing outside it is read. Default: the folder of each CSV file.",
      valueName: "folder"), completion: .directory)
  var features: String?

  /// Files of features for the streams of a model; nil for a model without.
  ///
  /// - Parameters:
  ///   - streams: what the model reads.
  ///   - model: its name.
  ///   - paths: the corpus' files as given.
  ///   - corpus: the same corpus, opened.
  ///   - notice: called with warnings.
  /// - Returns: where the posts have their features.
  /// - Throws: a stream that the model has not, a column that the corpus has not, a folder that is none.
  func files(
    of streams: [FeatureStream], model: String, paths: [String], _ corpus: borrowing CorpusReader,
    notice: (String) -> Void
  ) throws -> FeatureFiles? {
    try check(streams, model: model)
    guard !streams.isEmpty else { return nil }
    let columns = streams.map { stream in
      FeatureColumn(stream, column: feature.last { $0.stream.hasSameBytes(as: stream.name) }?.column)
    }
    for column in columns where !corpus.extraColumns.contains(column.column) {
      if feature.contains(where: { $0.stream.hasSameBytes(as: column.stream.name) }) {
        throw FeatureOptionError.noColumn(
          column.column.text, stream: column.stream.name, known: corpus.extraColumns.map(\.text))
      }
      notice(
        "no column is called \(column.column), so no post has features of the stream \(column.stream.name); name one with "
          + "--feature \(column.stream.name)=COLUMN")
    }
    return try files(columns, paths: paths, names: corpus.files)
  }

  /// Complains of a stream that a model has not.
  func check(_ streams: [FeatureStream], model: String) throws(FeatureOptionError) {
    let names = streams.map(\.name)
    for flag in feature where !names.contains(where: { $0.hasSameBytes(as: flag.stream) }) {
      throw .noStream(flag.stream, model: model, known: names)
    }
  }

  /// Where posts have their features, below the folder of the flags.
  func files(_ columns: [FeatureColumn], paths: [String], names: [String]) throws -> FeatureFiles {
    do {
      return try FeatureFiles(columns, folder: features, paths: paths, names: names)
    } catch let error as PictureFolderError {
      guard let features else { throw error }
      throw FeatureOptionError.folder(features)
    }
  }

  /// The same flags for a command line.
  var arguments: [String] {
    feature.map { "--feature=\($0.stream)=\($0.column)" } + (features.map { ["--features=\($0)"] } ?? [])
  }
}

/// A stream and its column, `STREAM=COLUMN`, or `STREAM` where both have one name.
struct FeatureArgument: Equatable {
  let stream: String
  let column: ByteText

  init(parsing argument: String) throws {
    let sign = argument.utf8.firstIndex(of: UInt8(ascii: "=")) ?? argument.endIndex
    stream = String(argument[..<sign])
    column = ByteText(sign == argument.endIndex ? argument[...] : argument[argument.utf8.index(after: sign)...])
    guard FeatureStream.isName(stream), !column.isEmpty else {
      throw ValidationError(
        "write STREAM=COLUMN, such as audio=audio_path; a stream's name has lower-case letters, digits and _, begins with a letter, and "
          + "is not \(FeatureStream.reservedNames.joined(separator: ", ")).")
    }
  }
}

/// Streams and columns that do not fit.
enum FeatureOptionError: Error, CustomStringConvertible {
  /// The model reads no such stream.
  case noStream(String, model: String, known: [String])
  /// The corpus keeps no such column.
  case noColumn(String, stream: String, known: [String])
  /// The folder of --features is none, or cannot be opened.
  case folder(String)
  /// Training looks at the columns before it reads the posts, and standard input comes once.
  case standardInput
  /// No post has a file in the column.
  case noFiles(stream: String, column: String)
  /// The first file in the column cannot be used.
  case badFile(RowPosition, FeatureFault)
  /// Rows wider than a stream may have.
  case width(Int, stream: String, key: String)

  var description: String {
    switch self {
    case .noStream(let name, let model, let known) where known.isEmpty:
      "\(model.printable) reads no features, so leave out --feature \(name)"
    case .noStream(let name, let model, let known):
      "\(model.printable) reads no stream '\(name)' (--feature)\(DidYouMean.hint(for: name, in: known)); its streams: "
        + known.listed()
    case .noColumn(let name, let stream, let known):
      "no other column of the corpus is called '\(name.printable)' (--feature "
        + "\(stream))\(DidYouMean.hint(for: name, in: known))"
        + (known.isEmpty ? "" : "; the other columns are " + known.listed(most: 40))
    case .folder(let path):
      "\(path.printable) is not a folder that can be opened; name the folder that feature paths start from with --features"
    case .standardInput:
      "training with features reads the corpus twice, so it cannot be standard input; write it to a file"
    case .noFiles(let stream, let column):
      "no post names a file in the column \(column.printable), so the stream \(stream) has nothing to learn from; fill "
        + "the column, or leave out --feature \(stream)"
    case .badFile(let position, let fault):
      "\(position.file):\(position.line): \(fault.path.printable): \(fault)"
    case .width(let found, let stream, let key):
      "the features of post \(key.printable) have rows of \(found) numbers, but a stream takes up to \(FeatureStream.widths.upperBound) (--feature "
        + "\(stream))"
    }
  }
}

extension FeatureOptions {
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
    if corpora.contains("-") { throw FeatureOptionError.standardInput }
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
          throw FeatureOptionError.badFile(post.position, error)
        }
        if let width = widths[place], !FeatureStream.widths.contains(width) {
          throw FeatureOptionError.width(width, stream: column.stream.name, key: post.key.text)
        }
      }
    }
    return try zip(columns, widths).map { column, width in
      guard let width else {
        throw FeatureOptionError.noFiles(
          stream: column.stream.name, column: column.column.text)
      }
      return FeatureStream(name: column.stream.name, width: width, maxRows: maxRows)
    }
  }

  /// The columns of streams that no model has yet; their width, which only files tell, is the largest.
  ///
  /// - Throws: a column that is not there.
  func columns(of corpus: borrowing CorpusReader, maxRows: Int) throws(FeatureOptionError) -> [FeatureColumn] {
    for flag in feature where !corpus.extraColumns.contains(flag.column) {
      throw .noColumn(flag.column.text, stream: flag.stream, known: corpus.extraColumns.map(\.text))
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
    if from != nil { throw ValidationError("--from keeps the sizes of its model; leave out --max-feature-rows.") }
    guard FeatureStream.rows.contains(maxRows) else {
      throw ValidationError(
        "--max-feature-rows takes \(FeatureStream.rows.lowerBound) to \(FeatureStream.rows.upperBound).")
    }
  }
}
