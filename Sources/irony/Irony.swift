import ArgumentParser
import Bytes
import Foundation
import SampleGenerator

/// The command line that makes what `Samples` ships; `make model` calls it.
@main
struct Irony: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "irony",
    abstract: "Generates sample posts that are ironic or sincere, which only text and picture together reveal.",
    discussion: """
      EXAMPLE
        irony -o corpus --train 6000 --validation 1000 --test 2000 --seed 7
        irony audit corpus
        irony vocabulary --from minilm/vocab.txt --corpus corpus/train.csv -o vocab.txt

      EXIT CODE
        0    done
        1    failed
        2    audit: text, picture or sound alone reveals the label
        64   wrong usage
      """,
    subcommands: [DrawCommand.self, AuditCommand.self, VocabularyCommand.self], defaultSubcommand: DrawCommand.self)
}

/// `irony`, or `irony draw`: the corpus.
struct DrawCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "draw",
    abstract: "Generate a corpus.",
    discussion: """
      Writes train.csv, validation.csv and test.csv (columns id, text, image, label, topic, picture, shows, language, \
      knowledge) and the folder images. A text names a topic and has a mood; its picture shows an emoji of the topic and one of a \
      mood. The label is sincere if the moods agree, ironic if they do not. Every text and every emoji occurs equally \
      often with both labels, so neither the text alone nor the picture alone reveals the label. Validation and test \
      posts combine phrases and topics in ways that do not occur in training. The same options give the same bytes on \
      one machine.

      topic is the topic of the text; picture has the names of the two emoji, and knowledge the same as a caption; \
      shows is other if the picture shows another topic than the text's (one post in 40), else same; language is that \
      of the text. --sound adds the column sound and the folder sounds, a .npy file for each post: eight notes, each \
      with 12 pitch classes and 12 overtones. The tune is major or minor by the mood of the picture, and its overtones \
      depend on the topic that the picture shows. The column heard says both in words.

      --places adds the columns topic_place and mood_place: the boxes around the two emoji, as left, top, right and \
      bottom in pixels of the picture.
      """)

  @Option(
    name: [.short, .customLong("output")],
    help: ArgumentHelp("The folder to create; it must not exist.", valueName: "folder"), completion: .directory)
  var output: String
  @Option(help: ArgumentHelp("Number of training posts.", valueName: "n")) var train = 6000
  @Option(help: ArgumentHelp("Number of validation posts.", valueName: "n")) var validation = 1000
  @Option(help: ArgumentHelp("Number of test posts.", valueName: "n")) var test = 2000
  @Option(
    help: ArgumentHelp(
      "The language of all texts: en, de, es, ar or ja. Default: en, and one text in 50 in one of the others.",
      valueName: "language"))
  var language: Language?
  @Flag(help: "Also write a sound for each post.") var sound = false
  @Flag(help: "Also say where the two emoji are.") var places = false
  @Option(help: ArgumentHelp("Random seed.", valueName: "n")) var seed: UInt64 = 7

  func validate() throws {
    if output.isEmpty { throw ValidationError("-o takes the name of a folder.") }
    for (name, count) in [("train", train), ("validation", validation), ("test", test)]
    where !(0...1_000_000).contains(count) {
      throw ValidationError("--\(name) takes 0 to 1000000.")
    }
  }

  func run() throws {
    let writer = CorpusWriter(
      train: train, validation: validation, test: test, language: language, hasSound: sound, hasPlaces: places,
      seed: seed)
    try writer.write(to: output)
  }
}

extension Language: ExpressibleByArgument {}

/// `irony audit`: checks that neither text, picture nor sound alone reveals the label.
struct AuditCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "audit",
    abstract: "Check that neither text, picture nor sound alone reveals the label.",
    discussion: """
      For each cue, prints the greatest difference between the labels' counts. Then learns rules that use the text, \
      the picture or the sound alone on the training posts, and prints their accuracy on the test posts. The exit \
      code is 2 if a difference or an accuracy exceeds its limit.
      """)

  @Argument(help: "A folder that irony draw wrote.", completion: .directory) var folder: String

  func run() throws {
    let check = try LeakageCheck(folder: folder)
    var rows = [["split", "cue", "kinds", "greatest difference", "allowed"]]
    rows += check.balances.map { [$0.split, $0.cue, "\($0.kinds)", "\($0.difference)", "\($0.allowed)"] }
    write(rows)
    rows = [["rule, from train", "right on test", "allowed"]]
    rows += check.baselines.map { [$0.rule, percent($0.accuracy), "50 % ± \(percent($0.allowed))"] }
    write(rows)
    print("texts of the test that are in training, too: \(check.sharedTexts)")
    if !check.isClean { throw ExitCode(2) }
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
    abstract: "Reduce a vocabulary to the pieces that a small model needs.",
    discussion: """
      Keeps the special pieces, the pieces that occur in the texts, all single characters, and then further pieces \
      from the start of the file up to --size, all in their original order.
      """)

  @Option(help: ArgumentHelp("The vocab.txt to reduce.", valueName: "file"), completion: .file(extensions: ["txt"]))
  var from: String
  @Option(
    help: ArgumentHelp("A CSV file with the texts; can be repeated.", valueName: "file"),
    completion: .file(extensions: ["csv"]))
  var corpus: [String]
  @Option(help: ArgumentHelp("Number of pieces to keep, or more if the texts need more.", valueName: "n"))
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
