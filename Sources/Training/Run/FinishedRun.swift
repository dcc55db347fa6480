public import Models

/// A run that is done, as its model's folder tells of it.
public struct FinishedRun: Sendable {
  /// The model's name, the last component of its path.
  public let name: String
  /// What the model is.
  public let configuration: ModelConfiguration
  /// What every epoch did.
  public let history: TrainingHistory
  /// What the card says; nil where there is none.
  public let card: CardExcerpt?

  private static let historyLimit = 64 * 1_048_576
  private static let cardLimit = 1_048_576

  /// Reads a model's folder, its weights apart.
  public static func read(_ folder: String) throws(FinishedRunError) -> FinishedRun {
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

  /// What the card in a model's folder says; nil where there is none. A card is for people; one that cannot be read keeps
  /// nobody from the numbers.
  public static func card(of folder: String) -> CardExcerpt? {
    let card = try? MappedFile(path: path(of: "card.md", in: folder), limit: cardLimit).copy()
    return card.map { CardExcerpt(String(decoding: $0, as: UTF8.self)) }
  }

  private static func path(of file: String, in folder: String) -> String {
    (folder.hasSuffix("/") || folder.isEmpty ? folder : folder + "/") + file
  }
}

/// Why a model's folder does not tell of its training.
public enum FinishedRunError: Error, Equatable, Sendable {
  /// The folder is no model's, or a file of it cannot be read.
  case model(ModelError)
  /// There is no history: the model was not trained by this program.
  case noHistory(path: String)
  /// The history is not what training writes.
  case badHistory(path: String)
}
