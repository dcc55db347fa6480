import Bytes
import Preparation
import Corpus
import Foundation
import Inputs
import Models
import Scoring
import Store
import TestSupport
import Testing

/// Inputs that a model was trained on and a corpus lacks, found before a row is scored.
@Suite struct MismatchFinderTests {
  private static let model = Checkout.samples + "/model"

  private let folder: Scratch
  private var configuration: ModelConfiguration
  private var subset = CorpusSubset()
  private var missingPicture = MissingPicturePolicy.fault
  private var allowed: [String] = []
  /// A training on short English texts.
  private var trained = InputProfile()

  init() throws {
    folder = try Scratch()
    configuration = try ModelFolder.configuration(of: Self.model)
    configuration.learntWithoutPicture = true
    (trained.posts, trained.text, trained.charactersPerPiece) = (1000, 1, 3)
    trained.scripts = [InputProfile.Script(name: "Latin", share: 1)]
  }

  private func sample(_ csv: String) throws -> CorpusSample {
    let path = try folder.write("posts.csv", csv)
    let reader = try InputReader(
      configuration: configuration, vocabularyPath: Self.model + "/vocab.txt", limits: PictureLimits(), decoding: .exact
    )
    var corpus = try CorpusReader(paths: [path], options: CorpusOptions())
    let folders = try PictureFolders(images: nil, paths: [path], names: corpus.files, limits: PictureLimits())
    return try CorpusSampler(
      reader: reader, folders: folders, features: nil, subset: subset, missingPicture: missingPicture,
      labelNames: configuration.labelNames
    ).sample(&corpus)
  }

  private func found(_ csv: String, recorded: Bool = true) throws -> [InputMismatch] {
    MismatchFinder(
      model: "M", configuration, trained: recorded ? trained : nil, sample: try sample(csv), allowed: allowed
    ).mismatches
  }

  private static func rows(_ header: String, _ count: Int, _ cells: (Int) -> String) -> String {
    (0..<count).reduce(into: header + "\n") { $0 += "\($1),\(cells($1))\n" }
  }

  @Test(arguments: [true, false])
  func knowledgeWithoutAColumnIsAnErrorThatNamesTheColumn(recorded: Bool) throws {
    var test = self
    (test.configuration.knowledge, test.trained.knowledge) = (true, 0.72)
    let found = try test.found(Self.rows("id,text,ocr", 100) { "some words,sign \($0)" }, recorded: recorded)
    let mismatch = try #require(found.first)
    #expect(mismatch.subject == .input(.knowledge) && mismatch.isCritical && !mismatch.isAllowed)
    #expect(mismatch.trained == (recorded ? 0.72 : nil) && mismatch.here == 0 && mismatch.posts == 100)
    #expect(mismatch.words.contains("none of the 100 posts looked at has knowledge"), "\(mismatch.words)")
    #expect(mismatch.words.contains("the column \"ocr\" looks like it"), "\(mismatch.words)")
    #expect(mismatch.remedy == .column("ocr"))
    #expect(mismatch.words.contains("72 %") == recorded)
    #expect(MissingInputsError(found)?.mismatches == [mismatch])
    test.allowed = ["knowledge"]
    let allowed = try test.found(Self.rows("id,text", 100) { _ in "some words" }, recorded: recorded)
    #expect(MissingInputsError(allowed) == nil && allowed.first?.isAllowed == true)
  }

  @Test func onlyManyEmptyCellsAreAnError() throws {
    var test = self
    (test.configuration.knowledge, test.trained.knowledge) = (true, 0.72)
    let one = try test.found(Self.rows("id,text,knowledge", 1) { _ in "some words," })
    #expect(!one.contains { $0.isCritical })
    let many = try test.found(Self.rows("id,text,knowledge", 40) { "some words,\($0 == 0 ? "a sign" : "")" })
    #expect(many.first?.isCritical == true)
    let some = try test.found(Self.rows("id,text,knowledge", 100) { "some words,\($0 < 40 ? "a sign" : "")" })
    #expect(some.first?.subject == .input(.knowledge) && some.first?.isCritical == false && some.first?.here == 0.4)
    #expect(try test.found(Self.rows("id,text,knowledge", 100) { "some words,\($0 < 70 ? "a sign" : "")" }).isEmpty)
  }

  @Test func textsInTheColumnOfKnowledgeAreFound() throws {
    try folder.write("a.jpg", try Data(contentsOf: URL(filePath: Self.jpeg)))
    let csv = Self.rows("id,text,knowledge,image", 30) { ",some words \($0),a.jpg" }
    for recorded in [true, false] {
      let mismatch = try #require(try found(csv, recorded: recorded).first)
      #expect(mismatch.subject == .input(.text) && mismatch.isCritical)
      #expect(mismatch.remedy == .column("knowledge"), "\(mismatch.words)")
    }
  }

