/// Why a hub's folder cannot be read as a CLIP or a SigLIP.
public enum ClipError: Error, Equatable, Sendable {
  /// A configuration of a variant that is not built.
  case configuration(path: String, ConfigurationFault)
  /// A file that is missing, that cannot be read, or that does not fit the configuration.
  case hub(HubError)
}
