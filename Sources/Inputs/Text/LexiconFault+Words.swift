import Bytes

extension LexiconError: CustomStringConvertible {
  /// What is wrong, and what mends it.
  public var description: String {
    switch self {
    case .unreadable(let path, let reason):
      "\(path.printable) can't be read: \(reason); see whether it is there and who may read it"
    case .notAFile(let path): "\(path.printable) is not a regular file; put the lexicon in its place"
    case .fault(let path, let fault): "\(path.printable): \(fault)"
    }
  }
}

extension LexiconFault: CustomStringConvertible {
  /// What is wrong with the lexicon, and what mends it.
  public var description: String {
    switch self {
    case .tooLarge(let bytes, let limit):
      "the lexicon has \(bytes) bytes, more than the \(limit) allowed; check that this is one"
    case .tooManyConcepts(let limit): "the lexicon has more than \(limit) concepts; leave out what texts do not hold"
    case .empty: "the lexicon has no entry; a line is a word or several, a tab, and a polarity from -1 to 1"
    case .invalidUTF8(let line): "line \(line) is not UTF-8; save the lexicon as UTF-8"
    case .notAnEntry(let line, let tabs):
      "line \(line) has \(tabs == 0 ? "no tab" : "\(tabs) tabs"); a line is a word or several, one tab, and a polarity "
        + "from -1 to 1"
    case .noConcept(let line): "line \(line) has no word before its tab; write one, or remove the line"
    case .conceptTooLong(let line, let limit):
      "line \(line): the words before the tab have more than \(limit) bytes; shorten them"
    case .notANumber(let line, let found):
      "line \(line): the polarity is \"\(found.printable)\", it must be a decimal number from -1 to 1"
    case .outOfRange(let line, let found): "line \(line): the polarity is \(found.printable), it must be from -1 to 1"
    case .duplicate(let concept, let line, let first):
      "line \(line): \"\(concept.printable(upTo: 60))\" stands in line \(first) already, as the tokenizer reads it; remove one of them"
    }
  }
}