  @Test func textsInAnotherColumnWithoutPicturesAreAnError() throws {
    let csv = Self.rows("id,text,knowledge,title", 30) { ",some words \($0),a title" }
    for recorded in [true, false] {
      let found = try found(csv, recorded: recorded)
      let mismatch = try #require(found.first)
      #expect(mismatch.subject == .input(.text) && mismatch.isCritical && mismatch.here == 0 && mismatch.posts == 30)
      #expect(mismatch.words.contains("knowledge column; other columns: title"), "\(mismatch.words)")
      #expect(mismatch.remedy == .textAndPicture(textInKnowledge: true))
      #expect(MissingInputsError(found) != nil)
    }
    var test = self
    test.allowed = ["text"]
    #expect(MissingInputsError(try test.found(csv)) == nil)
    // A few empty rows are only faults.
    let some = Self.rows("id,text,knowledge", 100) { $0 < 60 ? "," : "what a treat," }
    #expect(try !self.found(some).contains { $0.isCritical })
  }

  @Test func picturesThatCannotBeReadCountedAsPictures() throws {
    try folder.write("a.jpg", "<html>not found</html>")
    var test = self
    (test.trained.picture, test.configuration.learntWithoutPicture) = (1, false)
    test.missingPicture = .textOnly
    let csv = Self.rows("id,text,image", 30) { _ in "what a treat,a.jpg" }
    let mismatch = try #require(try test.found(csv).first)
    #expect(mismatch.subject == .input(.picture) && mismatch.here == 0 && mismatch.isCritical)
    #expect(mismatch.words.contains("30 of 30 pictures opened cannot be read"), "\(mismatch.words)")
  }

  @Test func unknownPiecesOfKnowledgeAreReported() throws {
    var test = self
    (test.configuration.knowledge, test.trained.knowledge) = (true, 1)
    test.trained.unknownKnowledgePieces = 0
    let found = try test.found(Self.rows("id,text,knowledge", 40) { _ in "what a treat,ᚠᚢᚦ ᚨᚱᚲ" })
    let mismatch = try #require(found.first { $0.subject == .unknownKnowledgePieces })
    #expect(mismatch.here == 1 && mismatch.trained == 0 && !mismatch.isCritical)
    #expect(try InputProfile(json: Array(test.trained.json.utf8)).unknownKnowledgePieces == 0)
    let known = try test.found(Self.rows("id,text,knowledge", 40) { _ in "what a treat,a fine day" })
    #expect(!known.contains { $0.subject == .unknownKnowledgePieces })
  }

