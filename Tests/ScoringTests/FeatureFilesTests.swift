import Bytes
import Preparation
import Corpus
import Foundation
import Models
import Scoring
import Synchronization
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

  @Test func emptyCellsAndNoRowsAreNothing() throws {
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
    let isOver = Atomic<Bool>(false), exchanges = Atomic<Int>(0), racer = DispatchGroup()
    DispatchQueue.global().async(group: racer) {
      while !isOver.load(ordering: .relaxed) {
        exchange(sub, link)
        exchanges.add(1, ordering: .relaxed)
      }
    }
    var inside = 0, outsiders = 0, loads = 0
    // Until the other side of the race has run, too.
    while loads < 10_000 || exchanges.load(ordering: .relaxed) < 100 || inside == 0 {
      loads += 1
      guard let parts = try? files.load(post([("audio", "sub/1.npy")])) else { continue }
      if parts[0]?.rows == FeatureRows([1, 2], rows: 1) { inside += 1 } else { outsiders += 1 }
    }
    isOver.store(true, ordering: .relaxed)
    racer.wait()
    #expect(outsiders == 0, "features from outside, of \(loads) loads")
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

/// Exchanges a folder and a link to another, in one step where the system can.
private func exchange(_ folder: String, _ link: String) {
  typealias Call = @convention(c) (Int32, UnsafePointer<CChar>, Int32, UnsafePointer<CChar>, UInt32) -> Int32
  let call = dlsym(nil, "renameat2").map { unsafeBitCast($0, to: Call.self) }
  if let call, call(AT_FDCWD, folder, AT_FDCWD, link, 2) == 0 { return }
  rename(folder, folder + "-kept")
  rename(link, folder)
  rename(folder, link)
  rename(folder + "-kept", folder)
}
