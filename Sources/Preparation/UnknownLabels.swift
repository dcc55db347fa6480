package import Bytes

/// True labels of a corpus that the model does not have, counted for one notice.
///
/// Posts with such a label always count as wrong, so a difference in spelling would look like a bad model.
package struct UnknownLabels: Sendable {
  /// The maximum number of labels that are counted separately, so that a column of ids, say, does not use up memory.
  private static let most = 1000
  /// The number of labels that the notice names.
  private static let shown = 5
  private let model: [ByteText]
  private let known: Set<ByteText>
  private var places: [ByteText: Int] = [:]
  private var counts: [(label: ByteText, count: Int)] = []
  /// How many rows have an unknown label.
  package private(set) var total = 0
  private var isCut = false

  /// Creates counts of zero.
  ///
  /// - Parameter model: the model's labels in its order.
  package init(model: [ByteText]) {
    self.model = model
    known = Set(model)
  }

  /// Counts a true label if the model does not know it.
  package mutating func add(_ label: ByteText, count: Int = 1) {
    guard count > 0, !known.contains(label) else { return }
    total += count
    if let place = places[label] {
      counts[place].count += count
    } else if counts.count < Self.most {
      places[label] = counts.count
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
      + "model's labels are \(model.map(\.text).listed(quote: "\"")). If only the names "
      + "differ, give the model's names when scoring (THEIRS=MODEL'S)"
  }

  private static func quoted(_ label: ByteText) -> String { "\"\(label.text.printable(upTo: 40))\"" }
}

/// Does not store bare numbers if the model has label names: codes differ between copies of a corpus.
package struct LabelCheck: Sendable {
  private let names: Set<ByteText>

  package init(names: [ByteText]) { self.names = Set(names) }

  /// The label to store; `nil` for a bare integer that is not one of the model's label names.
  package func name(_ label: ByteText) -> ByteText? {
    names.contains(label) || Int(label.text) == nil ? label : nil
  }
}
