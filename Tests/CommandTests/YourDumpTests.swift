import Foundation
import TestSupport
import Testing

/// Every command of `docs/your-dump.md`, run on files like those that its line is about.
@Suite struct YourDumpTests {
  /// The lines of the page's tables: what there is, and the command.
  private static let lines: [(title: String, command: String)] = {
    let page = (try? String(contentsOfFile: Workdir.repository + "/docs/your-dump.md", encoding: .utf8)) ?? ""
    var lines: [(title: String, command: String)] = []
    for line in page.split(separator: "\n") {
      guard line.hasPrefix("| "), line.hasSuffix("` |"), let place = line.range(of: " | `") else { continue }
      let command = String(line[place.upperBound...].dropLast("` |".count))
      lines.append((String(line[..<place.lowerBound].dropFirst(2)), command.replacing("\\|", with: "|")))
    }
    return lines
  }()

  @Test func everyLineOfThePageIsRun() {
    #expect(Self.lines.count > 40)
    #expect(Self.lines.map(\.title) == DumpCase.all.map(\.title))
  }

  @Test(arguments: DumpCase.all)
  func theCommandDoesWhatItsLineSays(dump: DumpCase) async throws {
    let line = try #require(Self.lines.first { $0.title == dump.title })
    let workdir = try Workdir()
    for (name, content) in dump.files { try workdir.write(name, content.data()) }
    // What the page leaves out.
    let score = "--model '\(Workdir.model)' --store posts.sqlite --precision f32 --progress none"
    let command = line.command.replacing("clfa ", with: "'\(Workdir.program)' ")
    let isScore = line.command.contains("clfa score")
    let outcome = try await workdir.shell("set -o pipefail; " + command + (isScore ? " " + score : ""))
    switch dump.result {
    case .says(let words, let status):
      #expect(outcome.status == status && (outcome.output + outcome.errors).contains(words), "\(outcome)")
    case .rows(let rows, let pictures, let faults):
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(
        try workdir.rows(
          "posts.sqlite", "SELECT (SELECT count(*) FROM entry), (SELECT count(*) FROM fault)") == ["\(rows)|\(faults)"],
        "\(outcome.errors)")
      if let pictures {
        #expect(
          try workdir.rows("posts.sqlite", "SELECT count(*) FROM post WHERE picture_hash IS NOT NULL") == [
            "\(pictures)"
          ],
          "\(outcome.errors)")
      }
    }
    if let (sql, value) = dump.value {
      #expect(try workdir.rows("posts.sqlite", sql) == [value], "\(outcome.errors)")
    }
  }
}

/// The files for a line of the page, and what its command gives.
struct DumpCase: Sendable, CustomTestStringConvertible {
  enum Content: Sendable {
    case text(String)
    case bytes([UInt8])
    /// A JPEG of the samples; each place is another one.
    case picture(Int)
    /// A file made for the tests of presets.
    case preset(String)
    case gzip(String)
    /// A file of the tests of presets, compressed.
    case zstd(String)

    func data() throws -> Data {
      switch self {
      case .text(let text): return Data(text.utf8)
      case .bytes(let bytes): return Data(bytes)
      case .picture(let place): return try Data(contentsOf: URL(filePath: Self.picture(place)))
      case .preset(let name): return try Data(contentsOf: URL(filePath: Self.presets + name))
      case .gzip(let text):
        let scratch = try Scratch()
        return try Data(contentsOf: URL(filePath: scratch.writeGzip("a.gz", Array(text.utf8))))
      case .zstd(let name):
        return try Data(Scratch().zstd([UInt8](Data(contentsOf: URL(filePath: Self.presets + name)))))
      }
    }

    private static let presets = Workdir.repository + "/Tests/CorpusTests/Data/presets/"

    static func picture(_ place: Int) throws -> String {
      let folder = Workdir.samples + "/images"
      let names = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".jpg") }.sorted()
      return "\(folder)/\(names[place % names.count])"
    }
  }

  enum Result: Sendable {
    /// So many rows, posts with a picture (nil: any number) and faults.
    case rows(Int, pictures: Int?, faults: Int)
    /// Words in the output, with an exit code.
    case says(String, status: Int32)
  }

  var title: String
  var files: [String: Content]
  var result: Result
  /// SQL that gives this one value.
  var value: (sql: String, is: String)?

  var testDescription: String { title }

  init(
    _ title: String, _ files: [String: Content], rows: Int, pictures: Int? = nil, faults: Int = 0,
    _ value: (sql: String, is: String)? = nil
  ) {
    (self.title, self.files, self.value) = (title, files, value)
    result = .rows(rows, pictures: pictures, faults: faults)
  }

  init(_ title: String, _ files: [String: Content], says words: String, status: Int32 = 0) {
    (self.title, self.files, value) = (title, files, nil)
    result = .says(words, status: status)
  }

  /// Pictures by path, each another one.
  static func pictures(_ paths: String...) -> [String: Content] {
    Dictionary(uniqueKeysWithValues: paths.enumerated().map { ($0.element, Content.picture($0.offset)) })
  }
}
