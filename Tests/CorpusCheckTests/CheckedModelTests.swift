import Bytes
import Corpus
import CorpusCheck
import Foundation
import Models
import Preparation
import TestSupport
import Testing

/// A corpus checked for a model: its differences from the training posts are among the findings.
@Suite struct CheckedModelTests {
  private let scratch: Scratch
  /// The folder with what a check reads of the samples' model, and the profile of posts that all had pictures.
  private let folder: String

  init() throws {
    scratch = try Scratch()
    for file in ["config.json", "vocab.txt"] {
      try scratch.write("M/" + file, Data(contentsOf: URL(filePath: "\(samples)/model/\(file)")))
    }
    var profile = InputProfile()
    (profile.posts, profile.text, profile.picture) = (1000, 1, 1)
    try scratch.write("M/" + InputProfile.fileName, profile.json)
    folder = scratch.file("M")
  }

  private func check(model: CheckedModel?, limit: Int? = nil) throws -> CorpusFindings {
    let rows = "text,label\n" + (0..<40).map { "what a treat \($0),\($0 % 2)\n" }.joined()
    var options = CorpusCheckOptions(threads: 2)
    options.limit = limit
    return try CorpusChecker(options).check(
      CorpusReader(paths: [scratch.write("rows.csv", rows)], options: CorpusOptions()),
      folders: scratch.folders("rows.csv"), model: model)
  }

  @Test func differencesFromTheTrainingPostsAreFindings() throws {
    let model = try CheckedModel(folder: folder), check = try check(model: model)
    let picture = try #require(check.mismatches.first { $0.subject == .input(.picture) })
    #expect(picture.isCritical && picture.trained == 1 && picture.here == 0 && picture.posts == 40)
    #expect(picture.words.contains("the model \"M\""), "\(picture.words)")
    #expect(check.mismatches.contains { $0.subject == .labelNumbers && $0.here == 1 })
    let found = check.findings.compactMap { if case .mismatch(let mismatch) = $0 { mismatch } else { nil } }
    #expect(found == check.mismatches.filter { $0.subject != .labels })
    #expect(check.rows == 40 && check.pieces?.model == folder && check.pieces?.texts == 40)
  }

  @Test func onlyTheRowsThatAreCheckedAreCompared() throws {
    let check = try check(model: CheckedModel(folder: folder), limit: 12)
    #expect(check.rows == 12 && check.mismatches.first?.posts == 12)
  }

  @Test func withoutAModelNothingIsCompared() throws {
    #expect(try check(model: nil).mismatches.isEmpty)
  }

  @Test func aFolderWithoutAModelIsAnError() throws {
    try FileManager.default.removeItem(atPath: folder + "/vocab.txt")
    #expect(throws: (any Error).self) { try CheckedModel(folder: folder) }
    #expect(throws: ModelError.self) { try CheckedModel(folder: scratch.file("none")) }
  }
}
