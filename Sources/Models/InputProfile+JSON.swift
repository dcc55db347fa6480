package import Bytes

/// A fault in a `training-profile.json`.
package enum ProfileError: Error, Equatable, Sendable {
  /// Not JSON.
  case notJSON(JSONError)
  /// Another format, or no format.
  case unknownFormat(String?)
  /// A required key is missing, or has an invalid value.
  case badValue(key: String)
}

extension ProfileError: CustomStringConvertible {
  /// The message, as the end of a sentence.
  package var description: String {
    switch self {
    case .notJSON(let fault): "\(fault)"
    case .unknownFormat(let found?): "its format is \"\(found)\", but this version reads \"\(InputProfile.format)\""
    case .unknownFormat(nil): "it has no format"
    case .badValue(let key): "\(key) is missing or has an impossible value"
    }
  }
}

extension InputProfile {
  /// Reads the output of ``json``; keys that this version does not know are kept by name.
  package init(json bytes: [UInt8]) throws(ProfileError) {
    let value: JSON
    do throws(JSONError) {
      value = try JSONParser.parse(bytes)
    } catch {
      throw .notJSON(error)
    }
    var reader = ProfileReader(value)
    guard case .string(let format)? = reader.take("format") else { throw .unknownFormat(nil) }
    guard format == InputProfile.format else { throw .unknownFormat(format) }
    posts = try reader.count("posts")
    (text, knowledge) = (try reader.share("text"), try reader.share("knowledge"))
    (picture, hiddenPictures) = (try reader.share("picture"), try reader.share("hidden_pictures"))
    streams = try reader.shares("features").map { Stream(name: $0.name, share: $0.share) }
    unknownPieces = try reader.share("unknown_pieces")
    unknownKnowledgePieces = try reader.optionalShare("unknown_pieces_of_knowledge")
    charactersPerPiece = try reader.number("characters_per_piece", in: 0...1e9)
    scripts = try reader.shares("scripts").map { Script(name: $0.name, share: $0.share) }
    marks = try reader.marks("marks")
    preparedMarks = try reader.marks("prepared_marks")
    if var inner = reader.object("picture_sides") {
      sides = Sides(
        lower: try inner.count("lower"), median: try inner.count("median"), upper: try inner.count("upper"))
      reader.unknownMembers += inner.unread
    }
    unknownKeys = reader.unread
  }

  /// The file's text: the same bytes for the same profile.
  package var json: String {
    var json = JSONWriter()
    func share(_ value: Double) -> (inout JSONWriter) -> Void { { $0.number(Self.rounded(value)) } }
    func marks(_ marks: Marks) -> (inout JSONWriter) -> Void {
      { $0.object(marks.all.map { ($0.name, share($0.share)) }) }
    }
    var members: [(String, (inout JSONWriter) -> Void)] = [
      ("format", { $0.string(Self.format) }), ("posts", { [posts] in $0.number(posts) }), ("text", share(text)),
      ("knowledge", share(knowledge)), ("picture", share(picture)), ("hidden_pictures", share(hiddenPictures)),
      ("features", { [streams] in $0.object(streams.map { ($0.name, share($0.share)) }) }),
      ("unknown_pieces", share(unknownPieces)), ("characters_per_piece", share(charactersPerPiece)),
      ("scripts", { [scripts] in $0.object(scripts.map { ($0.name, share($0.share)) }) }),
      ("marks", marks(self.marks)), ("prepared_marks", marks(preparedMarks)),
    ]
    if let unknownKnowledgePieces { members.append(("unknown_pieces_of_knowledge", share(unknownKnowledgePieces))) }
    if let sides {
      members.append(
        (
          "picture_sides",
          {
            $0.object([
              ("lower", { $0.number(sides.lower) }), ("median", { $0.number(sides.median) }),
              ("upper", { $0.number(sides.upper) }),
            ])
          }
        ))
    }
    json.object(members)
    return json.text + "\n"
  }

  /// Rounds to six decimals, so that people can read the file.
  private static func rounded(_ value: Double) -> Double { (value * 1e6).rounded() / 1e6 }
}

/// The members of one object, each taken once; the others are unknown keys.
private struct ProfileReader {
  private let path: String
  private var members: [JSON.Member]
  /// Unknown keys of nested objects.
  var unknownMembers: [String] = []

  init(_ value: JSON, path: String = "") {
    self.path = path
    if case .object(let members) = value { self.members = members } else { members = [] }
  }

  /// The keys that were not taken, with their paths.
  var unread: [String] { members.map { path + $0.key.text } + unknownMembers }

  mutating func take(_ key: String) -> JSON? {
    guard let place = members.firstIndex(where: { $0.key == ByteText(key) }) else { return nil }
    return members.remove(at: place).value
  }

  mutating func count(_ key: String) throws(ProfileError) -> Int {
    guard case .integer(let count)? = take(key), count >= 0 else { throw .badValue(key: path + key) }
    return count
  }

  mutating func number(_ key: String, in range: ClosedRange<Double>) throws(ProfileError) -> Double {
    try Self.number(take(key), path + key, in: range)
  }

  mutating func share(_ key: String) throws(ProfileError) -> Double { try number(key, in: 0...1) }

  /// A share that earlier versions did not write.
  mutating func optionalShare(_ key: String) throws(ProfileError) -> Double? {
    guard let value = take(key) else { return nil }
    return try Self.number(value, path + key, in: 0...1)
  }

  mutating func shares(_ key: String) throws(ProfileError) -> [(name: String, share: Double)] {
    guard case .object(let members)? = take(key) else { throw .badValue(key: path + key) }
    var shares: [(name: String, share: Double)] = []
    for member in members {
      shares.append((member.key.text, try Self.number(member.value, "\(path)\(key).\(member.key)", in: 0...1)))
    }
    return shares
  }

  mutating func object(_ key: String) -> ProfileReader? {
    take(key).map { ProfileReader($0, path: "\(path)\(key).") }
  }

  mutating func marks(_ key: String) throws(ProfileError) -> InputProfile.Marks {
    guard var inner = object(key) else { throw .badValue(key: path + key) }
    var marks = InputProfile.Marks()
    marks.links = try inner.share("links")
    marks.mentions = try inner.share("mentions")
    marks.entities = try inner.share("entities")
    marks.placeholders = try inner.share("placeholders")
    unknownMembers += inner.unread
    return marks
  }

  private static func number(
    _ value: JSON?, _ key: String, in range: ClosedRange<Double>
  ) throws(ProfileError) -> Double {
    let number: Double
    switch value {
    case .integer(let whole): number = Double(whole)
    case .real(let real): number = real
    default: throw .badValue(key: key)
    }
    guard range.contains(number) else { throw .badValue(key: key) }
    return number
  }
}
