import Bytes

/// The labels in a cell of a file of labels: as written, or as tools for labelling write them.
enum LabelCell {
  /// Labels of one post by one person.
  struct Choice: Equatable {
    var labels: [String]
    /// Who chose them; nil if the cell does not say.
    var annotator: String?
  }

  /// The labels in a cell: a list as in `["ironic"]`, `{"choices": ["ironic"]}`, or the whole cell.
  /// A code of `names` is a label whatever it looks like.
  static func labels(in cell: String, _ names: LabelNames) -> [String] {
    if names[cell] != nil { return [cell] }
    guard let first = cell.utf8.first(where: { !isBlank($0) }),
      first == UInt8(ascii: "[") || first == UInt8(ascii: "{"),
      let value = try? JSONParser.parse(Array(cell.utf8)), let labels = labels(value)
    else { return cell.isBlank || isMissing(cell) ? [] : [cell] }
    return labels
  }

  /// Whether a cell has a word of programs for a missing value. A label may well be called `none`.
  private static func isMissing(_ cell: String) -> Bool {
    Placeholder.isMissingNumber(cell) || cell.lowercased() == "null"
  }

  /// The annotations of a task: Label Studio's `annotations`, or those of doccano's first versions.
  ///
  /// - Parameters:
  ///   - cell: a JSON list of objects.
  ///   - question: the name of the question, if several were asked; nil for the only one.
  /// - Returns: a choice for each annotation; one that was cancelled is left out. nil if the cell is not such a list.
  static func annotations(in cell: String, question: String?) -> [Choice]? {
    guard let list = try? JSONParser.parse(Array(cell.utf8)).asList else { return nil }
    return list.compactMap { annotation in
      guard annotation["was_cancelled"]?.asBool != true else { return nil }
      let person = annotation["completed_by"] ?? annotation["user"]
      let annotator = person.flatMap { text($0) ?? $0["email"].flatMap(text) ?? $0["id"].flatMap(text) }
      guard let results = annotation["result"]?.asList else {
        return Choice(labels: annotation["label"].flatMap(labels) ?? [], annotator: annotator)
      }
      let asked = results.filter { question == nil || $0["from_name"].flatMap(text) == question }
      return Choice(labels: asked.flatMap { $0["value"].flatMap(labels) ?? [] }, annotator: annotator)
    }
  }

  /// The labels of a JSON value; nil for an object without choices.
  private static func labels(_ value: JSON) -> [String]? {
    switch value {
    case .null: return []
    case .array(let values): return values.flatMap { labels($0) ?? [] }
    case .object: return value["choices"].flatMap(labels)
    default: return text(value).map { $0.isBlank ? [] : [$0] }
    }
  }

  private static func text(_ value: JSON) -> String? {
    switch value {
    case .string(let text): text
    case .integer(let number): "\(number)"
    case .real(let number): "\(number)"
    case .bool(let value): "\(value)"
    case .null, .array, .object: nil
    }
  }
}
