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

extension Folder {
  /// Runs a body that may read the folder but change nothing in it, root or not.
  func whileReadOnly(_ body: () throws -> Void) throws {
    let files = FileManager.default
    for name in names { try files.setAttributes([.posixPermissions: 0o444], ofItemAtPath: file(name)) }
    try files.setAttributes([.posixPermissions: 0o555], ofItemAtPath: path)
    defer {
      try? files.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
      for name in names { try? files.setAttributes([.posixPermissions: 0o644], ofItemAtPath: file(name)) }
    }
    guard geteuid() == 0 else { return try body() }
    // Root may write anywhere; for this thread's files alone, be nobody.
    typealias SetUser = @convention(c) (UInt32) -> Int32
    let symbol = try #require(dlsym(nil, "setfsuid"))
    let setFileUser = unsafeBitCast(symbol, to: SetUser.self)
    _ = setFileUser(65534)
    defer { _ = setFileUser(0) }
    try body()
  }
}
