import Bytes
internal import CKernels
internal import COneDNN

/// The instruction set used by the library and by clfa's own kernels.
///
/// Both use the widest set of the processor unless restricted, and the same for the whole process.
package enum InstructionSet {
  /// The names of the sets to which this build can be restricted, the narrowest first, in oneDNN's spelling.
  package static var names: [String] {
    (0..<conednn_sets()).map { String(cString: conednn_set_name($0)) }
  }

  /// Those that this processor has.
  package static var available: [String] {
    (0..<conednn_sets()).filter { conednn_set_is_here($0) != 0 }.map { String(cString: conednn_set_name($0)) }
  }

  /// Restricts the library and the kernels to a set.
  ///
  /// Call this before anything is computed or asked of the library, and before other threads compute.
  /// - Throws: `unknown` and `notHere`; `inUse` if the library has already chosen its set.
  package static func pin(_ name: String) throws(InstructionSetError) {
    let index = (0..<conednn_sets()).first {
      ByteText(String(cString: conednn_set_name($0))) == ByteText(name)
    }
    guard let index else { throw .unknown(name, known: names) }
    guard conednn_set_is_here(index) != 0 else { throw .notHere(name, available: available) }
    guard conednn_pin(index) == 0 else {
      let used = OneDNN.instructionSet
      throw .inUse(name, used: used)
    }
    let width = conednn_set_width(index)
    let full: Int32 = conednn_has(CONEDNN_BF16) != 0 ? 3 : 2
    ckernels_limit(width == CONEDNN_512 ? full : width == CONEDNN_256 ? 1 : 0)
  }

  /// The set used by clfa's own kernels: `baseline`, `avx2` or `avx512`.
  package static var ofKernels: String {
    switch ckernels_level() {
    case 2: "avx512"
    case 1: "avx2"
    default: "baseline"
    }
  }
}

/// Why the requested instruction set cannot be used.
package enum InstructionSetError: Error, Equatable {
  /// No set has the name.
  case unknown(String, known: [String])
  /// The processor lacks it.
  case notHere(String, available: [String])
  /// The library uses another set and does not change it.
  case inUse(String, used: String)
  /// It has no instructions for this number format.
  case lacks(String, format: String)
}

extension InstructionSetError: CustomStringConvertible {
  /// The message: the problem and what to request instead.
  package var description: String {
    switch self {
    case .unknown(let name, let known):
      "there is no instruction set '\(name)'; the choices are \((["auto"] + known).joined(separator: ", "))"
    case .notHere(let name, let available):
      "this processor does not have the instruction set \(name); use \((["auto"] + available).joined(separator: ", "))"
    case .inUse(let name, let used):
      "oneDNN uses \(used) here and cannot be held to \(name); use auto or another instruction set"
    case .lacks(let name, let format):
      "the instruction set \(name) has no \(format) instructions"
    }
  }
}

/// The matrix library: its version, and its number of threads.
package enum OneDNN {
  /// The version of the library that is loaded, e.g. `2.6.3`.
  package static var version: String { String(cString: conednn_version()) }

  /// The widest instruction set the library uses on this processor, by its own name, e.g. `avx512_core_bf16`.
  /// This call fixes the choice: call ``InstructionSet/pin(_:)`` before it or not at all.
  package static var instructionSet: String { String(cString: conednn_instruction_set()) }

  /// Makes the calling thread compute products alone. The setting is per thread, so every worker calls this first; a
  /// worker that did not would start a thread pool at each product.
  ///
  /// - Returns: Whether there was anything to set; a build of the library without OpenMP has only one thread.
  @discardableResult
  package static func useOneThread() -> Bool { conednn_use_one_thread() != 0 }
}
