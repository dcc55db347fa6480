/// Why a polarity lexicon cannot be used.
public enum LexiconError: Error, Equatable, Sendable {
  /// The system would not open or read the file.
  case unreadable(path: String, reason: String)
  /// A folder, a pipe or a device where a file belongs.
  case notAFile(path: String)
  /// What is in the file is no lexicon.
  case fault(path: String, LexiconFault)
}

/// What is wrong with a polarity lexicon. Lines count from 1.
public enum LexiconFault: Error, Equatable, Sendable {
  /// More bytes than a lexicon may have.
  case tooLarge(bytes: Int, limit: Int)
  /// More concepts than a lexicon may have.
  case tooManyConcepts(limit: Int)
  /// No entry at all.
  case empty
  /// A line that is not UTF-8.
  case invalidUTF8(line: Int)
  /// A line without a tab, or with several.
  case notAnEntry(line: Int, tabs: Int)
  /// Nothing before the tab, or nothing that a text could hold.
  case noConcept(line: Int)
  /// A concept of more bytes than one may have.
  case conceptTooLong(line: Int, limit: Int)
  /// A polarity that is no decimal number.
  case notANumber(line: Int, found: String)
  /// A polarity below -1 or above 1.
  case outOfRange(line: Int, found: String)
  /// A concept that an earlier line has, in the tokenizer's spelling.
  case duplicate(String, line: Int, first: Int)
}
