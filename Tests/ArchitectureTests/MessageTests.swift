import Foundation
import TestSupport
import Testing

/// Messages of libraries name no flags of the command line; commands add those (`Sources/clfa/Support/Advice.swift`).
@Suite struct MessageTests {
  private static let root = URL(filePath: Checkout.root)

  /// The folders of commands, which may name flags.
  private static let commands: Set<String> = ["clfa", "irony"]

  /// Files with strings that may name these flags, and the reason.
  private static let exceptions: [String: (flags: Set<String>, reason: String)] = [
    "Sources/Corpus/RowFault.swift": (
      ["--encoding", "--escape", "--quote"], "a fault's words are stored with its row"
    ),
    "Sources/Corpus/CorpusNotice.swift": (
      ["--escape", "--excel", "--from-excel", "--pictures", "--quote"], "a run passes its notices on as text"
    ),
    "Sources/Corpus/Cells/DateTally.swift": (["--date-format"], "a run passes its notices on as text"),
    "Sources/Corpus/ForeignFormat.swift": (
      ["--batch", "--convert-to", "--headless", "--include", "--quote", "--text"], "whole commands that convert a file"
    ),
    "Sources/Corpus/FaultRemedies.swift": (
      [
        "--image-match", "--truncated-images", "--max-picture-bytes", "--max-pixels", "--quote", "--encoding",
      ], "it counts the flags in the words of faults"
    ),
    "Sources/CorpusCheck/Texts/DamagedTexts+Words.swift": (
      ["--preserve-entities", "-o"], "a whole command of another program"
    ),
    "Sources/Corpus/Predictions/PredictionFile.swift": (["--labels"], "a fault's words are stored with its row"),
    "Sources/Inputs/Pictures/PictureError.swift": (
      [
        "--image", "--image-match", "--images", "--max-picture-bytes", "--max-pixels", "--threads",
        "--truncated-images",
      ],
      "a fault's words are stored with its row"
    ),
    "Sources/Corpus/JSON/JSONFault.swift": (["--", "--records"], "a fault's words are stored with its row"),
    "Sources/Inputs/Text/Tweets/TweetNormalisation.swift": (["-o"], "a part of a pattern of emoticons"),
    "Sources/Models/Importing/HubTokenizerKeys.swift": (
      ["--max-knowledge", "--max-text", "--pretokenized"], "its words are a table of the documentation, too"
    ),
    "Sources/Models/FeatureStream.swift": (["--max-feature-rows"], "a fault's words are stored with its row"),
    "Sources/Preparation/FeatureFiles.swift": (["--features"], "a fault's words are stored with its row"),
    "Sources/Preparation/InputMismatch.swift": (["--allow-missing"], "runs store it as what allowed a missing input"),
    "Sources/Reporting/Pages/BlockContext.swift": (
      ["--calibrated"], "a part of commands that readers of the page copy"
    ),
    "Sources/Reporting/Pages/ConfusedBlock.swift": (["--sql"], "a whole command for readers of the page to copy"),
    "Sources/Reporting/Pages/LabelIssuesBlock.swift": (
      ["--annotator", "--design", "--distinct", "--run", "--size", "-o"],
      "whole commands for readers of the page to copy"
    ),
    "Sources/Reporting/Pages/OverTimeBlock.swift": (["--by"], "a whole command for readers of the page to copy"),
  ]

  @Test func noStringOfALibraryNamesAFlag() throws {
    var used: [String: Set<String>] = [:]
    for file in try Self.libraryFiles() {
      let path = String(file.path.dropFirst(Self.root.path.count + 1))
      for literal in StringLiterals.all(in: try String(contentsOf: file, encoding: .utf8)) {
        for flag in Self.flags(in: literal) {
          used[path, default: []].insert(flag)
          #expect(Self.exceptions[path]?.flags.contains(flag) == true, "\(path): \(flag) in \"\(literal)\"")
        }
      }
    }
    for (path, exception) in Self.exceptions {
      #expect(exception.flags.isSubset(of: used[path] ?? []), "\(path) no longer needs an exception")
    }
  }

