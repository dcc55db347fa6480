import Bytes
import Preparation
import Corpus
import Foundation
import Models
import Scoring
import TestSupport
import Testing

@Suite struct FeatureFilesTests {
  private let scratch: Scratch
  private var folder: String { scratch.path }

  init() throws {
    scratch = try Scratch()
    for name in ["/audio", "/elsewhere"] {
      try FileManager.default.createDirectory(atPath: folder + name, withIntermediateDirectories: true)
    }
  }

  /// Writes rows of two numbers as numpy does.
  private func write(_ name: String, _ rows: [[Float]]) throws {
    var header = "{'descr': '<f4', 'fortran_order': False, 'shape': (\(rows.count), \(rows.first?.count ?? 2)), }"
    header += String(repeating: " ", count: 63 - (header.utf8.count + 10) % 64) + "\n"
    let bytes = rows.flatMap(\.self).flatMap { withUnsafeBytes(of: $0.bitPattern.littleEndian) { Array($0) } }
    let file = [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.utf8.count), 0] + Array(header.utf8) + bytes
    try scratch.write(name, file)
  }

  private func post(_ cells: [(String, String)]) -> Post {
    Post(
      position: RowPosition(file: "posts.csv", record: 1, line: 2), key: "k", text: "t",
      extra: cells.map { ExtraField(name: ByteText($0.0), value: $0.1) })
  }

  private func files(_ columns: [FeatureColumn], features: String? = nil) throws -> FeatureFiles {
    try FeatureFiles(columns, folder: features, paths: [folder + "/posts.csv"], names: ["posts.csv"])
  }

  private let audio = FeatureStream(name: "audio", width: 2), video = FeatureStream(name: "video", width: 3)

  @Test func partsComeInTheModelsOrder() throws {
    try write("audio/1.npy", [[1, 2], [3, 4]])
    try write("2.npy", [[5, 6, 7]])
    let files = try files([FeatureColumn(audio, column: "sound"), FeatureColumn(video)])
    let parts = try files.load(post([("video", "2.npy"), ("sound", "audio/1.npy"), ("audio", "not asked for")]))
    #expect(parts.map { $0?.rows } == [FeatureRows([1, 2, 3, 4], rows: 2), FeatureRows([5, 6, 7], rows: 1)])
    #expect(parts.map { $0?.stream } == ["audio", "video"] && parts[0]?.hash != parts[1]?.hash)
    #expect(parts.allSatisfy { $0?.hash.count == 32 })
  }

  @Test func emptyCellsAndNoRowsMeanNoFeatures() throws {
    try write("none.npy", [])
    let files = try files([FeatureColumn(audio), FeatureColumn(video)])
    for cell in ["", "  ", "\t", "none.npy"] {
      #expect(try files.load(post([("audio", cell)])).allSatisfy { $0 == nil })
    }
  }

  @Test func nothingOutsideIsRead() throws {
    try write("elsewhere/1.npy", [[1, 2]])
    try FileManager.default.createSymbolicLink(
      atPath: folder + "/audio/link.npy", withDestinationPath: folder + "/elsewhere/1.npy")
    let files = try files([FeatureColumn(audio)], features: folder + "/audio")
    for path in ["../elsewhere/1.npy", folder + "/elsewhere/1.npy", "link.npy", "/etc/passwd"] {
      let fault = #expect(throws: FeatureFault.self) { try files.load(post([("audio", path)])) }
      #expect(fault?.code == .outsideFolder && fault?.path == path)
    }
  }

  @Test func aFolderExchangedForALinkGivesNoFeaturesFromOutside() throws {
    try FileManager.default.createDirectory(atPath: folder + "/audio/sub", withIntermediateDirectories: true)
    try write("audio/sub/1.npy", [[1, 2]])
    try write("elsewhere/1.npy", [[8, 9]])
    let files = try files([FeatureColumn(audio)], features: folder + "/audio")
    let sub = folder + "/audio/sub", link = folder + "/audio/link"
    #expect(symlink(folder + "/elsewhere", link) == 0)
    let race = Race(exchanging: sub, link, loads: 10_000) {
      (try? files.load(post([("audio", "sub/1.npy")]))).map { $0[0]?.rows == FeatureRows([1, 2], rows: 1) }
    }
    #expect(race.outsiders == 0, "features from outside, of \(race.loads) loads")
  }

  @Test func faultsNameStreamAndStageAndSayHowToFixThem() throws {
    try write("wide.npy", [[1, 2, 3]])
    try write("nan.npy", [[1, 2], [3, .nan]])
    try scratch.write("empty.npy", "")
    try scratch.write("words.npy", "some words, not numbers")
    let files = try files([FeatureColumn(audio)])
    let expected: [(String, FaultCode)] = [
      ("nowhere.npy", .missing), ("wide.npy", .wrongShape), ("nan.npy", .notFinite), ("empty.npy", .emptyFile),
      ("words.npy", .unsupportedFormat), ("audio", .directory),
    ]
    for (path, code) in expected {
      let post = post([("audio", path)])
      let fault = try #require(throws: FeatureFault.self) { try files.load(post) }
      let row = fault.rowFault(at: post.position, key: post.key)
      #expect(row.stage == .features && row.code == code && row.path == path && row.key == "k")
      #expect(row.detail.hasPrefix("audio: "), "\(row.detail)")
    }
  }
}
