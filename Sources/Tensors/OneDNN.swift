internal import COneDNN

/// The library that multiplies matrices: what it is here, and how many threads it takes.
public enum OneDNN {
  /// The version of the library that is loaded, e.g. `2.6.3`.
  public static var version: String { String(cString: conednn_version()) }

  /// The widest instruction set the library uses on this processor, by its own name, e.g. `avx512_core_bf16`.
  /// To ask settles it: ``InstructionSet/pin(_:)`` comes first or not at all.
  public static var instructionSet: String { String(cString: conednn_instruction_set()) }

  /// Makes the calling thread multiply alone. The setting is the thread's own, so every worker says this first;
  /// a worker that did not would start a team of threads at each product.
  ///
  /// - Returns: Whether there was anything to set; a build of the library without OpenMP has one thread anyway.
  @discardableResult
  public static func useOneThread() -> Bool { conednn_use_one_thread() != 0 }
}