  @Test func literalsAreParsedLikeTheCompilerDoes() {
    let source = #"""
      // "a comment --no"
      let plain = "add --one \(names.map { "--two \($0)" }) or \"--three\"" /* "--no" */
      let block = """
        give --\(kind)-four, not a dash -- or --- \
        "and -o"
        """
      """#
    let found = StringLiterals.all(in: source).flatMap(Self.flags).sorted()
    #expect(found == ["--", "--one", "--three", "--two", "-o"])
    #expect(Self.flags(in: "a well--known word, SELECT 1 -- a comment, iconv -f").isEmpty)
  }

  private static func libraryFiles() throws -> [URL] {
    let manager = FileManager.default
    let sources = root.appendingPathComponent("Sources")
    var folders = try manager.contentsOfDirectory(atPath: sources.path).filter { !commands.contains($0) }.map {
      sources.appendingPathComponent($0)
    }
    folders += ["Queries", "Reports"].map { root.appendingPathComponent($0) }
    return folders.flatMap { folder in
      (manager.enumerator(at: folder, includingPropertiesForKeys: nil)?.compactMap { $0 as? URL } ?? [])
        .filter { $0.pathExtension == "swift" }
    }
  }

  /// The flags in a literal; `--` for a flag with an interpolated name.
  private static func flags(in literal: String) -> [String] {
    literal.matches(of: /(?:^|[^\w\-])(--(?:[a-z][a-z\-]*|(?=\\\())|-o(?![\w\-]))/).map { String($0.1) }
  }
}

/// The string literals of Swift sources, without the quotes; interpolations are read as code.
private struct StringLiterals {
  static func all(in source: String) -> [String] {
    var scanner = StringLiterals(bytes: Array(source.utf8))
    scanner.code(isInterpolation: false)
    return scanner.found
  }

  private let bytes: [UInt8]
  private var place = 0
  private var found: [String] = []

  private init(bytes: [UInt8]) { self.bytes = bytes }

  private func sees(_ text: String) -> Bool { bytes[place...].starts(with: text.utf8) }

  private mutating func skip(behind end: String) {
    while place < bytes.count, !sees(end) { place += 1 }
    place = min(place + end.utf8.count, bytes.count)
  }

  /// Reads code, up to the parenthesis that closes an interpolation.
  private mutating func code(isInterpolation: Bool) {
    var depth = 0
    while place < bytes.count {
      if sees("//") {
        skip(behind: "\n")
      } else if sees("/*") {
        skip(behind: "*/")
      } else if sees("#\"") || sees("##\"") {
        let end = sees("##") ? "\"##" : "\"#"
        place += end.utf8.count
        let start = place
        skip(behind: end)
        found.append(String(decoding: bytes[start..<place], as: UTF8.self))
      } else if sees("\"\"\"") {
        place += 3
        literal(until: "\"\"\"")
      } else if sees("\"") {
        place += 1
        literal(until: "\"")
      } else {
        if bytes[place] == UInt8(ascii: "(") { depth += 1 }
        if bytes[place] == UInt8(ascii: ")") {
          if depth == 0, isInterpolation { return }
          depth -= 1
        }
        place += 1
      }
    }
  }

  private mutating func literal(until end: String) {
    var text: [UInt8] = []
    while place < bytes.count, !sees(end) {
      if sees("\\(") {
        text += Array("\\(".utf8)
        place += 2
        code(isInterpolation: true)
      } else if sees("\\") {
        text += bytes[place..<min(place + 2, bytes.count)]
        place += 2
      } else {
        text.append(bytes[place])
        place += 1
      }
    }
    place += end.utf8.count
    found.append(String(decoding: text, as: UTF8.self))
  }
}
