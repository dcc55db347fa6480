import Bytes
internal import Files
import Evaluation

/// The corpus on disk: a CSV a split, and the pictures.
package struct CorpusWriter: Sendable {
  /// The columns of every CSV.
  private static let columns = [
    "id", "text", "image", "label", "topic", "picture", "shows", "language", "knowledge", "seen",
  ]

  private let plans: [SplitPlan]
  private let hasSound: Bool
  private let hasPlaces: Bool

  /// Plans the corpus; the same numbers give the same bytes on one machine.
  ///
  /// - Parameters:
  ///   - train: how many posts to learn from.
  ///   - validation: how many to select by.
  ///   - test: how many to judge by.
  ///   - language: that of all texts; nil for English and a few others.
  ///   - hasSound: whether each post has a sound, too.
  ///   - hasPlaces: whether the rows say where the two emoji are.
  ///   - seed: what everything follows from.
  package init(
    train: Int, validation: Int, test: Int, language: Language? = nil, hasSound: Bool = false, hasPlaces: Bool = false,
    seed: UInt64
  ) {
    self.hasSound = hasSound
    self.hasPlaces = hasPlaces
    var random = SeededGenerator(seed: seed)
    plans = [(Split.train, train), (.validation, validation), (.test, test)].map { split, count in
      SplitPlan(split, count: count, language: language, seed: random.next())
    }
  }

  /// Writes `train.csv`, `validation.csv`, `test.csv`, `images/` and, with sound, `sounds/`.
  ///
  /// The folder appears under its name when it is whole; a failure leaves nothing.
  ///
  /// - Parameter path: the folder to make; its parent must be there.
  /// - Throws: `SampleGeneratorError`.
  package func write(to path: String) throws(SampleGeneratorError) {
    let folder = try SampleGeneratorError.writing(path) { () throws(FileError) in try AtomicFolder(path) }
    let sheet = try GlyphSheet()
    try SampleGeneratorError.writing(path) { () throws(FileError) in try FolderTree.make(folder.file("images")) }
    if hasSound {
      try SampleGeneratorError.writing(path) { () throws(FileError) in try FolderTree.make(folder.file("sounds")) }
    }
    for plan in plans {
      var places: [[String]] = []
      for post in plan.posts {
        let scene = try Self.draw(post, sheet), file = try post.format.file(of: scene.canvas)
        places.append([scene.topic, scene.mood].map { "\($0.left) \($0.top) \($0.right) \($0.bottom)" })
        try SampleGeneratorError.writing(path) { () throws(FileError) in
          try folder.write(file, to: post.image, isDurable: false)
          if hasSound { try folder.write(Self.sound(post), to: post.sound, isDurable: false) }
        }
      }
      let table = Array(table(plan, places).utf8)
      try SampleGeneratorError.writing(path) { () throws(FileError) in
        try folder.write(table, to: "\(plan.split.rawValue).csv")
      }
    }
    try SampleGeneratorError.writing(path) { () throws(FileError) in try folder.finish() }
  }

  /// The CSV of a split.
  private func table(_ plan: SplitPlan, _ places: [[String]]) -> String {
    let rows = zip(plan.posts, places).map { post, places in
      [
        post.id, post.text, post.image, post.label.rawValue, Topic.all[post.topic].glyph.name, post.picture, post.shows,
        post.language.rawValue, post.caption, post.seen,
      ] + (hasSound ? [post.sound, post.heard] : []) + (hasPlaces ? places : [])
    }
    let header =
      Self.columns + (hasSound ? ["sound", "heard"] : []) + (hasPlaces ? ["topic_place", "mood_place"] : [])
    return ([header] + rows).map { $0.map(Self.cell).joined(separator: ",") + "\n" }.joined()
  }

  private static func draw(
    _ post: SplitPlan.Post, _ sheet: GlyphSheet
  ) throws(SampleGeneratorError) -> (canvas: PictureCanvas, topic: Scene.Place, mood: Scene.Place) {
    try Scene.draw(topic: Topic.all[post.shownTopic].glyph, mood: post.glyph, sheet, seed: post.seed)
  }

  /// The file of a post's sound, by other random numbers than its picture's.
  private static func sound(_ post: SplitPlan.Post) -> [UInt8] {
    Jingle.file(of: Jingle.draw(topic: post.shownTopic, mood: post.pictureMood, seed: ~post.seed))
  }

  private static func cell(_ text: String) -> String {
    text.utf8.contains { [UInt8(ascii: ","), UInt8(ascii: "\""), UInt8(ascii: "\n")].contains($0) }
      ? "\"" + text.replacing("\"", with: "\"\"") + "\"" : text
  }
}

extension SampleGeneratorError {
  /// The value of `body`, which writes the file or folder at `path`.
  static func writing<Value>(_ path: String, _ body: () throws(FileError) -> Value) throws(SampleGeneratorError)
    -> Value
  {
    do throws(FileError) {
      return try body()
    } catch {
      throw error == .alreadyThere ? .exists(path: path) : .cannotWrite(path: path, reason: error.description)
    }
  }
}
