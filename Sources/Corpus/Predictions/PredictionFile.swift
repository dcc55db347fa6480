package import Bytes

/// Another system's predictions: a CSV of keys with labels, probabilities, or both.
///
///     var file = try PredictionFile(path: "theirs.csv", columns: PredictionColumns(), options: CorpusOptions())
///     while let row = try file.next() { … }
///     file.fingerprint   // of everything read
package struct PredictionFile: ~Copyable {
  /// A row of the file.
  package enum Row: Equatable, Sendable {
    /// The system's prediction for a post.
    case prediction(ImportedPrediction)
    /// The row has no usable prediction.
    case fault(RowFault)
  }

  /// The file's name in the ledger.
  package var file: String { table.file }
  /// Whether no row read so far has probabilities.
  package private(set) var isHard = true
  /// The number of rows so far that have a label, and empty columns of probabilities.
  package private(set) var rowsWithoutProbabilities = 0
  /// The number of rows so far with a confidence.
  package private(set) var rowsWithConfidence = 0
  /// The labels: those of the columns of probabilities, in their order, otherwise those met so far, in their order.
  package private(set) var labels: [ByteText]
  /// The number of rows so far.
  package private(set) var rows = 0

  private let layout: PredictionLayout
  private let columns: PredictionColumns
  private var table: TableReader
  private var known: Set<ByteText>
  private var hash = SHA256()

  /// Opens a file and finds its columns.
  package init(path: String, columns: PredictionColumns, options: CorpusOptions) throws(PredictionFileError) {
    let table = try Self.open(path, options)
    let layout = try PredictionLayout(table.columns, columns, file: path)
    labels = layout.probabilities.map(\.label)
    known = Set(labels)
    (self.layout, self.columns) = (layout, columns)
    self.table = table
    Self.note("clfa-import/1 \(labels.count)", in: &hash)
    for label in labels { Self.note(label.text, in: &hash) }
  }

  private static func open(_ path: String, _ options: CorpusOptions) throws(PredictionFileError) -> TableReader {
    do { return try TableReader(path: path, options: options) } catch { throw .table(error) }
  }

  /// SHA-256 of the content read so far, after `import:`; two files with the same content have the same fingerprint.
  package var fingerprint: String {
    let copy = hash
    return "import:" + copy.finalize().hexadecimal
  }

  /// The next row; nil after the last one.
  package mutating func next() throws(PredictionFileError) -> Row? {
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
      let row = ImportedPrediction.reading(cells, position, layout, columns.labelNames)
      if case .prediction(let prediction) = row {
        if !prediction.probabilities.isEmpty {
          isHard = false
        } else if !layout.probabilities.isEmpty {
          rowsWithoutProbabilities += 1
        }
        if prediction.isSure { rowsWithConfidence += 1 }
      }
      if case .prediction(let prediction) = row, known.insert(prediction.label).inserted {
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

/// The columns of another system's predictions.
package struct PredictionColumns: Sendable {
  /// The column of keys; nil for `id`.
  package var id: String?
  /// The column of predicted labels; nil for `clfa_label` if the file is an export, otherwise `label`.
  package var label: String?
  /// The column of confidences; nil for `clfa_confidence` or `confidence`.
  package var confidence: String?
  /// The prefix of the probability columns, before the label; nil for `clfa_p_` or `p_`.
  package var prefix: String?
  /// Names for labels that are coded.
  package var labelNames: LabelNames

  /// Creates columns by name; nil stands for the default.
  package init(
    id: String? = nil, label: String? = nil, confidence: String? = nil, prefix: String? = nil,
    labelNames: LabelNames = LabelNames()
  ) {
    (self.id, self.label, self.confidence, self.prefix, self.labelNames) = (id, label, confidence, prefix, labelNames)
  }
}

/// The positions of the columns in one file of predictions.
struct PredictionLayout {
  let id: Int
  let label, confidence: Int?
  /// Each label's column of probabilities, in their order.
  let probabilities: [(label: ByteText, place: Int)]

  static let labelLimit = 1000

  init(_ names: [ByteText], _ columns: PredictionColumns, file: String) throws(PredictionFileError) {
    func place(_ name: String) -> Int? { names.firstIndex(of: ByteText(name)) }
    func place(
      _ given: String?, _ part: PredictionFileError.Part, _ usual: String
    ) throws(PredictionFileError) -> Int? {
      guard let given else { return place(usual) }
      guard let found = place(given) else {
        throw .missingColumn(file: file, part: part, name: given, found: names.map(\.text))
      }
      return found
    }
    guard let id = try place(columns.id, .id, "id") else {
      throw .missingColumn(file: file, part: .id, name: "id", found: names.map(\.text))
    }
    // In an export of clfa, the column `label` is the corpus' own true label.
    let isExport = names.contains { $0 == "clfa_label" || $0.utf8.starts(with: "clfa_p_".utf8) }
    let ours = isExport ? "clfa_" : ""
    self.id = id
    label = try place(columns.label, .label, ours + "label")
    confidence = try place(columns.confidence, .confidence, ours + "confidence")
    let prefix = columns.prefix ?? ours + "p_"
    var found: [(label: ByteText, place: Int)] = [], seen: Set<ByteText> = []
    for (place, name) in names.enumerated() where name.utf8.starts(with: prefix.utf8) {
      guard name.utf8.count > prefix.utf8.count, let code = String(name.utf8.dropFirst(prefix.utf8.count)) else {
        continue
      }
      let label = columns.labelNames[code] ?? ByteText(code)
      guard seen.insert(label).inserted else { throw .repeatedLabel(file: file, label: label.text) }
      found.append((label, place))
    }
    if found.count > Self.labelLimit { throw .tooManyLabels(file: file, limit: Self.labelLimit) }
    if found.isEmpty, label != nil, let prefix = columns.prefix {
      throw .noProbabilities(file: file, prefix: prefix, found: names.map(\.text))
    }
    if found.isEmpty, label == nil {
      throw .nothingPredicted(
        file: file, label: columns.label ?? ours + "label", prefix: prefix, found: names.map(\.text))
    }
    if found.count == 1 { throw .oneProbability(file: file, column: names[found[0].place].text) }
    probabilities = found
  }
}

/// Another system's prediction for a post.
package struct ImportedPrediction: Equatable, Sendable {
  /// The row's place in the file.
  package var position: RowPosition
  /// The post's key.
  package var key: ByteText
  /// The label in the file, otherwise the most probable one, the first of several.
  package var label: ByteText
  /// The confidence in the file, otherwise the label's probability, otherwise 1.
  package var confidence: Double
  /// The probability of each label, in the file's order, unchanged; empty if there is only a label.
  package var probabilities: [Double]
  /// Whether the file gives a confidence.
  package var isSure: Bool

  /// Creates a prediction from its parts.
  package init(
    position: RowPosition, key: ByteText, label: ByteText, confidence: Double, probabilities: [Double],
    isSure: Bool = false
  ) {
    (self.position, self.key, self.label) = (position, key, label)
    (self.confidence, self.probabilities, self.isSure) = (confidence, probabilities, isSure)
  }

  /// The tolerance for the sum of probabilities: files have few digits.
  static let slack = 0.01

  static func reading(
    _ cells: [String], _ position: RowPosition, _ layout: PredictionLayout, _ names: LabelNames
  ) -> PredictionFile.Row {
    let key = ByteText(cells[layout.id])
    func fault(_ code: FaultCode, _ detail: String) -> PredictionFile.Row {
      .fault(
        RowFault(
          position: position, key: key.isEmpty ? nil : key, stage: .corpus, code: code, detail: detail))
    }
    if key.isEmpty { return fault(.emptyKey, "the id is empty: give the row the id of its post") }
    let cell = layout.label.map { cells[$0] } ?? ""
    var label = cell.isBlank ? nil : names[cell] ?? ByteText(cell)
    var values: [Double] = []
    if !layout.probabilities.isEmpty {
      // An export of labels alone has these columns, but they are empty.
      let isAlone = layout.probabilities.allSatisfy { cells[$0.place].isBlank }
      if label == nil, isAlone { return fault(.noLabel, "neither a label nor probabilities") }
      for (name, place) in layout.probabilities where !isAlone {
        guard let value = share(cells[place]) else {
          return fault(
            .badProbability,
            "'\(cells[place].clipped(to: 40))' of '\(name.text.clipped(to: 40))' is no number from 0 to 1")
        }
        values.append(value)
      }
      let sum = values.reduce(0, +)
      guard isAlone || abs(sum - 1) <= slack else {
        return fault(.badProbability, "the probabilities add up to \(sum), not to 1: divide each by their sum")
      }
      if let label, !layout.probabilities.contains(where: { $0.label == label }) {
        return fault(
          .unknownLabel,
          "no column holds the probability of '\(label.text.clipped(to: 40))': name coded labels with --labels")
      }
      if label == nil, let best = values.indices.max(by: { values[$0] < values[$1] }) {
        label = layout.probabilities[best].label
      }
    }
    guard let label else { return fault(.noLabel, "the label is empty") }
    var confidence =
      layout.probabilities.firstIndex { $0.label == label }.flatMap { values.isEmpty ? nil : values[$0] }
      ?? 1
    var isSure = false
    if let place = layout.confidence, !cells[place].isBlank {
      guard let given = share(cells[place]) else {
        return fault(.badProbability, "the confidence '\(cells[place].clipped(to: 40))' is no number from 0 to 1")
      }
      (confidence, isSure) = (given, true)
    }
    return .prediction(
      ImportedPrediction(
        position: position, key: key, label: label, confidence: confidence, probabilities: values,
        isSure: isSure))
  }

  /// A number from 0 to 1; values slightly outside, because of rounding, are clipped.
  private static func share(_ text: String) -> Double? {
    guard let value = Double(text), value >= -1e-6, value <= 1 + 1e-6 else { return nil }
    return min(max(value, 0), 1)
  }
}
