import Bytes

/// True labels of a corpus that the model does not have, counted for one notice.
///
/// Posts with such a label always count as wrong, so a difference in spelling would look like a bad model.
package struct UnknownLabels: Sendable {
  /// The maximum number of labels that are counted separately, so that a column of ids, say, does not use up memory.
  private static let most = 1000
  /// The number of labels that the notice names.
  private static let shown = 5
  private let model: [String]
  private let known: Set<ByteText>
  private var places: [ByteText: Int] = [:]
  private var counts: [(label: String, count: Int)] = []
  /// The number of rows with an unknown label.
  package private(set) var total = 0
  private var isCut = false

  /// Creates counts of zero.
  ///
  /// - Parameter model: the model's labels in its order.
  package init(model: [String]) {
    self.model = model
    known = Set(model.map { ByteText($0) })
  }

  /// Counts a true label if the model does not know it.
  package mutating func add(_ label: String, count: Int = 1) {
    let bytes = ByteText(label)
    guard count > 0, !known.contains(bytes) else { return }
    total += count
    if let place = places[bytes] {
      counts[place].count += count
    } else if counts.count < Self.most {
      places[bytes] = counts.count
      counts.append((label, count))
    } else {
      isCut = true
    }
  }

  /// The notice, with the most common labels first; `nil` if the model knows them all.
  package var notice: String? {
    guard total > 0 else { return nil }
    let order = counts.indices.sorted { (counts[$1].count, $0) < (counts[$0].count, $1) }
    var names = order.prefix(Self.shown).map { "\(Self.quoted(counts[$0].label)) (\(counts[$0].count))" }
    if counts.count > Self.shown {
      names.append("and \(isCut ? "more than " : "")\(counts.count - Self.shown) more")
    }
    let rows = total == 1 ? "1 row has a true label" : "\(total) rows have true labels"
    return
      "\(rows) that the model does not know, so they count as wrong: \(names.joined(separator: ", ")); the "
      + "model's labels are \(model.listed(quote: "\"")). If only the names "
      + "differ, give the model's names when scoring (THEIRS=MODEL'S)"
  }

  private static func quoted(_ label: String) -> String { "\"\(cut(label))\"" }

  private static func cut(_ label: String) -> String {
    label.printable(upTo: 40)
  }
}

/// Does not store bare numbers if the model has label names: codes differ between copies of a corpus.
package struct LabelCheck: Sendable {
  private let names: [String]

  package init(names: [String]) {
    self.names = names
  }

  /// The label to store; `nil` for a bare integer that is not one of the model's label names.
  package func name(_ label: String) -> String? {
    if names.contains(where: { $0.hasSameBytes(as: label) }) { return label }
    return Int(label) == nil ? label : nil
  }
}
