import Bytes
import Foundation
import Glibc
import TestSupport

/// A browser without a window, driven by the WebDriver protocol.
final class WebDriver {
  struct Failure: Error { var words: String }

  private var process = Process()
  private var port: UInt16 = 0
  private var session = ""
  private let scratch: Scratch

  /// The programs that it needs, from Debian's packages chromium and chromium-driver.
  static let isInstalled = ["chromium", "chromedriver"].allSatisfy { access("/usr/bin/" + $0, X_OK) == 0 }

  init() throws {
    scratch = try Scratch()
    // Of several that start at once, one may not get its port.
    for attempt in 1...3 {
      do {
        try launch()
        break
      } catch { if attempt == 3 { throw error } }
    }
  }

  private func launch() throws {
    let pipe = Pipe()
    process = Process()
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

  /// Presses keys, one after the other. Ctrl (U+E009) is held until U+E000.
  func press(_ keys: String) throws {
    let control: Character = "\u{E009}"
    let actions = keys.flatMap { key -> [JSON] in
      let kinds = key == control ? ["keyDown"] : key == "\u{E000}" ? ["keyUp"] : ["keyDown", "keyUp"]
      let value = key == "\u{E000}" ? control : key
      return kinds.map { .members([("type", .string($0)), ("value", .string(String(value)))]) }
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
    let value =
      try JSONParser.parse(try LoopbackClient(port: port).exchange(Array(head.utf8) + bytes).body)["value"] ?? .null
    if let error = value["error"]?.asString { throw Failure(words: error + ": " + (value["message"]?.asString ?? "")) }
    return value
  }
}
