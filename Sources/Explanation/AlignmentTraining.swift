import Bytes
internal import Models

/// Whether a model learnt to bring texts and pictures together, as its configuration says.
public enum AlignmentTraining: Sendable, Equatable {
  /// The alignment's weight in the loss was this, above 0.
  case aligned(alpha: Double)
  /// It was 0: where texts and pictures lie to each other was never learnt.
  case none
  /// The configuration does not say.
  case unrecorded
}

extension AlignmentTraining {
  private static let configurationLimit = 1_048_576

  /// What a model's `config.json` says of α. An absent key is no record, though the published value is read for it.
  init(folder: ModelFolder) {
    let path = folder.path + (folder.path.hasSuffix("/") ? "" : "/") + "config.json"
    guard let file = try? MappedFile(path: path, limit: Self.configurationLimit),
      case .object(let members)? = try? JSONParser.parse(file.copy()),
      members.contains(where: { $0.key.hasSameBytes(as: "alpha") })
    else {
      self = .unrecorded
      return
    }
    let alpha = folder.configuration.training.alpha
    self = alpha > 0 ? .aligned(alpha: alpha) : .none
  }
}
