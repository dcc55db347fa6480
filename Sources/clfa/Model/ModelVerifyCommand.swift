import ArgumentParser
import Models
import Queries
import Scoring

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

  @Argument(help: "The model's folder.", completion: .directory)
  var model: String
  @OptionGroup var format: FormatOption

  func run() throws {
    try Interruptible.run(isReading: true) { shouldStop in
      let folder = try ModelFolder.load(model)
      _ = try InputReader.pieces(of: folder)
      for notice in ScoreTask.notices(nil, try folder.trainingProfile()) { Console.line("notice: \(notice)") }
      let troubles = try folder.troubles(shouldStop: shouldStop)
      guard troubles.isEmpty else {
        throw ModelError.unsound(path: model, troubles: troubles.map { "\($0.name) \($0.trouble)" })
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
