internal import Bytes
package import Models

/// A finished run, as its model folder records it.
package struct FinishedRun: Sendable {
  /// The model's name, the last component of its path.
  package let name: String
  package let configuration: ModelConfiguration
  /// One record per epoch.
  package let history: TrainingHistory
  /// The facts found in the model's card; nil without a card.
  package let card: CardExcerpt?

  private static let historyLimit = 64 * 1_048_576
  private static let cardLimit = 1_048_576

  /// Reads a model's folder, except its weights.
  package static func read(_ folder: String) throws(FinishedRunError) -> FinishedRun {
    let configuration: ModelConfiguration
    do {
      configuration = try ModelFolder.configuration(of: folder)
    } catch {
      throw .model(error)
    }
    let historyPath = path(of: "history.jsonl", in: folder)
    let lines: String
    do {
      lines = String(decoding: try MappedFile(path: historyPath, limit: historyLimit).copy(), as: UTF8.self)
    } catch .missingFile {
      throw .noHistory(path: historyPath)
    } catch {
      throw .model(error)
    }
    guard let history = TrainingHistory(lines: lines), !history.epochs.isEmpty else {
      throw .badHistory(path: historyPath)
    }
    return FinishedRun(
      name: folder.split(separator: "/").last.map(String.init) ?? folder, configuration: configuration,
      history: history, card: card(of: folder))
  }

  /// Reads the card in a model's folder; nil if it is missing or unreadable. The card is for people and no number
  /// depends on it, so an invalid card is not an error.
  package static func card(of folder: String) -> CardExcerpt? {
    let card = try? MappedFile(path: path(of: "card.md", in: folder), limit: cardLimit).copy()
    return card.map { CardExcerpt(String(decoding: $0, as: UTF8.self)) }
  }

  private static func path(of file: String, in folder: String) -> String {
    (folder.hasSuffix("/") || folder.isEmpty ? folder : folder + "/") + file
  }
}

/// Why a model folder does not describe its training.
package enum FinishedRunError: Error, Equatable, Sendable {
  /// The folder is not a model's, or one of its files cannot be read.
  case model(ModelError)
  /// There is no history: clfa did not train the model.
  case noHistory(path: String)
  /// The history is not in the format that training writes.
  case badHistory(path: String)
}

extension FinishedRunError: CustomStringConvertible {
  /// The message for the user: the problem and how to fix it.
  package var description: String {
    switch self {
    case .model(let error): "\(error)"
    case .noHistory(let path):
      "\(path.printable) does not exist, so nothing is known about this model's training; clfa train writes this file into its models"
    case .badHistory(let path):
      "\(path.printable) is not the history of a training run, with one epoch per line; use the file that clfa train wrote"
    }
  }
}
