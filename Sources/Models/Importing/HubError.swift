/// Why a hub's folder cannot be a model's encoder.
public enum HubError: Error, Equatable, Sendable {
  /// There is no such file in the folder.
  case missing(path: String)
  /// A file that cannot be read.
  case file(ModelError)
  /// A configuration of another kind of model, or of a variant that is not built.
  case configuration(path: String, ConfigurationFault)
  /// A tensor that such an encoder has, under the hub's name.
  case missingTensor(path: String, name: String, shape: [Int])
  /// A tensor of another shape than the configuration says.
  case misshapenTensor(path: String, name: String, expected: [Int], found: [Int])
  /// A name that is none of this encoder's tensors.
  case unknownTensor(name: String)
}
