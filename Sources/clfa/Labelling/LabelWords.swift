import Bytes
import Corpus
import Files
import Store

/// The words of `clfa label`.
enum LabelWords {
  /// A fault with the option that helps.
  static func advised(_ fault: RowFault) -> RowFault {
    let advice: String? =
      switch fault.code {
      case .noPost: "name the column of ids with --id, or score the corpus first"
      case .repeatedKey: "if several people labelled the posts, name their column with --annotator"
      case .severalContents: "choose with --content"
      case .unknownLabel: "name coded labels with --labels"
      default: nil
      }
    var fault = fault
    if let advice { fault.detail += "; \(advice)" }
    return fault
  }

  /// What became of the rows of files.
  static func lines(
    _ summary: LabelSummary, rows: Int, restored: Int, _ request: LabelRequest, _ store: String
  ) -> [String] {
    var lines: [String] = []
    if summary.restoredKeys + restored > 0 {
      lines.append(
        "notice: a spreadsheet's protection was removed from \(summary.restoredKeys.counted("id", "ids")) and "
          + "\(restored.counted("other cell", "other cells")): '= and =\"…\", as clfa export --excel writes them")
    }
    if summary.severalContents > 0, request.contents != .refuse {
      lines.append(
        "notice: \(summary.severalContents.counted("row has a key", "rows have keys")) that several contents in the store "
          + "share; " + (request.contents == .all ? "each gets the label" : "the last one gets the label")
          + " (--content)")
    }
    if summary.unknownLabels > 0, let run = summary.run {
      lines.append(
        "notice: \(summary.unknownLabels.counted("row has a label", "rows have labels")) that the model of run "
          + "\(run.printable) does not have; these posts count as wrong in clfa evaluate")
    }
    lines.append(
      "\(store): \(rows.counted("row", "rows")) = \(summary.new) new + \(summary.changed) changed + \(summary.unchanged) "
        + "unchanged + \(summary.empty) without a label + \(summary.faulted) faulted"
        + (summary.sources.isEmpty ? "" : "; source: \(summary.sources.listed(most: 8))"))
    return lines
  }

  /// What became of a majority.
  static func lines(_ summary: MajoritySummary, _ name: String, _ store: String) -> [String] {
    var lines = [
      "\(store): \(name.printable) of \(summary.sources.listed(most: 8)): "
        + "\(summary.agreed.counted("post", "posts")) with a label (\(summary.single) from one source alone), "
        + "\(summary.tied.counted("tie", "ties")) left open; \(summary.new) new, \(summary.changed) changed, "
        + "\(summary.removed) removed"
    ]
    if summary.tied > 0 {
      lines.append(
        "notice: of a tie, other commands use the latest label of any source; with --truth "
          + "\(Shell.word(name)) they leave it out")
    }
    return lines
  }
}
