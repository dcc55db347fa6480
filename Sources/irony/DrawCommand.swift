import ArgumentParser
import IronyCorpus

/// `irony`, or `irony draw`: the corpus.
struct DrawCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "draw",
    abstract: "Draw a corpus.",
    discussion: """
      Writes train.csv, validation.csv and test.csv (id, text, image, label, picture) and images/. Every text, and every \
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
