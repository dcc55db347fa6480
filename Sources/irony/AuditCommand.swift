import ArgumentParser
import Bytes
import Foundation
import IronyCorpus

/// `irony audit`: the proof that neither side gives the label away.
struct AuditCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "audit",
    abstract: "Look for anything that gives the label away, in the files as they are.",
    discussion: """
      For each cue the greatest difference between the labels' counts; then what rules that know one side only, and \
      learn on the training posts, get right on the test posts. Exit code 2 where a difference or a rule is beyond \
      what is allowed.
      """)

  @Argument(help: "A folder that irony made.", completion: .directory) var folder: String

  func run() throws {
    let audit = try CorpusAudit(folder: folder)
    var rows = [["split", "cue", "kinds", "greatest difference", "allowed"]]
    rows += audit.balances.map { [$0.split, $0.cue, "\($0.kinds)", "\($0.difference)", "\($0.allowed)"] }
    write(rows)
    rows = [["rule, from train", "right on test", "allowed"]]
    rows += audit.guesses.map { [$0.rule, percent($0.accuracy), "50 % ± \(percent($0.allowed))"] }
    write(rows)
    print("texts of the test that are in training, too: \(audit.sharedTexts)")
    if !audit.isClean { throw ExitCode(2) }
  }

  private func percent(_ share: Double) -> String { String(format: "%.2f %%", 100 * share) }

  /// Columns as wide as their widest cell, and an empty line.
  private func write(_ rows: [[String]]) {
    let widths = (rows.first ?? []).indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    for row in rows {
      let cells = zip(row, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }
      print(cells.joined(separator: "  ").printable)
    }
    print()
  }
}
