import Bytes
internal import Files
internal import Models

/// The folder of a benchmark's model and posts: `model/`, `posts.csv`, `pictures/`.
///
/// `made.json` records what they were generated from. It is removed before anything is written and written last, so
/// that leftovers of an interrupted benchmark are never taken for complete.
struct BenchmarkFolder {
  /// The contents of the folder.
  fileprivate struct Manifest: Equatable {
    /// The synthetic model's seed; nil without a synthetic model.
    var model: UInt64?
    var posts: Posts?

    struct Posts: Equatable {
      var seed: UInt64
      var rows: Int
      /// SHA-256 of the vocabulary from which words are drawn.
      var vocabulary: String
    }
  }

  private let folder: String
  private var made: Manifest
  private let lock: FolderLock
  private static let recordLimit = 1 << 16
  private static let vocabularyLimit = 256 << 20

  /// Opens or creates a folder.
  ///
  /// - Throws: ``BenchmarkError/notABenchmarkFolder(_:)`` if it contains something that no benchmark made.
  init(folder: String) throws {
    try BenchmarkError.writing(folder) { () throws(FileError) in try FolderTree.make(folder) }
    do throws(FolderLock.Failure) {
      lock = try FolderLock(folder)
    } catch {
      switch error {
      case .taken: throw BenchmarkError.inUse(folder)
      case .problem(let problem): throw BenchmarkError.cannotWrite(path: folder, reason: problem.description)
      }
    }
    self.folder = folder
    if let json = try? FileReader.read(folder + "/made.json", limit: Self.recordLimit),
      let made = (try? JSONParser.parse(json)).flatMap(Manifest.init)
    {
      self.made = made
    } else {
      let names = FolderTree.names(in: folder)
      guard names.allSatisfy({ $0 == "made.json" }) else { throw BenchmarkError.notABenchmarkFolder(folder) }
      made = Manifest()
      try record()
    }
  }

  /// The synthetic model's folder; writes it unless it exists.
  mutating func model(seed: UInt64, observe: (String) -> Void) throws -> String {
    let path = folder + "/model"
    if made.model == seed { return path }
    observe("writing a synthetic model of the published size")
    made.model = nil
    try record()
    try BenchmarkError.writing(path) { () throws(FileError) in try FolderTree.make(path) }
    try SyntheticModel.write(ModelConfiguration(labelNames: ["no", "yes"]), to: path, seed: seed)
    made.model = seed
    try record()
    return path
  }

  /// The lines of a model's word pieces.
  static func vocabulary(of model: String) throws(ModelError) -> String {
    let file = try MappedFile(path: model + "/vocab.txt", limit: vocabularyLimit)
    return String(decoding: file.copy(), as: UTF8.self)
  }

  /// The posts' CSV; writes it and its pictures unless they exist.
  mutating func posts(
    rows: Int, vocabulary: String, seed: UInt64, observe: (String) -> Void
  ) throws -> String {
    let digest = SHA256.hash(data: Array(vocabulary.utf8)).hexadecimal
    let plan = Manifest.Posts(seed: seed, rows: rows, vocabulary: digest)
    if made.posts == plan { return folder + "/posts.csv" }
    observe("writing \(rows) synthetic posts")
    made.posts = nil
    try record()
    // An earlier, larger corpus must not leave pictures that no post names.
    FolderTree.remove(folder + "/pictures")
    let path = try SyntheticCorpus(count: rows, vocabulary: vocabulary, seed: seed).write(to: folder)
    made.posts = plan
    try record()
    return path
  }

  private func record() throws {
    let json = Array(made.json.utf8), path = folder + "/made.json"
    try BenchmarkError.writing(path) { () throws(FileError) in try AtomicWriter.write(json, to: path, .replacing) }
  }
}

extension BenchmarkFolder.Manifest {
  /// Reads `made.json`; nil if no benchmark wrote it.
  fileprivate init?(_ json: JSON) {
    guard case .object = json else { return nil }
    if let seed = json["model"] {
      guard seed.asNumber != nil else { return nil }
      model = seed.asSeed
    }
    if let posts = json["posts"] {
      guard let seed = posts["seed"], seed.asNumber != nil, let rows = posts["rows"]?.asInteger,
        let vocabulary = posts["vocabulary"]?.asString
      else { return nil }
      self.posts = seed.asSeed.map { Posts(seed: $0, rows: rows, vocabulary: vocabulary) }
    }
  }

  /// The text of `made.json`.
  fileprivate var json: String {
    var json = JSONWriter(.canonical)
    var members: [(String, (inout JSONWriter) -> Void)] = []
    if let model { members.append(("model", { $0.number(model) })) }
    if let posts {
      members.append(
        (
          "posts",
          {
            $0.object([
              ("seed", { $0.number(posts.seed) }), ("rows", { $0.number(posts.rows) }),
              ("vocabulary", { $0.string(posts.vocabulary) }),
            ])
          }
        ))
    }
    json.object(members)
    return json.text
  }
}

extension JSON {
  /// A seed; nil for one beyond `Int`, which JSON does not keep exactly: its files are generated again.
  fileprivate var asSeed: UInt64? { asInteger.flatMap(UInt64.init(exactly:)) }
}
