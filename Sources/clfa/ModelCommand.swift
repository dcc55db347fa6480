import ArgumentParser

/// `clfa model`: what can be made of a model's folder.
struct ModelCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "model",
    abstract: "Make a model's folder from another.",
    discussion: """
      EXAMPLE
        clfa model quantize MODEL --corpus labelled.csv -o MODEL-int8
      """,
    subcommands: [QuantizeCommand.self])
}
