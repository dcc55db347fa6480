import Preparation
import CorpusCheck
import Corpus
import Foundation
import Inputs
import Scoring

/// A folder of files for one test, removed with it.
final class Scratch {
  let folder: String

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "clfa-audit-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  deinit {
    try? FileManager.default.removeItem(atPath: folder)
  }

  /// Writes a file and returns its path.
  @discardableResult
  func write(_ name: String, _ text: String) throws -> String {
    try write(name, Data(text.utf8))
  }

  /// Writes a file and returns its path.
  @discardableResult
  func write(_ name: String, _ data: Data) throws -> String {
    let file = URL(filePath: folder).appending(path: name)
    try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try data.write(to: file)
    return file.path
  }

  /// Checks a corpus of one file.
  func check(_ csv: String, decodes: Bool = false, threads: Int = 2, against: String? = nil) throws -> CorpusFindings {
    var options = CorpusCheckOptions(threads: threads)
    options.decodes = decodes
    let checker = CorpusChecker(options)
    let other = try against.map { try checker.other(reader("other.csv", $0), folders: folders("other.csv")) }
    return try checker.check(reader("posts.csv", csv), folders: folders("posts.csv"), against: other)
  }

  private func reader(_ name: String, _ csv: String) throws -> CorpusReader {
    try CorpusReader(paths: [write(name, csv)], options: CorpusOptions())
  }

  func folders(_ name: String) throws -> PictureFolders {
    try PictureFolders(images: nil, paths: [folder + "/" + name], names: [name], limits: PictureLimits())
  }
}

/// The repository's samples.
let samples = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  .deletingLastPathComponent().appending(path: "Samples").path
