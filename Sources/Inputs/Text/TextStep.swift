/// One step of a text's preparation.
package enum TextStep: Sendable {
  /// Entities of HTML become what they stand for.
  case unescapeHTML
  /// Runs of white space become one blank.
  case collapseSpace
  /// A token stands for every find of a kind.
  case replace(Replaceable, token: [Unicode.Scalar])
  /// Hashtags become words.
  case splitHashtags
  /// Emoji become their names.
  case nameEmoji

  /// How each step is written.
  static let forms = [
    "unescape-html", "collapse-space", "url=TOKEN", "user=TOKEN", "number=TOKEN", "hashtag=split",
    "emoji=names",
  ]

  /// The bytes of UTF-8 that a token may have.
  static let tokenLimit = 32

  /// Reads a step as written in a model's configuration.
  package init(_ text: String) throws(TextPreparationError) {
    switch text {
    case "unescape-html": self = .unescapeHTML
    case "collapse-space": self = .collapseSpace
    case "hashtag=split": self = .splitHashtags
    case "emoji=names": self = .nameEmoji
    default:
      let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard let kind = Replaceable(rawValue: String(parts[0])) else { throw .unknownStep(text) }
      guard parts.count == 2, !parts[1].isEmpty else { throw .missingToken(step: kind.rawValue) }
      guard parts[1].utf8.count <= Self.tokenLimit else {
        throw .tokenTooLong(step: kind.rawValue, limit: Self.tokenLimit)
      }
      let token = Array(parts[1].unicodeScalars)
      guard token.allSatisfy({ !$0.properties.isWhitespace && $0.properties.generalCategory != .control })
      else {
        throw .blankInToken(step: kind.rawValue)
      }
      self = .replace(kind, token: token)
    }
  }

  /// The step's name, without its token or option.
  var name: String {
    switch self {
    case .unescapeHTML: "unescape-html"
    case .collapseSpace: "collapse-space"
    case .replace(let kind, _): kind.rawValue
    case .splitHashtags: "hashtag"
    case .nameEmoji: "emoji"
    }
  }

  /// What the step writes whatever the text, if it does.
  var token: [Unicode.Scalar]? {
    if case .replace(_, let token) = self { token } else { nil }
  }

  /// The text after this step.
  package func apply(to text: some ScalarText) -> [Unicode.Scalar] {
    switch self {
    case .unescapeHTML: unescapingHTML(text)
    case .collapseSpace: collapsingSpace(text)
    case .replace(let kind, let token): kind.replaced(in: text, by: token)
    case .splitHashtags: splittingHashtags(text)
    case .nameEmoji: namingEmoji(text)
    }
  }
}
