import Foundation
import GRDB
import Subprocess
import TestSupport
import Testing

#if canImport(System)
  import System
#else
  import SystemPackage
#endif

/// A folder of its own for one test, and the built program to run in it.
struct Workdir: ~Copyable {
  private let scratch: Scratch

  /// The folder, removed when the test ends.
  var path: String { scratch.path }

  /// The result of a command.
  struct Outcome {
    var status: Int32?
    var output: String
    var errors: String
  }

  init() throws { scratch = try Scratch() }

  /// The repository's root, and the samples' folder.
  static let repository = Checkout.root, samples = Checkout.samples

  /// The samples' model without the profile of its training posts.
  static let model = Checkout.modelWithoutProfile

  /// A JPEG among the samples' pictures.
  static var jpeg: String {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: samples + "/images")) ?? []
    return "\(samples)/images/\(names.filter { $0.hasSuffix(".jpg") }.min() ?? "")"
  }

  /// The program, built in the same folder as the tests.
  static let program: String = {
    let tests = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
    return URL(filePath: tests).deletingLastPathComponent().appending(path: "clfa").path
  }()

  /// The environment of programs: what frozen encoders compute is kept here, not in the user's home.
  var environment: Environment { .inherit.updating(["XDG_CACHE_HOME": path + "/.cache"]) }

  /// Runs the program to its end.
  func run(_ arguments: String..., input: String = "") async throws -> Outcome {
    try await run(arguments, input: input)
  }

  /// Runs the program to its end.
  func run(
    _ arguments: [String], input: String = "", environment: Environment? = nil, program: String = Self.program
  ) async throws -> Outcome {
    let result = try await Subprocess.run(
      .path(FilePath(program)), arguments: Arguments(arguments), environment: environment ?? self.environment,
      workingDirectory: FilePath(path), input: .string(input), output: .string(limit: 64 << 20),
      error: .string(limit: 16 << 20))
    return Outcome(
      status: result.terminationStatus.code, output: result.standardOutput,
      errors: result.standardError)
  }

  /// Runs a command line in bash.
  func shell(_ command: String) async throws -> Outcome {
    try await run(["-c", command], program: "/bin/bash")
  }

  /// Starts the program, sends it a signal after a while, and waits for its end.
  func run(_ arguments: [String], signal: Int32, after seconds: Double) async throws -> Outcome {
    let result = try await Subprocess.run(
      .path(FilePath(Self.program)), arguments: Arguments(arguments), environment: environment,
      workingDirectory: FilePath(path),
      input: .none, output: .discarded, error: .string(limit: 16 << 20)
    ) { execution in
      try await Task.sleep(for: .seconds(seconds))
      kill(execution.processIdentifier.value, signal)
    }
    return Outcome(status: result.terminationStatus.code, output: "", errors: result.standardError)
  }

  /// Starts the program, sends it a signal as soon as it has installed a handler, and waits for its end.
  func run(_ arguments: [String], signalOnceCaught signal: Int32) async throws -> Outcome {
    let result = try await Subprocess.run(
      .path(FilePath(Self.program)), arguments: Arguments(arguments), environment: environment,
      workingDirectory: FilePath(path),
      input: .none, output: .discarded, error: .string(limit: 16 << 20)
    ) { execution in
      let process = execution.processIdentifier.value
      while !Self.catches(signal, process: process) { try await Task.sleep(for: .milliseconds(10)) }
      kill(process, signal)
    }
    return Outcome(status: result.terminationStatus.code, output: "", errors: result.standardError)
  }

  /// Starts the program, sends it a signal as soon as a query of a store has a row, and waits for its end.
  func run(_ arguments: [String], signal: Int32, onceIn store: String, holds sql: String) async throws -> Outcome {
    let file = path + "/" + store
    let result = try await Subprocess.run(
      .path(FilePath(Self.program)), arguments: Arguments(arguments), environment: environment,
      workingDirectory: FilePath(path),
      input: .none, output: .discarded, error: .string(limit: 16 << 20)
    ) { execution in
      let process = execution.processIdentifier.value
      while (try? Self.rows(of: file, sql))?.isEmpty != false, Self.runs(process) {
        try await Task.sleep(for: .milliseconds(5))
      }
      kill(process, signal)
    }
    return Outcome(status: result.terminationStatus.code, output: "", errors: result.standardError)
  }

  /// Starts the program, sends it a signal as soon as standard error contains some text, and waits for its end.
  func run(_ arguments: [String], signal: Int32, onceSaid words: String) async throws -> Outcome {
    let said = path + "/said-\(UUID().uuidString).txt"
    let result = try await Subprocess.run(
      .path("/bin/bash"), arguments: Arguments(["-c", "exec \"$@\" 2>'\(said)'", "bash", Self.program] + arguments),
      workingDirectory: FilePath(path), input: .none, output: .discarded, error: .string(limit: 16 << 20)
    ) { execution in
      let process = execution.processIdentifier.value
      while !Self.read(said).contains(words), Self.runs(process) { try await Task.sleep(for: .milliseconds(20)) }
      kill(process, signal)
    }
    return Outcome(status: result.terminationStatus.code, output: "", errors: Self.read(said))
  }

  private static func read(_ file: String) -> String { (try? String(contentsOfFile: file, encoding: .utf8)) ?? "" }

  /// Whether a process has not ended.
  private static func runs(_ process: Int32) -> Bool {
    let status = read("/proc/\(process)/status")
    return !status.isEmpty && !status.contains("State:\tZ")
  }

  /// Whether a process has a handler for a signal, or is gone.
  private static func catches(_ signal: Int32, process: Int32) -> Bool {
    guard let status = try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8) else { return true }
    let line = status.split(separator: "\n").first { $0.hasPrefix("SigCgt:") }
    let mask = line?.split(whereSeparator: \.isWhitespace).last.flatMap { UInt64($0, radix: 16) }
    return (mask ?? 0) & (1 << UInt64(signal - 1)) != 0 || status.contains("State:\tZ")
  }

  /// Writes a file below the folder and returns its path.
  @discardableResult
  func write(_ name: String, _ text: String) throws -> String { try scratch.write(name, text) }

  /// Writes a file below the folder and returns its path.
  @discardableResult
  func write(_ name: String, _ data: Data) throws -> String { try scratch.write(name, data) }

  /// Writes a gzip file below the folder and returns its path.
  @discardableResult
  func writeGzip(_ name: String, _ text: String) throws -> String { try scratch.writeGzip(name, Array(text.utf8)) }

  /// Writes a Zstandard file below the folder and returns its path.
  @discardableResult
  func writeZstd(_ name: String, _ text: String) throws -> String { try scratch.writeZstd(name, Array(text.utf8)) }

  /// The rows that SQL gives on a store below the folder, cells as text joined by `|`.
  func rows(_ store: String, _ sql: String) throws -> [String] { try Self.rows(of: path + "/" + store, sql) }

  private static func rows(of store: String, _ sql: String) throws -> [String] {
    var configuration = Configuration()
    configuration.readonly = true
    let queue = try DatabaseQueue(path: store, configuration: configuration)
    return try queue.read { database in
      try Row.fetchAll(database, sql: sql).map { row in
        row.databaseValues.map { value in
          switch value.storage {
          case .null: "NULL"
          case .int64(let number): "\(number)"
          case .double(let number): "\(number)"
          case .string(let text): text
          case .blob(let data): data.map { String(format: "%02x", $0) }.joined()
          }
        }.joined(separator: "|")
      }
    }
  }

  /// Changes a store below the folder with plain SQL.
  func execute(_ store: String, _ sql: String) throws {
    try DatabaseQueue(path: path + "/" + store).write { try $0.execute(sql: sql) }
  }

  /// Everything in a store that does not depend on the time or on the order of insertion.
  func contents(_ store: String) throws -> [String] {
    try [
      "SELECT run.name, corpus, shard, state, counts FROM run ORDER BY run.name",
      """
      SELECT run.name, file, record, line, entry.key, entry.state, content_hash FROM entry JOIN run ON run.id = run_id
      LEFT JOIN post ON post.id = post_id ORDER BY run.name, file, record
      """,
      """
      SELECT key, content_hash, text, knowledge, image, picture_hash, posted_at, extra FROM post
      ORDER BY key, content_hash
      """,
      """
      SELECT key, content_hash, label, confidence, probabilities, text_image_similarity, unknown_share, truncated
      FROM prediction JOIN post ON post.id = post_id ORDER BY key, content_hash
      """,
      """
      SELECT space, key, content_hash, vector FROM embedding JOIN post ON post.id = post_id
      ORDER BY space, key, content_hash
      """,
      "SELECT key, content_hash, source, label FROM label JOIN post ON post.id = post_id ORDER BY key, content_hash",
      "SELECT run.name, file, line, key, stage, code, path, detail FROM fault JOIN run ON run.id = run_id ORDER BY 1, 2, 3",
    ].flatMap { try rows(store, $0) }
  }

  /// Arguments that score a corpus with the samples' model, by default in f32, so that the result is the same on every
  /// processor. The posts need not be like the model's training posts.
  static func score(
    _ corpus: String, _ store: String, _ more: String..., precision: String? = "f32"
  ) -> [String] {
    scoring(corpus, with: model, store, precision) + more
  }

  /// Arguments that score the samples' posts with the model as it is shipped, in f32.
  static func scoreSamples(_ store: String, _ more: String...) -> [String] {
    scoring(samples + "/posts.csv", with: samples + "/model", store, "f32") + more
  }

  private static func scoring(_ corpus: String, with model: String, _ store: String, _ precision: String?) -> [String] {
    ["score", corpus, "--model", model, "--store", store, "--progress", "none"]
      + (precision.map { ["--precision", $0] } ?? [])
  }
}

extension TerminationStatus {
  /// The exit code; `nil` after a signal.
  var code: Int32? {
    if case .exited(let code) = self { code } else { nil }
  }
}
