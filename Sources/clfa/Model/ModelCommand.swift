internal import Preparation
import ArgumentParser
import Models
import Queries
import Scoring

/// `clfa model`: creates, describes, checks and exports model folders.
struct ModelCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "model",
    abstract: "Import, describe, check, export or quantize a model.",
    discussion: """
      EXAMPLE
        clfa model import model.bin --vocabulary vocab.txt --label-names no,yes -o M
        clfa model info MODEL
        clfa model verify MODEL
        clfa model export MODEL -o EXPORTED
        clfa model quantize MODEL --corpus labelled.csv -o MODEL-int8
      """,
    subcommands: [
      ModelImportCommand.self, ModelInfoCommand.self, ModelVerifyCommand.self, ModelExportCommand.self,
      QuantizeCommand.self,
    ])
}

/// `clfa model verify`: checks whether a model is complete and valid.
struct ModelVerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Check that a model folder is complete and valid, and print its hash.",
    discussion: """
      Reads the whole folder. Checks the configuration and the header of the weights, that the vocabulary fits, and \
      that there are exactly the expected tensors, each with the configured shape and finite numbers. Prints every \
      error; the exit code is then 1.

      EXAMPLE
        clfa model verify MODEL
      """)

  @OptionGroup var model: ModelArgument
  @OptionGroup var format: FormatOption

  func run() throws {
    try Interruptible.run(isReading: true) { shouldStop in
      let folder = try ModelFolder.load(model.path)
      _ = try InputReader.pieces(of: folder)
      for notice in ScoringTask.notices(nil, try folder.trainingProfile()) { Console.line("notice: \(notice)") }
      let tensorErrors = try folder.tensorErrors(shouldStop: shouldStop)
      guard tensorErrors.isEmpty else {
        throw ModelError.unsound(path: model.path, tensorErrors: tensorErrors.map { "\($0.name) \($0.error)" })
      }
      let (tensors, bytes) = folder.stored
      try format.print(
        ["name", "tensors", "parameters", "bytes", "fingerprint"],
        [
          [
            .text(folder.name), .integer(Int64(tensors)), .integer(Int64(folder.configuration.parameters)),
            .integer(Int64(bytes)), .text(folder.fingerprint),
          ]
        ])
    }
  }
}

/// `clfa model export`: exports a model for the reference implementation.
struct ModelExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write a model in the form that the PyTorch reference implementation loads, with weights in F32.",
    discussion: """
      The new folder contains config.json with every key, weights.safetensors (the reference's state dict), the \
      vocabulary and the card. clfa can read it, too. The bytes of a quantized model are converted to the numbers \
      that they represent. Models with registers, a lexicon or feature streams cannot be exported, because the \
      reference does not support them.

      EXAMPLE
        clfa model export MODEL -o EXPORTED
      """)

  @OptionGroup var model: ModelArgument
  @OptionGroup var output: NewFolderOptions

  func run() throws {
    try Interruptible.run(isReading: true) { shouldStop in
      try ModelFolder.load(model.path).export(to: output.path, shouldStop: shouldStop)
      Console.line("\(output.path) holds the model")
    }
  }
}
