import ArgumentParser
import Models

/// `clfa model info`: what a model is.
struct ModelInfoCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "info",
    abstract: "Tell what a model is: architecture, sizes, labels, tokenizer, fingerprint, card.",
    discussion: """
      One row, a column for each fact. The fingerprint stands with every prediction of the model.

      EXAMPLE
        clfa model info MODEL
        clfa model info MODEL --format json
      """)

  @Argument(help: "The model's folder.", completion: .directory)
  var model: String
  @OptionGroup var format: FormatOption

  func run() throws {
    try Interruptible.run(isReading: true) { _ in
      let folder = try ModelFolder.load(model)
      let facts = try FolderFacts(folder)
      for notice in ScoreTask.notices(nil, try folder.trainingProfile()) { Console.line("notice: \(notice)") }
      try format.print(facts.columns, [facts.row(for: format)])
    }
  }
}
