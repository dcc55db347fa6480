import ArgumentParser

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
