import Foundation
import FuzzTargets

/// The target that `CLFA_FUZZ` names.
private let target = ProcessInfo.processInfo.environment["CLFA_FUZZ"].flatMap { FuzzTarget(rawValue: $0) }

/// The function that libFuzzer calls with each input.
@_cdecl("LLVMFuzzerTestOneInput")
package func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  guard let target else {
    FileHandle.standardError.write(Data("CLFA_FUZZ names no target\n".utf8))
    exit(64)
  }
  do throws(BrokenPromise) {
    _ = try target.read(Array(UnsafeBufferPointer(start: start, count: count)))
  } catch {
    FileHandle.standardError.write(Data("broken: \(error)\n".utf8))
    abort()
  }
  return 0
}
