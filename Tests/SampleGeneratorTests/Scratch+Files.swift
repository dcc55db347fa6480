import Foundation
import TestSupport

extension Scratch {
  /// Every file below a part of the folder, by its name.
  func files(_ name: String) throws -> [String: Data] {
    var files: [String: Data] = [:]
    for entry in try FileManager.default.subpathsOfDirectory(atPath: file(name)) {
      if let data = FileManager.default.contents(atPath: file(name) + "/" + entry) { files[entry] = data }
    }
    return files
  }
}
