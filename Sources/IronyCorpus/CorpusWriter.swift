import Bytes
import Glibc
import Seeded

/// The corpus on disk: a CSV a split, and the pictures.
public struct CorpusWriter: Sendable {
  /// The columns of every CSV.
  package static let columns = ["id", "text", "image", "label", "picture"]

  private let plans: [Plan]

  /// Plans the corpus; the same numbers give the same bytes on one machine.
  ///
  /// - Parameters:
  ///   - train: how many posts to learn from.
  ///   - validation: how many to select by.
  ///   - test: how many to judge by.
  ///   - seed: what everything follows from.
  public init(train: Int, validation: Int, test: Int, seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    plans = [(Split.train, train), (.validation, validation), (.test, test)].map { split, count in
      Plan(split, count: count, seed: random.next())
    }
  }

  /// Writes `train.csv`, `validation.csv`, `test.csv` and `images/`.
  ///
  /// The folder appears under its name when it is whole; until then it is `PATH.partial`, which a failure removes.
  ///
  /// - Parameter path: the folder to make; its parent must be there.
  /// - Throws: `IronyError`.
  public func write(to path: String) throws(IronyError) {
    var status = stat()
    guard stat(path, &status) != 0 else { throw .exists(path: path) }
    let target = path.trimmingSlashes
    let partial = target + ".partial"
    try Self.makeFolder(partial)
    do throws(IronyError) {
      let sheet = try GlyphSheet()
      guard mkdir(partial + "/images", 0o777) == 0 else { throw Self.failure(path) }
      for plan in plans {
        for post in plan.posts {
          let file = try post.format.file(of: Scene.draw(post.glyph, sheet, seed: post.seed))
          try Self.write(file, to: "\(partial)/\(post.image)", for: path)
        }
        try Self.write(Array(Self.table(plan).utf8), to: "\(partial)/\(plan.split.rawValue).csv", for: path)
      }
      guard rename(partial, target) == 0 else { throw Self.failure(path) }
    } catch {
      Self.removeFolder(partial)
      throw error
    }
  }

  /// The CSV of a split.
  package static func table(_ plan: Plan) -> String {
    let rows = plan.posts.map { [$0.id, $0.text, $0.image, $0.label.rawValue, $0.glyph.name] }
    return ([columns] + rows).map { $0.map(cell).joined(separator: ",") + "\n" }.joined()
  }

  private static func cell(_ text: String) -> String {
    text.utf8.contains { [UInt8(ascii: ","), UInt8(ascii: "\""), UInt8(ascii: "\n")].contains($0) }
      ? "\"" + text.replacing("\"", with: "\"\"") + "\"" : text
  }

  private static func makeFolder(_ partial: String) throws(IronyError) {
    // What a killed process left is ours by its names; anything else keeps the folder, and is an error.
    if mkdir(partial, 0o777) == 0 { return }
    if errno == EEXIST {
      removeFolder(partial)
      guard mkdir(partial, 0o777) == 0 else { throw errno == EEXIST ? .exists(path: partial) : failure(partial) }
      return
    }
    throw failure(partial)
  }

  /// Removes a folder that holds nothing but what a writer puts there.
  private static func removeFolder(_ partial: String) {
    for name in names(in: partial + "/images") {
      let isOurs = Split.allCases.contains { name.hasPrefix($0.rawValue + "-") }
      if isOurs { unlink("\(partial)/images/\(name)") }
    }
    rmdir(partial + "/images")
    for split in Split.allCases { unlink("\(partial)/\(split.rawValue).csv") }
    rmdir(partial)
  }

  private static func names(in folder: String) -> [String] {
    guard let open = opendir(folder) else { return [] }
    defer { closedir(open) }
    var names: [String] = []
    while let entry = readdir(open) {
      names.append(withUnsafeBytes(of: entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) })
    }
    return names
  }

  private static func write(_ bytes: [UInt8], to path: String, for corpus: String) throws(IronyError) {
    guard let file = fopen(path, "wb") else { throw failure(corpus) }
    let complete = fwrite(bytes, 1, bytes.count, file) == bytes.count
    guard fclose(file) == 0, complete else { throw failure(corpus) }
  }

  private static func failure(_ path: String) -> IronyError {
    .cannotWrite(path: path, reason: String(cString: strerror(errno)))
  }
}

extension String {
  /// A folder's path that an ending can follow.
  fileprivate var trimmingSlashes: String {
    var bytes = Array(utf8)
    while bytes.count > 1, bytes.last == UInt8(ascii: "/") { bytes.removeLast() }
    return String(decoding: bytes, as: UTF8.self)
  }
}
