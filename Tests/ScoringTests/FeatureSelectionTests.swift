import Bytes
import Corpus
import Inputs
import Models
import Preparation
import TestSupport
import Testing

/// Which columns name files of features, against a model's streams and a corpus' header.
@Suite struct FeatureSelectionTests {
  private let scratch: Scratch
  private let corpus: String
  private let sound = FeatureStream(name: "sound", width: 2)

  init() throws {
    scratch = try Scratch()
    corpus = try scratch.write("posts.csv", "id,text,sound,extra\n1,a,,x\n2,b,2.npy,\n3,c,3.npy,\n")
    try write("2.npy", width: 3)
    try write("3.npy", width: 7)
  }

  /// Writes two rows of zeros as numpy does.
  private func write(_ name: String, width: Int) throws {
    var header = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, \(width)), }"
    header += String(repeating: " ", count: 63 - (header.utf8.count + 10) % 64) + "\n"
    let zeros = [UInt8](repeating: 0, count: 8 * width)
    try scratch.write(
      name, [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.utf8.count), 0] + Array(header.utf8) + zeros)
  }

  private func selection(_ choices: [(String, ByteText)], folder: String? = nil) -> FeatureSelection {
    FeatureSelection(choices.map { FeatureSelection.Choice(stream: $0.0, column: $0.1) }, folder: folder)
  }

  private func columns(
    _ selection: FeatureSelection, of streams: [FeatureStream], lacking: (FeatureColumn) -> Void = { _ in }
  ) throws -> [FeatureColumn]? {
    let reader = try CorpusReader(paths: [corpus], options: CorpusOptions())
    return try selection.files(of: streams, model: "M", paths: [corpus], reader, lacking: lacking)?.columns
  }

  private func streams(_ selection: FeatureSelection, in corpora: [String]? = nil) throws -> [FeatureStream] {
    try selection.streams(in: corpora ?? [corpus], options: CorpusOptions(), maxRows: 9)
  }

  @Test func theLastChoiceCountsOrElseTheStreamsOwnName() throws {
    #expect(try columns(selection([]), of: []) == nil)
    #expect(try columns(selection([]), of: [sound]) == [FeatureColumn(sound)])
    let chosen = try columns(selection([("sound", "id"), ("sound", "extra")]), of: [sound])
    #expect(chosen == [FeatureColumn(sound, column: "extra")])
  }

  @Test func aColumnThatWasNotChosenMayBeMissing() throws {
    let video = FeatureColumn(FeatureStream(name: "video", width: 3))
    var lacking: [FeatureColumn] = []
    #expect(try columns(selection([]), of: [video.stream]) { lacking.append($0) } == [video])
    #expect(lacking == [video])
    #expect(
      throws: FeatureSelectionError.noColumn(
        "vidoe", stream: "video", files: ["posts.csv"], known: ["sound", "extra"])
    ) { try columns(selection([("video", "vidoe")]), of: [video.stream]) }
  }

  @Test func streamsUnknownToTheModelAreRejected() throws {
    #expect(throws: FeatureSelectionError.noStream("sound", model: "M", known: [])) {
      try columns(selection([("sound", "sound")]), of: [])
    }
    #expect(throws: FeatureSelectionError.noStream("video", model: "M", known: ["sound"])) {
      try columns(selection([("video", "sound")]), of: [sound])
    }
    let folder = scratch.file("none")
    #expect(throws: FeatureSelectionError.folder(folder)) {
      try columns(selection([], folder: folder), of: [sound])
    }
  }

  @Test func aNewStreamIsAsWideAsTheFirstFile() throws {
    #expect(try streams(selection([])).isEmpty)
    #expect(try streams(selection([("s", "sound")])) == [FeatureStream(name: "s", width: 3, maxRows: 9)])
    #expect(throws: FeatureSelectionError.standardInput) { try streams(selection([("s", "sound")]), in: ["-"]) }
    #expect(
      throws: FeatureSelectionError.noColumn("none", stream: "s", files: ["posts.csv"], known: ["sound", "extra"])
    ) {
      try streams(selection([("s", "none")]))
    }
    try scratch.write("posts.csv", "id,text,sound\n1,a,\n2,b,\n")
    #expect(throws: FeatureSelectionError.noFiles(stream: "s", column: "sound")) {
      try streams(selection([("s", "sound")]))
    }
    try scratch.write("posts.csv", "id,text,sound\n1,a,\n2,b,lost.npy\n")
    #expect {
      try streams(selection([("s", "sound")]))
    } throws: { error in
      guard case FeatureSelectionError.badFile(let position, let fault) = error else { return false }
      return position.line == 3 && fault.path == "lost.npy" && fault.code == .missing
    }
  }
}
