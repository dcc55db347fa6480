/// Properties of the form of a text, independent of its meaning; each is tested on its own.
package enum TextCue: Int, CaseIterable, Sendable {
  // Spacing.
  case leadingBlank, trailingBlank, doubleBlank, irregularBlanks, otherBlanks, blankBeforeMark, invisible
  // Replacements of other content.
  case placeholder, entity, invisibleEntity
  // Letters and symbols that look like others.
  case redundantSelector, mixedWord, compatibleLetter, decomposed, unusualOrder
  // Lengths.
  case characters, words
  // Habits of writing.
  case letterCase, beginning, ending, addresses, names, hashtags, emoji, numbers, exclamations, questions, quotes

  /// The value of a text that is empty.
  static let emptyText: UInt64 = 63

  /// Its name, in a few words.
  var name: String {
    switch self {
    case .leadingBlank: "a blank at the beginning"
    case .trailingBlank: "a blank at the end"
    case .doubleBlank: "two blanks in a row"
    case .irregularBlanks: "blanks at either end or two in a row"
    case .otherBlanks: "tabs, line breaks or unusual blanks"
    case .blankBeforeMark: "a blank before punctuation such as . or ,"
    case .invisible: "invisible or broken characters"
    case .placeholder: "a placeholder such as <num>"
    case .entity: "an HTML entity such as &amp;"
    case .invisibleEntity: "an HTML entity of an invisible character, such as &#8203;"
    case .redundantSelector: "a variation selector after an emoji that needs none"
    case .mixedWord: "a letter of another script inside a Latin word"
    case .compatibleLetter: "compatibility letters, such as the Kelvin sign for K"
    case .decomposed: "decomposed letters (NFD)"
    case .unusualOrder: "accents of one letter in an unusual order"
    case .characters: "length in characters"
    case .words: "length in words"
    case .letterCase: "capital letters"
    case .beginning: "kind of beginning"
    case .ending: "kind of ending"
    case .addresses: "web addresses"
    case .names: "@names"
    case .hashtags: "hashtags"
    case .emoji: "emoji"
    case .numbers: "numbers"
    case .exclamations: "exclamation marks"
    case .questions: "question marks"
    case .quotes: "quotation marks"
    }
  }

  /// The topic, on which the advice depends.
  var topic: CueTopic {
    switch self {
    case .leadingBlank, .trailingBlank, .doubleBlank, .irregularBlanks, .otherBlanks: .blanks
    case .blankBeforeMark: .markSpacing
    case .invisible: .invisible
    case .placeholder: .placeholder
    case .entity: .entity
    case .invisibleEntity: .invisibleEntity
    case .redundantSelector: .invisible
    case .mixedWord, .compatibleLetter, .decomposed, .unusualOrder: .lookalikeLetters
    default: .other
    }
  }

  /// Whether the property may well depend on the label; all others should reveal nothing.
  var isHabit: Bool { rawValue >= TextCue.letterCase.rawValue }

  /// Whether values are numbers in order, by ``LogBucket``.
  var isNumber: Bool { self == .characters || self == .words }

  /// The word for a value of a cue that is not a number.
  package func word(_ value: UInt64) -> String {
    if value == Self.emptyText { return "no text" }
    let words: [String]
    switch self {
    case .letterCase: words = ["no letter with case", "none", "only the first", "some", "all"]
    case .beginning, .ending: words = Edge.allCases.map(\.rawValue)
    case .addresses, .names, .hashtags, .emoji, .numbers, .exclamations, .questions:
      words = ["0", "1", "2", "3 or more"]
    default: words = ["no", "yes"]
    }
    return value < UInt64(words.count) ? words[Int(value)] : "\(value)"
  }

  /// The kind of character or token at the beginning or end of a text.
  enum Edge: String, CaseIterable {
    case small = "a small letter"
    case capital = "a capital"
    case letter = "a letter without case"
    case digit = "a digit"
    case stop = "."
    case dots = "…"
    case exclamation = "!"
    case question = "?"
    case quote = "a quotation mark"
    case mark = "other punctuation"
    case emoji = "an emoji"
    case symbol = "a symbol"
    case address = "a web address"
    case name = "an @name"
    case hashtag = "a hashtag"
    case placeholder = "a placeholder"
    case retweet = "RT"

    var value: UInt64 { UInt64(Self.allCases.firstIndex(of: self) ?? 0) }
  }
}
