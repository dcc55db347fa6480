/// Why the arithmetic could not go on. Never the input's fault: the machine or its library refused, or somebody asked
/// for an early end.
package enum TensorError: Error, Equatable, Sendable {
  /// The system would not give this much memory.
  case outOfMemory(bytes: Int)
  /// oneDNN refused an operation, with its own words for the reason.
  case library(operation: String, reason: String)
  /// Somebody asked for an early end.
  case interrupted
}

extension TensorError: CustomStringConvertible {
  /// The message: the problem and how to fix it.
  package var description: String {
    switch self {
    case .outOfMemory(let bytes):
      let mebibytes = bytes / 1_048_576
      return "the system refused \(mebibytes) MiB of memory; use fewer threads or a smaller batch"
    case .interrupted: return "interrupted"
    case .library(let operation, let reason):
      return "oneDNN \(OneDNN.version) (\(OneDNN.instructionSet)) failed at \(operation): \(reason);"
        + " try another version of libdnnl"
    }
  }
}
