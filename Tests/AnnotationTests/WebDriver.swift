import Bytes
import Foundation
import Glibc
import TestSupport

/// A browser without a window, driven by the WebDriver protocol.
final class WebDriver {
  struct Failure: Error { var words: String }

  private let process = Process()
  private var port: UInt16 = 0
  private var session = ""
  private let scratch: Scratch

  /// The programs that it needs, from Debian's packages chromium and chromium-driver.
  static let isInstalled = ["chromium", "chromedriver"].allSatisfy { access("/usr/bin/" + $0, X_OK) == 0 }

  init() throws {
    scratch = try Scratch()
    let pipe = Pipe()
    process.executableURL = URL(filePath: "/usr/bin/chromedriver")
    process.arguments = ["--port=0"]
    process.standardOutput = pipe
    process.standardError = FileHandle.nullDevice
    // The browser's own files go into the folder, and away with it.
    process.environment = ProcessInfo.processInfo.environment.merging(["HOME": scratch.path, "TMPDIR": scratch.path]) {
      $1
    }
    try process.run()
    do { try start(reading: pipe) } catch {
      close()
      throw error
    }
  }

  private func start(reading pipe: Pipe) throws {
    // "ChromeDriver was started successfully on port 41234."
    var words = ""
    while !words.contains("successfully on port") || !words.hasSuffix("\n") {
      let data = pipe.fileHandleForReading.availableData
      if data.isEmpty { throw Failure(words: "chromedriver ended: " + words) }
      words += String(decoding: data, as: UTF8.self)
    }
    let digits = words.components(separatedBy: "successfully on port ").last?.prefix { $0.isNumber } ?? ""
    port = UInt16(digits) ?? 0
    let options: JSON = .members([
      (
        "args",
        .array(
          ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--window-size=1000,800"].map(
            JSON.string))
      )
    ])
    let capabilities: JSON = .members([("alwaysMatch", .members([("goog:chromeOptions", options)]))])
    let value = try call("POST", "/session", .members([("capabilities", capabilities)]))
    session = "/session/" + (value["sessionId"]?.asString ?? "")
  }

  func open(_ page: String) throws {
    _ = try call("POST", session + "/url", .members([("url", .string(page))]))
  }

  /// Presses keys, one after the other.
  func press(_ keys: String) throws {
    let actions = keys.flatMap { key in
      ["keyDown", "keyUp"].map { JSON.members([("type", .string($0)), ("value", .string(String(key)))]) }
    }
    let keyboard: JSON = .members([
      ("type", .string("key")), ("id", .string("keyboard")), ("actions", .array(actions)),
    ])
    _ = try call("POST", session + "/actions", .members([("actions", .array([keyboard]))]))
  }

  /// The value of an expression of JavaScript.
  func value(_ expression: String) throws -> JSON {
    try call(
      "POST", session + "/execute/sync", .members([("script", .string("return " + expression)), ("args", .array([]))]))
  }

  /// Waits until an expression is true.
  func wait(for expression: String) throws {
    for _ in 0..<1000 {
      if try value(expression).asBool == true { return }
      usleep(20_000)
    }
    let words = try value("document.body.innerText").asString ?? ""
    throw Failure(words: "never true: \(expression); the page is: \(words)")
  }

  func close() {
    if !session.isEmpty { _ = try? call("DELETE", session, nil) }
    // A child of this thread may have SIGTERM blocked.
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
  }

  private func call(_ method: String, _ path: String, _ body: JSON?) throws -> JSON {
    let bytes = body.map { Array($0.text().utf8) } ?? []
    let head = """
      \(method) \(path) HTTP/1.1\r
      Host: 127.0.0.1:\(port)\r
      Content-Type: application/json\r
      Content-Length: \(bytes.count)\r
      Connection: close\r
      \r

      """
    let value = try JSONParser.parse(try exchange(Array(head.utf8) + bytes))["value"] ?? .null
    if let error = value["error"]?.asString { throw Failure(words: error + ": " + (value["message"]?.asString ?? "")) }
    return value
  }

  /// Sends a request on a connection of its own; returns the body of the answer.
  private func exchange(_ request: [UInt8]) throws -> [UInt8] {
    let connection = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { Glibc.close(connection) }
    var place = sockaddr_in()
    place.sin_family = sa_family_t(AF_INET)
    place.sin_port = port.bigEndian
    place.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let isConnected = withUnsafePointer(to: &place) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(connection, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
      }
    }
    guard isConnected, send(connection, request, request.count, Int32(MSG_NOSIGNAL)) == request.count else {
      throw Failure(words: "chromedriver does not answer")
    }
    var answer: [UInt8] = [], buffer = [UInt8](repeating: 0, count: 1 << 16)
    let end = Array("\r\n\r\n".utf8)
    while true {
      let count = recv(connection, &buffer, buffer.count, 0)
      if count > 0 { answer += buffer[..<count] }
      if let head = answer.firstRange(of: end) {
        let words = String(decoding: answer[..<head.lowerBound], as: UTF8.self).lowercased()
        let length = words.components(separatedBy: "content-length:").dropFirst().first?
          .prefix { $0 != "\r\n" }.trimmingCharacters(in: .whitespaces)
        let body = answer[head.upperBound...]
        if let length = length.flatMap({ Int($0) }), body.count >= length { return Array(body.prefix(length)) }
      }
      guard count > 0 else { throw Failure(words: "chromedriver closed the connection") }
    }
  }
}
