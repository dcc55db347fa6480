import Bytes
import Queries
import Store

/// The columns of an export: the corpus' own, and behind them what the run says.
struct ExportColumns {
  /// The corpus' own columns.
  let own: [String]
  /// All columns' names, each once.
  let names: [String]
  private let labels: [ByteText]

  /// Puts what a run says behind the corpus' own columns; a name that one of those has gets `_2`, `_3` and so on.
  init(own: [String], labels: [String]) {
    self.own = own
    self.labels = labels.map { ByteText($0) }
    var taken = Set(own.map { ByteText($0) })
    let said =
      ["clfa_state", "clfa_label", "clfa_confidence"] + labels.map { "clfa_p_\($0)" }
      + ["clfa_similarity", "clfa_fault"]
    names =
      own
      + said.map { name in
        var free = name, number = 2
        while !taken.insert(ByteText(free)).inserted {
          free = "\(name)_\(number)"
          number += 1
        }
        return free
      }
  }

  /// What a run says of a row, in the order of the columns behind the corpus' own.
  func values(_ row: ExportRow, _ source: ExportSource) throws -> [QueryValue] {
    var values: [QueryValue] = [.text(row.state)]
    if let answer = row.answer {
      var shares = [QueryValue](repeating: .null, count: labels.count)
      for (place, member) in try source.members(of: answer.probabilities).enumerated() {
        // They stand in the model's order, as a rule.
        let name = ByteText(member.name)
        let own = place < labels.count && labels[place] == name ? place : labels.firstIndex(of: name)
        if let own { shares[own] = member.value }
      }
      values += [.text(answer.label), answer.confidence] + shares + [answer.similarity]
    } else {
      values += [QueryValue](repeating: .null, count: labels.count + 3)
    }
    return values + [row.fault.map { .text($0) } ?? .null]
  }
}
