import Bytes

/// The steps that normalise a text before it is tokenized, in the order recorded in training.
package struct TextPreparation: Sendable {
  /// The steps as they were given.
  package let steps: [String]

  private let parsed: [TextStep]

  /// Reads a list of steps.
  ///
  /// | step | does |
  /// |---|---|
  /// | `unescape-html` | turns `&amp;`, `&#39;`, `&#x27;` and the other entities of HTML 4 into what they stand for, once |
  /// | `collapse-space` | makes every run of white space one blank, and removes it at both ends |
  /// | `url=TOKEN` | puts TOKEN where a web address stands |
  /// | `user=TOKEN` | puts TOKEN where an `@name` stands |
  /// | `number=TOKEN` | puts TOKEN where a number stands that is no part of a word |
  /// | `hashtag=split` | turns `#BadHairDay2024` into `Bad Hair Day 2024` |
  /// | `emoji=names` | puts the Unicode name of an emoji in its place, in lower case |
  ///
  /// - Throws: ``TextPreparationError`` if a step is unknown or repeated, or a token is missing, is not a short word,
  ///   or would be changed by a later step.
  package init(steps: [String]) throws(TextPreparationError) {
    var parsed: [TextStep] = []
    for (index, text) in steps.enumerated() {
      let step = try TextStep(text)
      // Each step may occur only once: a list in which every step doubles the text must not be possible.
      if parsed.contains(where: { $0.name == step.name }) { throw .repeatedStep(step.name) }
      for (earlier, written) in zip(parsed, steps[..<index]) {
        if let token = earlier.token, step.apply(to: token) != token {
          throw .tokenRewritten(step: written, by: text)
        }
      }
      parsed.append(step)
    }
    self.steps = steps
    self.parsed = parsed
  }

  /// The prepared text; the same text if there are no steps.
  ///
  /// O(scalars) for any text.
  package func callAsFunction(_ text: String) -> String {
    if parsed.isEmpty { return text }
    let scalars = parsed.reduce(Array(text.unicodeScalars)) { $1.apply(to: $0) }
    var view = String.UnicodeScalarView()
    view.append(contentsOf: scalars)
    return String(view)
  }
}

/// Why a model's list of normalisation steps is invalid.
package enum TextPreparationError: Error, Equatable, Sendable {
  /// No step has this name, or the step has no such option.
  case unknownStep(String)
  /// A step that needs a token was given none.
  case missingToken(step: String)
  /// A step's token contains white space or a control character.
  case blankInToken(step: String)
  /// A step's token is too long.
  case tokenTooLong(step: String, limit: Int)
  /// A step is in the list twice.
  case repeatedStep(String)
  /// The token of one step would be changed by a later step.
  case tokenRewritten(step: String, by: String)
}

extension TextPreparationError: CustomStringConvertible {
  /// The message: the problem in the list of steps and how to fix it.
  package var description: String {
    switch self {
    case .unknownStep(let step):
      "There is no preparation step \"\(step.printable(upTo: 60))\". The steps are \(TextStep.forms.joined(separator: ", "))."
    case .missingToken(let step):
      "The preparation step \"\(step.printable(upTo: 60))\" lacks its token. "
        + "Write the word to put into the text, for example \"\(step.printable(upTo: 60))=TOKEN\"."
    case .blankInToken(let step):
      "The token of the preparation step \"\(step.printable(upTo: 60))\" holds a blank or a control character. "
        + "Give it one word."
    case .tokenTooLong(let step, let limit):
      "The token of the preparation step \"\(step.printable(upTo: 60))\" is longer than \(limit) bytes. Give it a short word."
    case .repeatedStep(let step):
      "The preparation step \"\(step.printable(upTo: 60))\" is in the list twice. Remove one of the two."
    case .tokenRewritten(let step, let later):
      "The token that \"\(step.printable(upTo: 60))\" writes would be changed again by \"\(later.printable(upTo: 60))\". "
        + "Put \"\(later.printable(upTo: 60))\" first, or choose another token."
    }
  }
}

/// One step of a text's preparation.
package enum TextStep: Sendable {
  /// HTML entities become their characters.
  case unescapeHTML
  /// Runs of white space become one blank.
  case collapseSpace
  /// A token replaces every match of a kind.
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

  /// The fixed token that the step inserts; nil if its output depends on the text.
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

extension Unicode.Scalar {
  /// Whether a scalar belongs to words: letters with their marks, digits, and the underscore.
  var isWordScalar: Bool {
    if isASCII {
      return switch self {
      case "a"..."z", "A"..."Z", "0"..."9", "_": true
      default: false
      }
    }
    return switch properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .nonspacingMark,
      .spacingMark, .decimalNumber, .letterNumber:
      true
    default: false
    }
  }

  /// Whether a scalar is a decimal digit of any script.
  var isDigit: Bool {
    isASCII ? ("0"..."9").contains(self) : properties.generalCategory == .decimalNumber
  }
}

/// Scalars by number: the input of the preparation's steps.
package protocol ScalarText: RandomAccessCollection where Element == Unicode.Scalar, Index == Int {}

extension Array: ScalarText where Element == Unicode.Scalar {}

extension ScalarText {
  /// Whether the scalar before a position belongs to a word.
  func hasWord(before position: Int) -> Bool { position > startIndex && self[position - 1].isWordScalar }

  /// Whether the scalar at a position belongs to a word.
  func hasWord(at position: Int) -> Bool { position < endIndex && self[position].isWordScalar }
}

/// Makes every run of white space one blank, and removes it at both ends. O(scalars).
func collapsingSpace(_ text: some ScalarText) -> [Unicode.Scalar] {
  var result: [Unicode.Scalar] = []
  result.reserveCapacity(text.count)
  var blank = false
  for scalar in text {
    if scalar.properties.isWhitespace {
      blank = !result.isEmpty
    } else {
      if blank { result.append(" ") }
      result.append(scalar)
      blank = false
    }
  }
  return result
}
