internal import Bytes

/// A label of the corpus.
package struct LabelSummary: Sendable, Equatable {
  package var label: String
  /// Rows that have it.
  package var count: Int
}

/// Numbers for labels in the order in which they appear, and how often each does.
struct LabelTally {
  /// Different labels that are told apart; a column of ids, say, must not fill the memory.
  static let most = 1000
  /// The bytes that a label may have to be told apart.
  private static let longest = 1000
  private var numbers: [ByteText: Int] = [:]
  private(set) var labels: [LabelSummary] = []
  /// Rows with a label beyond those.
  private(set) var others = 0
  /// Rows without one.
  private(set) var unlabelled = 0

  /// Counts a row's label, and gives its number; `nil` without one, and for labels that are too many.
  mutating func add(_ label: String?) -> Int? {
    guard let label, !label.utf8.allSatisfy({ $0 == 0x20 || (0x09...0x0D).contains($0) }) else {
      unlabelled += 1
      return nil
    }
    let text = ByteText(label)
    if let number = numbers[text] {
      labels[number].count += 1
      return number
    }
    guard labels.count < Self.most, label.utf8.count <= Self.longest else {
      others += 1
      return nil
    }
    numbers[text] = labels.count
    labels.append(LabelSummary(label: label, count: 1))
    return labels.count - 1
  }

  /// The commonest first.
  var sorted: [LabelSummary] {
    labels.indices.sorted { (labels[$1].count, $0) < (labels[$0].count, $1) }.map { labels[$0] }
  }

  /// Labels that differ only in case, blanks, `-`, `_` and what cannot be seen, in groups, the commonest spelling first.
  var spellings: [[LabelSummary]] {
    var groups: [[UInt8]: [LabelSummary]] = [:], order: [[UInt8]] = []
    for label in sorted {
      let folded = label.label.lowercased().unicodeScalars.filter {
        $0.value > 0x20 && $0 != "-" && $0 != "_" && !$0.properties.isWhitespace
          && !$0.properties.isDefaultIgnorableCodePoint
      }.flatMap { UTF8.encode($0) ?? UTF8.encodedReplacementCharacter }
      if groups[folded] == nil { order.append(folded) }
      groups[folded, default: []].append(label)
    }
    return order.compactMap { groups[$0] }.filter { $0.count > 1 }
  }
}
