import ArgumentParser
import Models

/// `clfa model export`: a model as the reference implementation loads it.
struct ModelExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write a model as the PyTorch reference loads it: every key spelled out, weights in F32.",
    discussion: """
      The folder holds config.json, weights.safetensors (the reference's state dict), the vocabulary and the card, and is a \
      model folder of clfa's, too. A quantised model's bytes become the numbers that they stand for. Registers, lexicons \
      and streams of features, which the reference does not have, are refused.

      EXAMPLE
        clfa model export MODEL -o EXPORTED
      """)

  @Argument(help: "The model's folder; it stays as it is.", completion: .directory)
  var model: String
  @Option(
    name: [.short, .customLong("output")],
    help: ArgumentHelp("The folder to make; there must be none.", valueName: "folder"), completion: .directory)
  var output: String

  func validate() throws {
    if output.isEmpty { throw ValidationError("-o takes the name of a folder.") }
  }

  func run() throws {
    try Interruptible.run(isReading: true) { shouldStop in
      try ModelFolder.load(model).export(to: output, shouldStop: shouldStop)
      Console.line("\(output) holds the model")
    }
  }
}
