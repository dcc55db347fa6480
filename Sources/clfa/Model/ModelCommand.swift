internal import Preparation
import ArgumentParser
import Models
import Queries
import Scoring

/// `clfa model`: what can be made of a model's folder, and told of it.
struct ModelCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "model",
    abstract: "Make a model's folder from a checkpoint or another model, describe, check and export it.",
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

/// `clfa model verify`: whether a model is whole and sound.
struct ModelVerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Check every tensor of a model: there, of the configured shape, finite; print its hash.",
    discussion: """
      Reads all of the folder: the configuration and the weights' header are checked, the vocabulary must fit, every \
      tensor must be there with the configured shape and finite numbers, and none may be too many. What is wrong is named, \
      and the exit code is 1.

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

  @OptionGroup var model: ModelArgument
  @OptionGroup var output: NewFolderOptions

  func run() throws {
    try Interruptible.run(isReading: true) { shouldStop in
      try ModelFolder.load(model.path).export(to: output.path, shouldStop: shouldStop)
      Console.line("\(output.path) holds the model")
    }
  }
}
