/// Why a computation could not continue. It is never the input's fault: the machine or its library failed, or the
/// caller asked to stop.
package enum TensorError: Error, Equatable, Sendable {
  /// The system cannot allocate this much memory.
  case outOfMemory(bytes: Int)
  /// A oneDNN operation failed, with the library's own reason.
  case library(operation: String, reason: String)
  /// The caller asked to stop.
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
