extension TensorError: CustomStringConvertible {
  /// What is wrong, and how to mend it.
  public var description: String {
    switch self {
    case .outOfMemory(let bytes):
      let mebibytes = bytes / 1_048_576
      return "the system refused \(mebibytes) MiB of memory; use fewer threads or a smaller batch"
    case .interrupted: return "interrupted"
    case .library(let operation, let reason):
      return "oneDNN \(OneDNN.version) (\(OneDNN.instructionSet)) failed at \(operation): \(reason);"
        + " another version of libdnnl may do better"
    }
  }
}
