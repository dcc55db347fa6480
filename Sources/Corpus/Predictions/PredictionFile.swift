import Bytes

/// Another system's predictions: a CSV of keys with labels, probabilities, or both.
///
///     var file = try PredictionFile(path: "theirs.csv", columns: PredictionColumns(), options: CorpusOptions())
///     while let row = try file.next() { … }
///     file.fingerprint   // of all that was read
public struct PredictionFile: ~Copyable {
  /// A row of the file.
  public enum Row: Equatable, Sendable {
    /// What the system said about a post.
    case prediction(ForeignPrediction)
    /// The row says nothing that can be used.
    case fault(RowFault)
  }

  /// The file's name, as the ledger knows it.
  public var file: String { table.file }
  /// Whether no row read so far has probabilities.
  public private(set) var isHard = true
  /// The rows read so far that have a label, and no probabilities in the columns for them.
  public private(set) var rowsWithoutProbabilities = 0
  /// The rows read so far that say how sure the system was.
  public private(set) var rowsWithConfidence = 0
  /// The labels: those of the columns of probabilities, in their order; else those met so far, in the order they came.
  public private(set) var labels: [String]
  /// The rows read so far.
  public private(set) var rows = 0

  private let layout: PredictionLayout
  private let columns: PredictionColumns
  private var table: TableReader
  private var known: Set<ByteText>
  private var hash = SHA256()

  /// Opens a file and finds its columns.
  public init(path: String, columns: PredictionColumns, options: CorpusOptions) throws(PredictionFileError) {
    let table = try Self.open(path, options)
    let layout = try PredictionLayout(table.columns, columns, file: path)
    labels = layout.probabilities.map(\.label)
    known = Set(labels.map { ByteText($0) })
    (self.layout, self.columns) = (layout, columns)
    self.table = table
    Self.note("clfa-import/1 \(labels.count)", in: &hash)
    for label in labels { Self.note(label, in: &hash) }
  }

  private static func open(_ path: String, _ options: CorpusOptions) throws(PredictionFileError) -> TableReader {
    do { return try TableReader(path: path, options: options) } catch { throw .table(error) }
  }

  /// SHA-256 of what has been read, behind `import:`: two files that say the same have the same.
  public var fingerprint: String {
    let copy = hash
    return "import:" + copy.finalize().hexadecimal
  }

  /// The next row; nil after the last one.
  public mutating func next() throws(PredictionFileError) -> Row? {
    let row: TableReader.Row?
    do { row = try table.next() } catch { throw .table(error) }
    switch row {
    case nil: return nil
    case .fault(let fault):
      rows += 1
      Self.note("fault \(fault.position.line) \(fault.code.rawValue)", in: &hash)
      return .fault(fault)
    case .cells(let cells, let position):
      rows += 1
      for place in [layout.id, layout.label, layout.confidence].compactMap(\.self) + layout.probabilities.map(\.place) {
        Self.note(cells[place], in: &hash)
      }
      let row = ForeignPrediction.reading(cells, position, layout, columns.labelNames)
      if case .prediction(let prediction) = row {
        if !prediction.probabilities.isEmpty {
          isHard = false
        } else if !layout.probabilities.isEmpty {
          rowsWithoutProbabilities += 1
        }
        if prediction.isSure { rowsWithConfidence += 1 }
      }
      if case .prediction(let prediction) = row, known.insert(ByteText(prediction.label)).inserted {
        guard labels.count < PredictionLayout.labelLimit else {
          throw .tooManyLabels(file: file, limit: PredictionLayout.labelLimit)
        }
        labels.append(prediction.label)
      }
      return row
    }
  }

  private static func note(_ text: String, in hash: inout SHA256) {
    hash.update(length: text.utf8.count)
    hash.update(string: text)
  }
}
