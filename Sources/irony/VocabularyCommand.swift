import ArgumentParser
import IronyCorpus

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
