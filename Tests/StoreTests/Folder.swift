import Foundation
import GRDB
import Testing

/// A folder of its own for each test, gone with it.
final class Folder {
  let path: String

  init() throws {
    let base = FileManager.default.temporaryDirectory.path + "/clfa-store-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: base, withIntermediateDirectories: true)
    // The store names its files by resolved paths.
    path = URL(fileURLWithPath: base).resolvingSymlinksInPath().path
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func file(_ name: String) -> String { path + "/" + name }

  var names: [String] {
    (try? FileManager.default.contentsOfDirectory(atPath: path).sorted()) ?? []
  }

  /// Every file's bytes and time of change.
  var state: [String: String] {
    var state: [String: String] = [:]
    for name in names {
      let attributes = try? FileManager.default.attributesOfItem(atPath: file(name))
      let bytes = FileManager.default.contents(atPath: file(name)) ?? Data()
      let time = attributes?[.modificationDate] as? Date
      state[name] = "\(bytes.hashValue) \(bytes.count) \(time?.timeIntervalSince1970 ?? 0)"
    }
    return state
  }
}
