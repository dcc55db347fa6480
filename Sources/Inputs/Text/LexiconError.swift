import Bytes

/// Why a polarity lexicon cannot be used.
package enum LexiconError: Error, Equatable, Sendable {
  /// The system cannot open or read the file.
  case unreadable(path: String, reason: String)
  /// A folder, a pipe or a device instead of a file.
  case notAFile(path: String)
  /// The file's content is not a lexicon.
  case fault(path: String, LexiconFormatError)
}

/// A fault in a polarity lexicon. Lines count from 1.
package enum LexiconFormatError: Error, Equatable, Sendable {
  /// The lexicon has too many bytes.
  case tooLarge(bytes: Int, limit: Int)
  /// The lexicon has too many concepts.
  case tooManyConcepts(limit: Int)
  /// There is no entry.
  case empty
  /// A line that is not UTF-8.
  case invalidUTF8(line: Int)
  /// A line without a tab, or with several.
  case notAnEntry(line: Int, tabs: Int)
  /// Nothing before the tab, or nothing that can occur in a text.
  case noConcept(line: Int)
  /// A concept with too many bytes.
  case conceptTooLong(line: Int, limit: Int)
  /// A polarity that is not a decimal number.
  case notANumber(line: Int, found: String)
  /// A polarity below -1 or above 1.
  case outOfRange(line: Int, found: String)
  /// A concept that occurs in an earlier line, in the tokenizer's spelling.
  case duplicate(String, line: Int, first: Int)
}

extension LexiconError: CustomStringConvertible {
  /// The message: the problem and how to fix it.
  package var description: String {
    switch self {
    case .unreadable(let path, let reason):
      "\(path.printable) can't be read: \(reason); check the path and its permissions"
    case .notAFile(let path): "\(path.printable) is not a regular file; put the lexicon in its place"
    case .fault(let path, let fault): "\(path.printable): \(fault)"
    }
  }
}

extension LexiconFormatError: CustomStringConvertible {
  /// The message: the problem in the lexicon and how to fix it.
  package var description: String {
    switch self {
    case .tooLarge(let bytes, let limit):
      "the lexicon has \(bytes) bytes, more than the \(limit) allowed; is it the right file?"
    case .tooManyConcepts(let limit): "the lexicon has more than \(limit) concepts; remove those that no text holds"
    case .empty: "the lexicon has no entries; each line is one or more words, a tab, and a polarity from -1 to 1"
    case .invalidUTF8(let line): "line \(line) is not UTF-8; save the lexicon as UTF-8"
    case .notAnEntry(let line, let tabs):
      "line \(line) has \(tabs == 0 ? "no tab" : "\(tabs) tabs"); a line is one or more words, one tab, and a polarity from -1 to 1"
    case .noConcept(let line): "line \(line) has no word before its tab; add one, or remove the line"
    case .conceptTooLong(let line, let limit):
      "line \(line): the words before the tab have more than \(limit) bytes; shorten them"
    case .notANumber(let line, let found):
      "line \(line): the polarity is \"\(found.printable)\", but it must be a decimal number from -1 to 1"
    case .outOfRange(let line, let found):
      "line \(line): the polarity is \(found.printable), but it must be from -1 to 1"
    case .duplicate(let concept, let line, let first):
      "line \(line): \"\(concept.printable(upTo: 60))\" is the same as line \(first) to the tokenizer; remove one of them"
    }
  }
}
