/// Why the arithmetic could not go on. Never the input's fault: the machine or its library refused, or somebody asked
/// for an early end.
public enum TensorError: Error, Equatable, Sendable {
  /// The system would not give this much memory.
  case outOfMemory(bytes: Int)
  /// oneDNN refused an operation, with its own words for the reason.
  case library(operation: String, reason: String)
  /// Somebody asked for an early end.
  case interrupted
}
