/// Why a hub's folder cannot be read as a CLIP.
public enum ClipError: Error, Equatable, Sendable {
  /// A configuration of a variant that is not built.
  case configuration(path: String, ConfigurationFault)
  /// A file that is missing, that cannot be read, or that does not fit the configuration.
  case hub(HubError)

  /// What trouble with the weights is here.
  static func weights(_ error: ModelError) -> ClipError {
    switch error {
    case .missingTensor(let path, let name, let shape): .hub(.missingTensor(path: path, name: name, shape: shape))
    case .misshapenTensor(let path, let name, let expected, let found):
      .hub(.misshapenTensor(path: path, name: name, expected: expected, found: found))
    default: .hub(HubError(error))
    }
  }
}
