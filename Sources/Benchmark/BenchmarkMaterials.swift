import Bytes
internal import Foundation
internal import Models

/// The folder of a benchmark's model and posts: `model/`, `posts.csv`, `pictures/`.
///
/// `made.json` says what they follow from. It is taken away before anything is written anew and comes last, so that
/// what an interrupted benchmark left is never taken for whole.
struct BenchmarkMaterials {
  /// What is in the folder.
  private struct Made: Codable, Equatable {
    /// The synthetic model's seed; `nil` where there is none.
    var model: UInt64?
    var posts: Posts?

    struct Posts: Codable, Equatable {
      var seed: UInt64
      var rows: Int
      /// SHA-256 of the vocabulary that the words are from.
      var vocabulary: String
    }
  }

  private let folder: String
  private var made: Made

  /// Opens a folder, or makes it.
  ///
  /// - Throws: ``BenchmarkError/foreignFolder(_:)`` if something lies there that no benchmark made.
  init(folder: String) throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    self.folder = folder
    if let json = FileManager.default.contents(atPath: folder + "/made.json"),
      let made = try? JSONDecoder().decode(Made.self, from: json)
    {
      self.made = made
    } else {
      let names = try FileManager.default.contentsOfDirectory(atPath: folder)
      guard names.allSatisfy({ $0 == "made.json" }) else { throw BenchmarkError.foreignFolder(folder) }
      made = Made()
      try record()
    }
  }

  /// The synthetic model's folder, written unless it is there.
  mutating func model(seed: UInt64, observe: (String) -> Void) throws -> String {
    let path = folder + "/model"
    if made.model == seed { return path }
    observe("writing a synthetic model of the published size")
    made.model = nil
    try record()
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    try SyntheticModel.write(ModelConfiguration(labelNames: ["no", "yes"]), to: path, seed: seed)
    made.model = seed
    try record()
    return path
  }

  /// The posts' CSV, written with its pictures unless they are there.
  mutating func posts(
    rows: Int, vocabulary: String, seed: UInt64, observe: (String) -> Void
  ) throws -> String {
    let digest = SHA256.hash(data: Array(vocabulary.utf8)).hexadecimal
    let plan = Made.Posts(seed: seed, rows: rows, vocabulary: digest)
    if made.posts == plan { return folder + "/posts.csv" }
    observe("writing \(rows) synthetic posts")
    made.posts = nil
    try record()
    // A larger corpus of before must not leave pictures that no post names.
    if FileManager.default.fileExists(atPath: folder + "/pictures") {
      try FileManager.default.removeItem(atPath: folder + "/pictures")
    }
    let path = try SyntheticCorpus(count: rows, vocabulary: vocabulary, seed: seed).write(to: folder)
    made.posts = plan
    try record()
    return path
  }

  private func record() throws {
    try JSONEncoder().encode(made).write(to: URL(filePath: folder + "/made.json"), options: .atomic)
  }
}
