import Bytes
import CorpusCheck
import Inputs
import Preparation
import Queries

extension PictureRuleTable {
  /// The table at the end of a plan and a check: rows, the rule that found their pictures, and what another rule would
  /// add. Empty if no row names a picture.
  var lines: [String] {
    guard rows > self[.noPicture] + self[.noPost] else { return [] }
    var cells = [["picture", "rows", "share", ""]]
    for outcome in Outcome.allCases where self[outcome] > 0 {
      cells.append([outcome.words, "\(self[outcome])", share(self[outcome]), ""])
      // Files found by name may have been spelled otherwise, too.
      guard outcome == (self[.near] > 0 ? .near : .name) else { continue }
      cells += rules.filter { $0.rule != .name }.map { ["  \($0.rule.words)", "\($0.rows)", "", ""] }
    }
    for (place, offer) in offers.enumerated() {
      let examples = offer.examples.map { "\(short($0.reference)) is \(short($0.file))" }
      cells.append([
        "--image-match \(offer.match.rawValue) would find \(place > 0 ? "further" : "missing") ones", "\(offer.rows)",
        share(offer.rows), examples.joined(separator: "; "),
      ])
    }
    return TextColumns.lines(cells)
  }

  private func share(_ count: Int) -> String { Finding.percent(Double(count) / Double(rows)) }

  private func short(_ path: String) -> String { path.spelledName.cut(toWidth: 60) }
}

extension PictureRuleTable.Outcome {
  fileprivate var words: String {
    switch self {
    case .written: "found where the corpus says"
    case .template: "found where the template says"
    case .near: "found by rules for other spellings"
    case .name: "found by name alone"
    case .notFound: "not found"
    case .noPicture: "no picture named"
    case .noPost: "row cannot be read"
    }
  }
}
