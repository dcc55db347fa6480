internal import Bytes

extension Finding: CustomStringConvertible {
  /// What was found, and what to do about it where something can be done.
  package var description: String {
    switch self {
    case .faults(let rows, let all):
      "\(Self.counted(rows, "row", "rows")) of \(all) would be faults: fix them, or leave them out"
    case .notice(let notice): "\(notice)"
    case .repeatedIDs(let rows):
      "\(Self.counted(rows, "row has", "rows have")) the id of an earlier one and another content: give each post an id of "
        + "its own"
    case .contradictions(let contents, let rows):
      "\(Self.counted(contents, "content stands", "contents stand")) under several labels, \(rows) rows in all: no model "
        + "can get them right; decide on one label, or leave them out"
    case .spellings(let labels):
      "one label in several spellings: \(labels.listed(most: 8, quote: "\"")); name them alike with --labels "
        + "THEIRS=NAME,…"
    case .strangeLabels(let labels, let rows):
      "\(Self.counted(rows, "row has a label", "rows have labels")) that the model does not know: "
        + labels.listed(most: 5, quote: "\"")
        + "; where only names differ, use --labels THEIRS=MODEL'S,…"
    case .mismatch(let words): words
    case .cue(let cue):
      "\(Self.name(cue.source, cue.name)): tells the label of \(Self.percent(cue.score.balancedAccuracy)) of held-out posts "
        + "(chance \(Self.percent(cue.score.chance)))\(cue.topic.advice.map { "; " + $0 } ?? "")"
    case .word(let word):
      "the word \(Self.quoted(word.word)): \(Self.percent(word.share)) of its held-out posts are \(Self.quoted(word.label)), "
        + "and \(Self.percent(word.reach)) of those have it; if labels were made by it, take it out of the texts"
    case .overlap(let kind, let rows, let otherLabel):
      "\(kind.words(rows)) in the other corpus, too"
        + (otherLabel > 0 ? ", \(otherLabel) of them under another label" : "") + ": " + kind.advice
    }
  }

  /// A cue's name with what it is read from.
  package static func name(_ source: CueSource, _ name: String) -> String { "\(source.words): \(name)" }

  /// A share with one digit.
  package static func percent(_ share: Double) -> String {
    let tenths = Int((share * 1000).rounded())
    return "\(tenths / 10).\(tenths % 10) %"
  }

  private static func counted(_ count: Int, _ one: String, _ many: String) -> String {
    "\(count) \(count == 1 ? one : many)"
  }

  private static func quoted(_ text: String) -> String {
    let text = text.spelled
    return "\"\(text.count <= 40 ? text : text.prefix(39) + "…")\"".printable
  }
}

extension CueSource {
  /// What it is called in a sentence.
  package var words: String {
    switch self {
    case .text: "text"
    case .knowledge: "knowledge"
    case .picture: "picture"
    case .path: "path"
    case .id: "id"
    case .order: "order"
    case .file: "file"
    case .column(let name):
      "column '\(name.count <= 40 ? name.spelled : name.prefix(39).description.spelled + "…")'".printable
    }
  }
}

extension CueTopic {
  /// What makes the texts or pictures of all labels alike in it; `nil` where nothing does.
  fileprivate var advice: String? {
    switch self {
    case .blanks: "train with --prepare collapse-space, or make blanks alike in the texts of all labels"
    case .markSpacing: "write blanks before marks alike in the texts of all labels"
    case .invisible: "take such characters out of the texts of all labels"
    case .placeholder: "put it into the texts of all labels alike, or put back the words that it stands for"
    case .entity: "train with --prepare unescape-html, or write the character itself"
    case .pictureFiles: "save the pictures of all labels alike: one format, one quality, one size"
    case .other: nil
    }
  }
}

extension Finding.OverlapKind {
  fileprivate func words(_ rows: Int) -> String {
    let isOne = rows == 1
    return switch self {
    case .ids: "the \(isOne ? "id" : "ids") of \(rows) \(isOne ? "row stands" : "rows stand")"
    case .contents: "\(rows) \(isOne ? "row stands" : "rows stand") with text and picture"
    case .texts: "the \(isOne ? "text" : "texts") of \(rows) \(isOne ? "row stands" : "rows stand")"
    case .pictures: "the \(isOne ? "picture" : "pictures") of \(rows) \(isOne ? "row stands" : "rows stand")"
    case .lookalikes: "pictures that look like \(isOne ? "that of 1 row" : "those of \(rows) rows") stand"
    }
  }

  fileprivate var advice: String {
    switch self {
    case .ids:
      "where they are the same posts, leave them out on one side; where they are not, give them other ids"
    case .contents, .texts, .pictures, .lookalikes:
      "leave them out on one side, or scores on the one will be too high for a model that learnt from the other"
    }
  }
}
