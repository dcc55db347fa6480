/// A profile of the posts of a corpus: which inputs they have, and their properties. Shares lie from 0 to 1.
///
/// The profile of the training posts is the `training-profile.json` in the model's folder. No score and no fingerprint
/// depends on it.
package struct InputProfile: Sendable, Equatable {
  /// The name of the file in a model's folder.
  package static let fileName = "training-profile.json"
  static let format = "clfa-training-profile/1"

  /// The share of posts that have something in a stream of features.
  package struct Stream: Sendable, Equatable {
    /// The stream's name.
    package var name: String
    /// The share of posts.
    package var share: Double

    /// A stream and its share.
    package init(name: String, share: Double) { (self.name, self.share) = (name, share) }
  }

  /// The share of texts' letters that are written in a script.
  package struct Script: Sendable, Equatable {
    /// The script's name in English.
    package var name: String
    /// The share of letters.
    package var share: Double

    /// A script and its share.
    package init(name: String, share: Double) { (self.name, self.share) = (name, share) }
  }

  /// The shares of texts that hold a web address, an `@name`, an entity of HTML, a placeholder such as `<user>`.
  package struct Marks: Sendable, Equatable {
    /// Texts with a web address.
    package var links = 0.0
    /// Texts with an `@name`.
    package var mentions = 0.0
    /// Texts with an entity such as `&amp;`.
    package var entities = 0.0
    /// Texts with a placeholder such as `<user>` or `emoji_12`.
    package var placeholders = 0.0

    /// No marks.
    package init() {}

    /// The shares with what each is of, in words for the plural.
    package var all: [(name: String, words: String, share: Double)] {
      [
        ("links", "web addresses", links), ("mentions", "@names", mentions),
        ("entities", "HTML entities such as &amp;", entities),
        ("placeholders", "placeholders such as <user>", placeholders),
      ]
    }
  }

  /// The shorter sides of pictures, in pixels.
  package struct Sides: Sendable, Equatable {
    /// A quarter of the pictures is no larger.
    package var lower: Int
    /// Half of them are no larger.
    package var median: Int
    /// Three quarters are no larger.
    package var upper: Int

    /// Three quartiles.
    package init(lower: Int, median: Int, upper: Int) { (self.lower, self.median, self.upper) = (lower, median, upper) }
  }

  /// How many posts it is of.
  package var posts = 0
  /// The share of posts with a text that is not blank.
  package var text = 0.0
  /// The share of posts with knowledge that says something: more than blanks, marks or a placeholder such as `nan`.
  package var knowledge = 0.0
  /// The share of posts with a picture.
  package var picture = 0.0
  /// The share of pictures that training hid at random, each epoch anew (`--picture-dropout`).
  package var hiddenPictures = 0.0
  /// The streams of features, in the model's order.
  package var streams: [Stream] = []
  /// The share of unknown pieces among the texts' pieces.
  package var unknownPieces = 0.0
  /// The share of unknown pieces among those of knowledge; nil if no model reads it, or it was not counted.
  package var unknownKnowledgePieces: Double?
  /// Characters per piece, without blanks; 0 without pieces.
  package var charactersPerPiece = 0.0
  /// The scripts of the texts' letters, the commonest first.
  package var scripts: [Script] = []
  /// Marks of the texts as the corpus has them.
  package var marks = Marks()
  /// Marks of the texts after the model's preparation.
  package var preparedMarks = Marks()
  /// The shorter sides of pictures; nil if no size is known.
  package var sides: Sides?
  /// Keys of a file that this version does not know, with their paths.
  package var unknownKeys: [String] = []

  /// Of no posts.
  package init() {}

  /// The share of posts that were learnt from with a picture: some had none, some had theirs hidden.
  package var shownPictures: Double { picture * (1 - hiddenPictures) }
}

extension InputProfile {
  /// `354 posts: text 100 %, knowledge 72 %, picture 98 %; 0.1 % unknown pieces; Latin 99 %`.
  package var summary: String {
    var inputs = [("text", text), ("knowledge", knowledge), ("picture", picture)]
    inputs += streams.map { ($0.name, $0.share) }
    var words = "\(posts) \(posts == 1 ? "post" : "posts"): "
    words += inputs.map { "\($0.0) \(Self.percent($0.1))" }.joined(separator: ", ")
    if hiddenPictures > 0 { words += " (\(Self.percent(hiddenPictures)) of them hidden at random)" }
    words += "; unknown word pieces \(Self.percent(unknownPieces))"
    if let share = unknownKnowledgePieces { words += " (\(Self.percent(share)) in knowledge)" }
    let common = scripts.prefix(5).map { "\($0.name) \(Self.percent($0.share))" }
    if !common.isEmpty { words += "; letters " + common.joined(separator: ", ") }
    let marks = preparedMarks.all.filter { $0.share > 0 }.map { "\($0.name) \(Self.percent($0.share))" }
    if !marks.isEmpty { words += "; texts with " + marks.joined(separator: ", ") }
    if let sides {
      words += "; pictures' shorter side \(sides.lower), \(sides.median), \(sides.upper) pixels (quartiles)"
    }
    return words
  }

  /// A share in words: one decimal below 1 % and above 99 %, and never rounded to 0 or 100 %.
  package static func percent(_ share: Double) -> String {
    let value = share * 100
    if value <= 0 || value >= 100 { return "\(Int(value)) %" }
    guard value < 1 || value > 99 else { return "\(Int(value.rounded())) %" }
    if value < 0.1 { return "below 0.1 %" }
    if value > 99.9 { return "over 99.9 %" }
    let tenths = Int((value * 10).rounded())
    return "\(tenths / 10).\(tenths % 10) %"
  }
}

extension ModelFolder {
  /// The folder's profile of the posts that its model was trained on; nil if it has no such file.
  ///
  /// - Throws: a file that cannot be read, or is not what `clfa train` writes.
  package func trainingProfile() throws(ModelError) -> InputProfile? {
    try InputProfile.read(folder: path)
  }
}

extension InputProfile {
  private static let byteLimit = 1_048_576

  /// Reads the file in a model's folder; nil if there is none.
  ///
  /// - Throws: a file that cannot be read, or is not what `clfa train` writes.
  package static func read(folder: String) throws(ModelError) -> InputProfile? {
    let path = folder.withSlash + fileName
    let bytes: [UInt8]
    do {
      bytes = try MappedFile(path: path, limit: byteLimit).copy()
    } catch .missingFile {
      return nil
    }
    do {
      return try InputProfile(json: bytes)
    } catch {
      throw .badProfile(path: path, error)
    }
  }

  /// The file's bytes as they are, for a copy of the folder; nil if there is none.
  static func bytes(folder: String) throws(ModelError) -> [UInt8]? {
    do {
      return try MappedFile(path: folder.withSlash + fileName, limit: byteLimit).copy()
    } catch .missingFile {
      return nil
    }
  }
}
