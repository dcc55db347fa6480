/// A profile of a corpus' posts: which inputs they have, and their properties. Shares are from 0 to 1.
///
/// The profile of the training posts is `training-profile.json` in the model's folder. No score and no fingerprint
/// depends on it.
package struct InputProfile: Sendable, Equatable {
  /// The name of the file in a model's folder.
  package static let fileName = "training-profile.json"
  static let format = "clfa-training-profile/1"

  /// The share of posts with rows in a feature stream.
  package struct Stream: Sendable, Equatable {
    /// The stream's name.
    package var name: String
    /// The share of posts.
    package var share: Double

    /// Creates a stream's share.
    package init(name: String, share: Double) { (self.name, self.share) = (name, share) }
  }

  /// The share of the texts' letters that belong to a script.
  package struct Script: Sendable, Equatable {
    /// The script's name in English.
    package var name: String
    /// The share of letters.
    package var share: Double

    /// Creates a script's share.
    package init(name: String, share: Double) { (self.name, self.share) = (name, share) }
  }

  /// The shares of texts with a web address, an `@name`, an HTML entity, or a placeholder such as `<user>`.
  package struct Marks: Sendable, Equatable {
    /// Texts with a web address.
    package var links = 0.0
    /// Texts with an `@name`.
    package var mentions = 0.0
    /// Texts with an entity such as `&amp;`.
    package var entities = 0.0
    /// Texts with a placeholder such as `<user>` or `emoji_12`.
    package var placeholders = 0.0

    /// Creates shares of zero.
    package init() {}

    /// The shares, each with its name in the plural.
    package var all: [(name: String, words: String, share: Double)] {
      [
        ("links", "web addresses", links), ("mentions", "@names", mentions),
        ("entities", "HTML entities such as &amp;", entities),
        ("placeholders", "placeholders such as <user>", placeholders),
      ]
    }
  }

  /// The quartiles of the pictures' shorter sides, in pixels.
  package struct Sides: Sendable, Equatable {
    /// A quarter of the pictures have a shorter side up to this.
    package var lower: Int
    /// Half of them have one up to this.
    package var median: Int
    /// Three quarters have one up to this.
    package var upper: Int

    /// Creates the three quartiles.
    package init(lower: Int, median: Int, upper: Int) { (self.lower, self.median, self.upper) = (lower, median, upper) }
  }

  /// The number of posts.
  package var posts = 0
  /// The share of posts with a text that is not blank.
  package var text = 0.0
  /// The share of posts with meaningful knowledge: more than white space, punctuation or a placeholder such as `nan`.
  package var knowledge = 0.0
  /// The share of posts with a picture.
  package var picture = 0.0
  /// The share of pictures that training hid at random, drawn again in each epoch (`--picture-dropout`).
  package var hiddenPictures = 0.0
  /// The feature streams, in the model's order.
  package var streams: [Stream] = []
  /// The share of unknown pieces among the texts' pieces.
  package var unknownPieces = 0.0
  /// The share of unknown pieces in knowledge; nil if the model does not read it, or the share was not counted.
  package var unknownKnowledgePieces: Double?
  /// Characters per piece, without white space; 0 if there are no pieces.
  package var charactersPerPiece = 0.0
  /// The scripts of the texts' letters, the most common first.
  package var scripts: [Script] = []
  /// The marks in the corpus' texts.
  package var marks = Marks()
  /// The marks left after the model's normalisation of texts.
  package var preparedMarks = Marks()
  /// The shorter sides of pictures; nil if no size is known.
  package var sides: Sides?
  /// Keys of a file that this version does not know, with their paths.
  package var unknownKeys: [String] = []

  /// Creates a profile of no posts.
  package init() {}

  /// The share of posts that the model saw with a picture in training: those that have one and did not have it hidden.
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

  /// A share in words: with one decimal below 1 % and above 99 %, and never rounded to 0 or 100 %.
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
  /// The folder's profile of the model's training posts; nil if it has no such file.
  ///
  /// - Throws: an error if the file cannot be read, or `clfa train` did not write it.
  package func trainingProfile() throws(ModelError) -> InputProfile? {
    try InputProfile.read(folder: path)
  }
}

extension InputProfile {
  private static let byteLimit = 1_048_576

  /// Reads the file in a model's folder; nil if there is none.
  ///
  /// - Throws: an error if the file cannot be read, or `clfa train` did not write it.
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

  /// The file's unchanged bytes, to copy the folder; nil if there is none.
  static func bytes(folder: String) throws(ModelError) -> [UInt8]? {
    do {
      return try MappedFile(path: folder.withSlash + fileName, limit: byteLimit).copy()
    } catch .missingFile {
      return nil
    }
  }
}
