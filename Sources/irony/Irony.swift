import ArgumentParser
import Bytes
import Foundation
import SampleGenerator

/// The command line that makes what `Samples` ships; `make model` calls it.
@main
struct Irony: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "irony",
    abstract: "Draws posts whose label, ironic or sincere, needs both the text and the picture.",
    discussion: """
      EXAMPLE
        irony -o corpus --train 6000 --validation 1000 --test 2000 --seed 7
        irony audit corpus
        irony vocabulary --from minilm/vocab.txt --corpus corpus/train.csv -o vocab.txt

      EXIT CODE
        0    done
        1    failed
        2    audit: something gives the label away
        64   bad usage
      """,
    subcommands: [DrawCommand.self, AuditCommand.self, VocabularyCommand.self], defaultSubcommand: DrawCommand.self)
}

/// `irony`, or `irony draw`: the corpus.
struct DrawCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "draw",
    abstract: "Draw a corpus.",
    discussion: """
      Writes train.csv, validation.csv and test.csv (id, text, image, label, topic, picture, shows, language) and images/. Every text, and every \
      glyph, stands as often under both labels, so neither tells anything by itself. Validation and test combine \
      phrases and topics as training never does. The same options give the same bytes on one machine.
      """)

  @Option(
    name: [.short, .customLong("output")],
    help: ArgumentHelp("The folder to make; there must be none.", valueName: "folder"), completion: .directory)
  var output: String
  @Option(help: ArgumentHelp("Posts to learn from.", valueName: "n")) var train = 6000
  @Option(help: ArgumentHelp("Posts to select by.", valueName: "n")) var validation = 1000
  @Option(help: ArgumentHelp("Posts to judge by.", valueName: "n")) var test = 2000
  @Option(help: ArgumentHelp("What everything follows from.", valueName: "n")) var seed: UInt64 = 7

  func validate() throws {
    if output.isEmpty { throw ValidationError("-o takes the name of a folder.") }
    for (name, count) in [("train", train), ("validation", validation), ("test", test)]
    where !(0...1_000_000).contains(count) {
      throw ValidationError("--\(name) takes 0 to 1000000.")
    }
  }

  func run() throws {
    try CorpusWriter(train: train, validation: validation, test: test, seed: seed).write(to: output)
  }
}

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
    let audit = try LeakageCheck(folder: folder)
    var rows = [["split", "cue", "kinds", "greatest difference", "allowed"]]
    rows += audit.balances.map { [$0.split, $0.cue, "\($0.kinds)", "\($0.difference)", "\($0.allowed)"] }
    write(rows)
    rows = [["rule, from train", "right on test", "allowed"]]
    rows += audit.baselines.map { [$0.rule, percent($0.accuracy), "50 % ± \(percent($0.allowed))"] }
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

/// `irony vocabulary`: the small model's word pieces.
struct VocabularyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "vocabulary",
    abstract: "Cut a vocabulary to what a small model needs.",
    discussion: """
      Keeps the special pieces, the pieces that the texts use, all single characters, and as many of the first others \
      as there is room for, in their order.
      """)

  @Option(help: ArgumentHelp("The vocab.txt to cut.", valueName: "file"), completion: .file(extensions: ["txt"]))
  var from: String
  @Option(
    help: ArgumentHelp("A CSV with the texts; may be given again.", valueName: "file"),
    completion: .file(extensions: ["csv"]))
  var corpus: [String]
  @Option(help: ArgumentHelp("How many pieces are wanted; more where the texts need more.", valueName: "n"))
  var size = 3747
  @Option(
    name: [.short, .customLong("output")], help: ArgumentHelp("The file to write.", valueName: "file"),
    completion: .file(extensions: ["txt"]))
  var output: String

  func validate() throws {
    if corpus.isEmpty { throw ValidationError("--corpus takes a CSV file.") }
    if output.isEmpty { throw ValidationError("-o takes the name of a file.") }
    if size < 5 { throw ValidationError("--size takes 5 or more.") }
  }

  func run() throws {
    let pieces = try VocabularyCut.pieces(of: from, corpus: corpus, size: size)
    let text = pieces.map { $0 + "\n" }.joined()
    try VocabularyCut.write(text, to: output)
  }
}
