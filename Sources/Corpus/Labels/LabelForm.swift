import Bytes

/// Where a file of labels has keys, labels and annotators.
struct LabelForm {
  /// How labels are found in a record.
  private enum Place {
    /// In a column.
    case column(ByteText)
    /// By an expression of the user's, or of a preset.
    case expression(ColumnExpression)
    /// In a list of annotations, as answers to a question; nil for the only one.
    case annotations(question: String?)
  }

  let id: ByteText
  let annotator, note: ByteText?
  /// Whether annotators count.
  let readsAnnotators: Bool
  private let label: Place

  /// Finds the columns of a file; `delimiter` is that of a table, nil for JSON.
  init(_ names: [ByteText], _ columns: LabelColumns, path: String, delimiter: UInt8?) throws(CorpusError) {
    let known = Set(names)
    func column(_ name: String, _ option: String) throws(CorpusError) -> ByteText {
      if known.contains(ByteText(name)) { return ByteText(name) }
      // A single column that contains another delimiter explains why this one is missing.
      if let delimiter, names.count == 1,
        let separator = ColumnLayout.separator(in: names[0].text, otherThan: delimiter)
      {
        throw .joinedHeader(file: path, header: names[0].text, separator: separator, delimiter: delimiter)
      }
      throw .missingLabelColumn(file: path, option: option, name: name, found: names.map(\.text))
    }
    let hasAnnotations = known.contains(Self.annotations)
    let isLabelStudio = hasAnnotations && names.contains { $0.utf8.starts(with: "data.".utf8) }
    let isLabelStudioTable = known.contains("annotation_id") && known.contains("annotator")
    let usualID = isLabelStudio && known.contains("data.id") ? "data.id" : "id"
    id = try column(columns.id ?? usualID, "id")
    // Later records of JSON may have the first note.
    note = try columns.note.map { name throws(CorpusError) in
      delimiter == nil ? ByteText(name) : try column(name, "note")
    }
    let own = columns.findsAnnotators && isLabelStudioTable ? "annotator" : nil
    annotator = try (columns.annotator ?? own).map { name throws(CorpusError) in try column(name, "annotator") }
    readsAnnotators = columns.findsAnnotators || columns.annotator != nil
    let usual = isLabelStudioTable && !known.contains("label") ? try? Preset.named("label-studio")[.label] : nil
    let name = columns.label ?? usual ?? "label"
    if known.contains(ByteText(name)) {
      label = .column(ByteText(name))
    } else if hasAnnotations, columns.label == nil || ColumnExpression(name) == nil {
      label = .annotations(question: columns.label)
    } else if let expression = ColumnExpression(name)?.resolved(in: names),
      expression.columns.contains(where: known.contains)
    {
      label = .expression(expression)
    } else {
      label = .column(try column(columns.label ?? "label", "label"))
    }
  }

  private static let annotations: ByteText = "annotations"

  /// The labels of a record, by each person who gave some.
  ///
  /// - Parameters:
  ///   - names: the names of coded labels, whose codes are labels whatever they look like.
  ///   - cell: the value of a column.
  /// - Returns: the labels; one entry for each person.
  /// - Throws: the name of a column whose cell begins like a JSON list but cannot be read as one.
  func choices(_ names: LabelNames, _ cell: (ByteText) -> String?) throws(UnreadableList) -> [LabelCell.Choice] {
    switch label {
    case .column(let name): return [LabelCell.Choice(labels: LabelCell.labels(in: cell(name) ?? "", names))]
    case .expression(let expression):
      let found = try expression.values(for: .label, cell)
      return [LabelCell.Choice(labels: found.flatMap { LabelCell.labels(in: $0, names) })]
    case .annotations(let question):
      let text = cell(Self.annotations) ?? ""
      if text.isBlank { return [] }
      guard let found = LabelCell.annotations(in: text, question: question) else {
        throw UnreadableList(column: Self.annotations)
      }
      return found
    }
  }
}