  @Test func unreadKnowledgeIsReported() throws {
    let mismatch = try #require(try found(Self.rows("id,text,knowledge", 30) { "some words,a sign \($0)" }).first)
    #expect(
      mismatch.subject == .input(.knowledge) && !mismatch.isCritical && mismatch.here == 1 && mismatch.trained == 0)
    #expect(mismatch.words.contains("it is not used"), "\(mismatch.words)")
  }

  @Test func missingPicturesAreAnErrorOnlyWhereTrainingRecordedThem() throws {
    var test = self
    (test.trained.picture, test.configuration.learntWithoutPicture) = (1, false)
    let csv = Self.rows("id,text,file", 30) { "some words,\($0).jpg" }
    let recorded = try #require(try test.found(csv).first)
    #expect(recorded.isCritical && recorded.remedy == .column("file"), "\(recorded.words)")
    let unrecorded = try #require(try test.found(csv, recorded: false).first)
    #expect(!unrecorded.isCritical && unrecorded.words.contains("never trained"), "\(unrecorded.words)")
    // A model trained with most pictures hidden knows posts without one.
    test.configuration.learntWithoutPicture = true
    test.trained.hiddenPictures = 0.9
    #expect(try !test.found(csv).contains { $0.isCritical })
  }

  @Test func otherScriptsAndUnpreparedTextsAreReported() throws {
    var test = self
    test.trained.preparedMarks.placeholders = 0.4
    let csv = Self.rows("id,text", 40) { "Это просто текст http://a.b/\($0) @joe" }
    let subjects = try test.found(csv).map(\.subject.name)
    #expect(subjects.contains("script Cyrillic"), "\(subjects)")
    #expect(Set(subjects).isSuperset(of: ["links", "mentions", "placeholders"]), "\(subjects)")
    test.configuration.preparation = ["url=http", "user=<user>"]
    let prepared = try test.found(csv).map(\.subject.name)
    #expect(!prepared.contains("links") && !prepared.contains("mentions"), "\(prepared)")
  }

  @Test func unknownPiecesAreReported() throws {
    let csv = Self.rows("id,text", 40) { _ in "ᚠᚢᚦ ᚨᚱᚲ words" }
    for recorded in [true, false] {
      let mismatch = try #require(try found(csv, recorded: recorded).first { $0.subject == .unknownPieces })
      #expect(mismatch.here > 0.5 && mismatch.trained == (recorded ? 0 : nil))
    }
    #expect(try found(Self.rows("id,text", 40) { _ in "what a treat" }).isEmpty)
  }

  @Test func picturesOfAnotherSizeAreReported() throws {
    var test = self
    try folder.write("a.jpg", try Data(contentsOf: URL(filePath: Self.jpeg)))
    test.trained.picture = 1
    let csv = Self.rows("id,text,image", 20) { _ in "what a treat,a.jpg" }
    let side = try #require(try test.sample(csv).profile.sides?.median)
    test.trained.sides = InputProfile.Sides(lower: side, median: side, upper: side)
    #expect(try test.found(csv).isEmpty)
    test.trained.sides = InputProfile.Sides(lower: 3 * side, median: 3 * side, upper: 3 * side)
    let mismatch = try #require(try test.found(csv).first)
    #expect(mismatch.subject == .pictureSide && mismatch.here == Double(side) && mismatch.trained == Double(3 * side))
  }

  @Test func rowsFromTheWholeFileAreExamined() throws {
    // Sorted by language: the first rows alone would show one script.
    let csv = Self.rows("id,text", 12_000) { $0 < 6000 ? "what a treat" : "просто текст" }
    let sample = try sample(csv)
    #expect((1000...2000).contains(sample.profile.posts) && !sample.isWhole)
    let cyrillic = try #require(sample.profile.scripts.first { $0.name == "Cyrillic" }?.share)
    #expect(abs(cyrillic - 11.0 / 21) < 0.02, "\(cyrillic)")
  }

  @Test func inputsMissingOnlyInLaterRowsAreFoundInTheWholeRun() throws {
    var test = self
    (test.configuration.knowledge, test.trained.knowledge) = (true, 0.9)
    var found = try test.found(Self.rows("id,text,knowledge", 100) { "some words,\($0 < 60 ? "a sign" : "")" })
    #expect(found.map(\.subject) == [.input(.knowledge)])
    var inputs = RunInputs()
    (inputs.posts, inputs.texts, inputs.knowledge, inputs.unknownPieces) = (40_000, 40_000, 1_000, 0.3)
    let finder = MismatchFinder(
      model: "M", test.configuration, trained: test.trained, run: inputs.profile(of: test.configuration))
    // A mismatch of the first rows gets the whole run's share; one that appears only later is added and is no longer an
    // error.
    let new = finder.complete(&found)
    #expect(found.first?.inRun == 0.025 && found.first?.here == 0.6)
    #expect(new.map(\.subject) == [.unknownPieces] && new.first?.inRun == 0.3 && found.count == 2)
    var none: [InputMismatch] = []
    let all = finder.complete(&none)
    #expect(all.first?.subject == .input(.knowledge) && all.first?.isCritical == false)
    #expect(all.first?.words.contains("1000 of the 40000 posts scored (3 %) have knowledge") == true, "\(all)")
  }

  @Test func placeholderCellsAreNotKnowledge() throws {
    var test = self
    (test.configuration.knowledge, test.trained.knowledge) = (true, 0.9)
    for cell in ["nan", " None", "[]", "-", "N/A", "#NAME?", "\u{A0}", "\u{200B}", "\u{FE0F}", "…"] {
      let mismatch = try #require(
        try test.found(Self.rows("id,text,knowledge", 40) { _ in "some words,\(cell)" }).first)
      #expect(mismatch.subject == .input(.knowledge) && mismatch.isCritical && mismatch.here == 0, "\(cell)")
    }
    let some = try test.found(Self.rows("id,text,knowledge", 40) { "some words,\($0 % 2 == 0 ? "🙂" : "nan wins")" })
    #expect(!some.contains { $0.subject == .input(.knowledge) })
  }

  @Test func labelsThatAreNumbersStayWithTheRun() throws {
    let found = try found(Self.rows("id,text,label", 20) { "what a treat,\($0 % 2)" })
    #expect(found.map(\.subject) == [.labelNumbers] && found.first?.here == 1)
  }

  @Test func onlyTheRunsOwnRowsAreExamined() throws {
    var test = self
    test.subset.limit = 7
    #expect(try test.sample(Self.rows("id,text", 100) { "words \($0)" }).profile.posts == 7)
    test.subset.limit = nil
    test.subset.shard = try Shard(parsing: "1/2")
    let part = try test.sample(Self.rows("id,text", 100) { "words \($0)" }).profile.posts
    #expect((20...80).contains(part))
  }

  private static var jpeg: String {
    let images = URL(filePath: model).deletingLastPathComponent().appending(path: "images").path
    let names = (try? FileManager.default.contentsOfDirectory(atPath: images)) ?? []
    return "\(images)/\(names.filter { $0.hasSuffix(".jpg") }.min() ?? "")"
  }
}
