import Foundation
import FuzzTargets
import Testing

/// The committed inputs of `make fuzz`: each is read or rejected with a reason, and no check fails.
///
/// Most are inputs that libFuzzer found to reach each part of the readers; it continues from them. An input that made a
/// check fail has a name that says how.
@Suite struct FuzzTests {
  private static let data = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Data")

  @Test(arguments: FuzzTarget.allCases) func committedInputsAreReadOrRejected(target: FuzzTarget) throws {
    let folder = Self.data.appending(path: target.rawValue).path
    var read = 0, refused = 0
    for name in try FileManager.default.contentsOfDirectory(atPath: folder).sorted() {
      let bytes = try #require(FileManager.default.contents(atPath: folder + "/" + name))
      do throws(BrokenPromise) {
        if try target.read([UInt8](bytes)) { read += 1 } else { refused += 1 }
      } catch {
        Issue.record("\(target.rawValue)/\(name): \(error)")
      }
    }
    #expect(read >= 5 && refused >= 5, "\(read) read, \(refused) refused")
  }
}
