import Foundation
import TestSupport
import Testing

extension Scratch {
  /// Every file's bytes and time of change.
  func state() throws -> [String: String] {
    var state: [String: String] = [:]
    for name in try names() {
      let attributes = try? FileManager.default.attributesOfItem(atPath: file(name))
      let bytes = FileManager.default.contents(atPath: file(name)) ?? Data()
      let time = attributes?[.modificationDate] as? Date
      state[name] = "\(bytes.hashValue) \(bytes.count) \(time?.timeIntervalSince1970 ?? 0)"
    }
    return state
  }

  /// Runs a body that may read the folder but not change it, even as root.
  func whileReadOnly(_ body: () throws -> Void) throws {
    let files = FileManager.default, names = try names()
    for name in names { try files.setAttributes([.posixPermissions: 0o444], ofItemAtPath: file(name)) }
    try files.setAttributes([.posixPermissions: 0o555], ofItemAtPath: path)
    defer {
      try? files.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
      for name in names { try? files.setAttributes([.posixPermissions: 0o644], ofItemAtPath: file(name)) }
    }
    guard geteuid() == 0 else { return try body() }
    // Root may write anywhere, so this thread's file access becomes that of the user nobody.
    typealias SetUser = @convention(c) (UInt32) -> Int32
    let symbol = try #require(dlsym(nil, "setfsuid"))
    let setFileUser = unsafeBitCast(symbol, to: SetUser.self)
    _ = setFileUser(65534)
    defer { _ = setFileUser(0) }
    try body()
  }
}
