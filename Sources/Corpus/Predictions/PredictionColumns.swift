import Bytes

/// Which columns of another system's predictions say what.
public struct PredictionColumns: Sendable {
  /// The column of keys; nil for `id`.
  public var id: String?
  /// The column of predicted labels; nil for `clfa_label` where the file is an export, else `label`.
  public var label: String?
  /// The column of confidences; nil for `clfa_confidence` or `confidence`.
  public var confidence: String?
  /// What names of columns of probabilities begin with, a label behind it; nil for `clfa_p_` or `p_`.
  public var prefix: String?
  /// Names for labels that are coded.
  public var labelNames: LabelNames

  /// Columns by name; what is nil has its usual name.
  public init(
    id: String? = nil, label: String? = nil, confidence: String? = nil, prefix: String? = nil,
    labelNames: LabelNames = LabelNames()
  ) {
    (self.id, self.label, self.confidence, self.prefix, self.labelNames) = (id, label, confidence, prefix, labelNames)
  }
}

/// Where the columns of one file of predictions stand.
struct PredictionLayout {
  let id: Int
  let label, confidence: Int?
  /// Each label's column of probabilities, in their order.
  let probabilities: [(label: String, place: Int)]

  static let labelLimit = 1000

  init(_ names: [String], _ columns: PredictionColumns, file: String) throws(PredictionFileError) {
    func place(_ name: String) -> Int? { names.firstIndex { $0.hasSameBytes(as: name) } }
    func place(_ given: String?, _ flag: String, _ usual: String) throws(PredictionFileError) -> Int? {
      guard let given else { return place(usual) }
      guard let found = place(given) else {
        throw .missingColumn(file: file, flag: flag, name: given, found: names)
      }
      return found
    }
    guard let id = try place(columns.id, "--id", "id") else {
      throw .missingColumn(file: file, flag: "--id", name: "id", found: names)
    }
    // In an export of ours the column `label` is the corpus' own: the truth.
    let isExport = names.contains { $0.hasSameBytes(as: "clfa_label") || $0.utf8.starts(with: "clfa_p_".utf8) }
    let ours = isExport ? "clfa_" : ""
    self.id = id
    label = try place(columns.label, "--label", ours + "label")
    confidence = try place(columns.confidence, "--confidence", ours + "confidence")
    let prefix = columns.prefix ?? ours + "p_"
    var found: [(label: String, place: Int)] = [], seen: Set<ByteText> = []
    for (place, name) in names.enumerated() where name.utf8.starts(with: prefix.utf8) {
      guard name.utf8.count > prefix.utf8.count, let code = String(name.utf8.dropFirst(prefix.utf8.count)) else {
        continue
      }
      let label = columns.labelNames[code] ?? code
      guard seen.insert(ByteText(label)).inserted else { throw .repeatedLabel(file: file, label: label) }
      found.append((label, place))
    }
    if found.count > Self.labelLimit { throw .tooManyLabels(file: file, limit: Self.labelLimit) }
    if found.isEmpty, label == nil {
      throw .nothingPredicted(file: file, label: columns.label ?? ours + "label", prefix: prefix, found: names)
    }
    if found.count == 1 { throw .oneProbability(file: file, column: names[found[0].place]) }
    probabilities = found
  }
}
