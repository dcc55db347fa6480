package import Bytes
package import Corpus
package import Preparation

/// A problem of a corpus to examine before training or testing a model on it.
package enum Finding: Sendable, Equatable {
  /// Rows that would be faults in scoring.
  case faults(rows: Int, of: Int, FaultRemedies)
  /// Dates that cannot be read, in the words of a run's end.
  case unreadDates(words: String)
  /// Cells of a declared column that do not have its type, in the words of a run's end.
  case unreadValues(words: String)
  /// Something about the files that looks wrong.
  case notice(CorpusNotice)
  /// Ids with several contents.
  case repeatedIDs(rows: Int)
  /// Equal contents with different labels.
  case contradictions(contents: Int, rows: Int)
  /// One label in several spellings.
  case spellings([ByteText])
  /// Texts with traces of a wrong encoding or a web page.
  case damagedTexts(DamagedTexts)
  /// A file that is not in UTF-8, or not all of it.
  case undecodedFile(UndecodedFile)
  /// Labels that the model does not know; `haveNames` if each may be another name of one that it knows.
  case unknownLabels([ByteText], rows: Int, haveNames: Bool)
  /// The corpus differs from the model's training data.
  case mismatch(InputMismatch)
  /// A cue that reveals the label.
  case cue(LeakingCue)
  /// A word that nearly determines the label of many posts.
  case word(LeakingWord)
  /// Items that the other corpus contains, too.
  case overlap(OverlapKind, rows: Int, otherLabel: Int)
  /// Ids that the other corpus has for other posts.
  case sharedIDs(rows: Int)

  /// The kinds of overlap.
  package enum OverlapKind: String, Sendable, CaseIterable {
    case ids, contents, texts, pictures, lookalikes
  }

  /// The name of the kind for programs.
  package var code: String {
    switch self {
    case .faults: "faults"
    case .unreadDates: "unread_dates"
    case .unreadValues: "unread_values"
    case .notice: "notice"
    case .repeatedIDs: "repeated_ids"
    case .contradictions: "contradictions"
    case .spellings: "spellings"
    case .damagedTexts: "damaged_texts"
    case .undecodedFile: "not_utf8"
    case .unknownLabels: "unknown_labels"
    case .mismatch: "not_as_trained"
    case .cue: "cue"
    case .word: "word"
    case .overlap, .sharedIDs: "overlap"
    }
  }
}

extension CorpusFindings {
  /// The findings, in the order of ``FindingRank``; of one rank, in the order of the report.
  package var findings: [Finding] {
    let findings = unordered.enumerated().sorted { ($0.element.rank, $0.offset) < ($1.element.rank, $1.offset) }
    return findings.map(\.element)
  }

  private var unordered: [Finding] {
    var findings = notices.filter { !$0.isAboutPreset }.map(Finding.notice)
    let faulted = faults.reduce(0) { $0 + $1.count }
    if faulted > 0 { findings.append(.faults(rows: faulted, of: rows, remedies)) }
    if let dates = typed?.unreadDates { findings.append(.unreadDates(words: dates.words)) }
    findings += (typed?.unreadColumns ?? []).map { .unreadValues(words: $0.words) }
    if duplicates.sameIDOtherContent > 0 { findings.append(.repeatedIDs(rows: duplicates.sameIDOtherContent)) }
    if duplicates.contents.contradicting > 0 {
      findings.append(
        .contradictions(
          contents: duplicates.contents.contradicting, rows: duplicates.contents.contradictingRows))
    }
    findings += spellings.map { .spellings($0.map(\.label)) }
    findings += undecodedFiles.map(Finding.undecodedFile)
    findings += damagedTexts.map(Finding.damagedTexts)
    if let pieces, !pieces.unknownLabels.isEmpty {
      findings.append(
        .unknownLabels(
          pieces.unknownLabels.map(\.label), rows: pieces.unknownLabels.reduce(0) { $0 + $1.count },
          haveNames: haveNames(pieces)))
    }
    // Unknown labels are reported above, for all rows.
    findings += mismatches.filter { $0.subject != .labels }.map(Finding.mismatch)
    if let leakage {
      findings +=
        leakage.cues.filter(\.isFinding).map(Finding.cue) + leakage.words.filter(\.isFinding).map(Finding.word)
    }
    return findings + overlaps
  }

  private var overlaps: [Finding] {
    guard let against else { return [] }
    // Ids that are all numbers, say, may be equal although the posts are not.
    let isShared = against.kinds.contains { $0.kind != .ids && $0.found.rows > 0 }
    return against.kinds.filter { $0.found.rows > 0 }.map { kind, found in
      kind == .ids && !isShared
        ? .sharedIDs(rows: found.rows) : .overlap(kind, rows: found.rows, otherLabel: found.contradicting)
    }
  }

  /// Whether unknown labels may be other names of the model's: of those that the corpus lacks, or in another spelling.
  private func haveNames(_ pieces: PieceSummary) -> Bool {
    let names = Set(labels.map(\.label)), known = Set(pieces.modelLabels)
    let lacking = pieces.modelLabels.count { !names.contains($0) }
    let spelled = spellings.filter { $0.contains { known.contains($0.label) } }.flatMap(\.self).count {
      !known.contains($0.label)
    }
    return pieces.unknownLabels.count <= lacking + spelled
  }
}

extension CorpusOverlap {
  /// The kinds in the order in which they are reported.
  package var kinds: [(kind: Finding.OverlapKind, found: Kind)] {
    [(.ids, ids), (.contents, contents), (.texts, texts), (.pictures, pictures)]
      + (lookalikes.map { [(.lookalikes, $0)] } ?? [])
  }
}

extension Finding: CustomStringConvertible {
  /// The finding, with advice where possible.
  package var description: String {
    switch self {
    case .faults(let rows, let all, let remedies):
      "\(Self.counted(rows, "row", "rows")) of \(all) would be faults: "
        + (remedies.words.map { $0 + (remedies.rows < rows ? "; fix the others, or leave them out" : "") }
          ?? "fix them, or leave them out")
    case .unreadDates(let words), .unreadValues(let words): words
    case .notice(let notice): "\(notice)"
    case .repeatedIDs(let rows):
      "\(Self.counted(rows, "row has", "rows have")) the id of an earlier row but other content: give each post its own id"
    case .contradictions(let contents, let rows):
      "\(Self.counted(contents, "post appears", "posts appear")) more than once with different labels, \(rows) rows in all: no "
        + "model can predict both; decide on one label, or leave them out"
    case .spellings(let labels):
      "one label in several spellings: \(labels.map(\.text.spelled).listed(most: 8, quote: "\"")); give them one name"
    case .damagedTexts(let texts): texts.words
    case .undecodedFile(let file): file.words
    case .unknownLabels(let labels, let rows, let haveNames):
      "\(Self.counted(rows, "row has a label", "rows have labels")) that the model does not know: "
        + labels.map(\.text.spelled).listed(most: 5, quote: "\"")
        + (haveNames
          ? "; if only the names differ, use the model's names"
          : "; the model cannot predict them: leave these rows out of an evaluation, or train with these labels")
    case .mismatch(let mismatch): mismatch.words
    case .cue(let cue):
      "\(Self.name(cue.source, cue.name)): predicts the label of held-out posts with a balanced accuracy of \(Self.percent(cue.score.balancedAccuracy)) "
        + "(chance \(Self.percent(cue.score.chance)))\(cue.advice.map { "; " + $0 } ?? "")"
    case .word(let word):
      "the word \(Self.quoted(word.word, asWord: true))\(word.source == .knowledge ? " in knowledge" : ""): "
        + "\(Self.percent(word.share)) of the held-out posts with it are \(Self.quoted(word.label.text)), and "
        + "\(Self.percent(word.reach)) of the posts with this label have it; "
        + (word.hiding?.words
          ?? "if posts were collected by this word, remove it from "
          + (word.source == .knowledge ? "the knowledge" : "the texts"))
    case .overlap(let kind, let rows, let otherLabel):
      kind.words(rows) + (otherLabel > 0 ? ", \(otherLabel) of them with another label" : "") + ": "
        + (rows == otherLabel && kind != .ids
          ? "remove them from one corpus, or decide on one label; a model trained on one will score too badly on the other"
          : kind.advice)
    case .sharedIDs(let rows):
      "\(Self.counted(rows, "id is", "ids are")) those of other posts in the other corpus: give them different ids before "
        + "both are scored into one store"
    }
  }

  /// A cue's name with its source.
  package static func name(_ source: CueSource, _ name: String) -> String { "\(source.words): \(name)" }

  /// A share with one decimal.
  package static func percent(_ share: Double) -> String {
    let tenths = Int((share * 1000).rounded())
    return "\(tenths / 10).\(tenths % 10) %"
  }

  private static func counted(_ count: Int, _ one: String, _ many: String) -> String {
    "\(count) \(count == 1 ? one : many)"
  }

  private static func quoted(_ text: String, asWord: Bool = false) -> String {
    let text = asWord ? text.spelledWord : text.spelled
    return "\"\(text.count <= 40 ? text : text.prefix(39) + "…")\"".printable
  }
}

extension CueSource {
  /// Its name in a sentence.
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

extension LeakingCue {
  /// Why it does no harm to a model, or how to make the posts of all labels equal in this respect; nil if nothing does.
  fileprivate var advice: String? {
    if let hiding { return hiding.words }
    let unread: String
    switch source {
    case .text, .knowledge, .picture: return topic.advice(for: source)
    case .path: unread = "the path of a picture"
    case .id: unread = "ids"
    case .order: unread = "the order of rows"
    case .file: unread = "the names of files"
    case .column: unread = "this column"
    }
    return "no model reads \(unread), but compare how the posts of each label were collected"
  }
}

extension CueHiding {
  fileprivate var words: String {
    switch self {
    case .tokenizer: "the model cannot see it, because its tokenizer drops blanks"
    case .step(let step): "the model cannot see it, because it normalizes texts with \(step)"
    case .noKnowledge: "the model cannot see it, because it reads no knowledge"
    }
  }
}

extension CueTopic {
  /// The advice for making the texts, knowledge or pictures of all labels equal in this respect; nil if no step does.
  fileprivate func advice(for source: CueSource) -> String? {
    let isKnowledge = source == .knowledge
    // The steps also normalise knowledge, for a model that reads it.
    let train =
      isKnowledge ? "train with knowledge that is normalized with" : "train with texts that are normalized with"
    let texts = isKnowledge ? "the knowledge" : "the texts"
    return switch self {
    case .blanks: "\(train) collapse-space, or use the same blanks in \(texts) of all labels"
    case .markSpacing: "use the same blanks before punctuation in \(texts) of all labels"
    case .invisible: "remove these characters from \(texts) of all labels"
    case .placeholder: "use it in \(texts) of all labels, or restore the words that it replaces"
    case .entity: "\(train) unescape-html, or write the character itself in \(texts)"
    case .invisibleEntity: "remove these entities from \(texts) of all labels"
    case .lookalikeLetters: "use the same letters in \(texts) of all labels"
    case .pictureFiles: "save the pictures of all labels in one format, quality and size"
    case .other: nil
    }
  }
}

extension Finding.OverlapKind {
  fileprivate func words(_ rows: Int) -> String {
    let (have, their) = rows == 1 ? ("1 row has", "its") : ("\(rows) rows have", "their")
    return switch self {
    case .ids: "\(have) \(their) id in the other corpus as well"
    case .contents: "\(have) \(their) text and picture in the other corpus as well"
    case .texts: "\(have) \(their) text in the other corpus as well"
    case .pictures: "\(have) \(their) picture in the other corpus as well"
    case .lookalikes: "\(have) a near-copy of \(their) picture in the other corpus"
    }
  }

  fileprivate var advice: String {
    switch self {
    case .ids:
      "if they are the same posts, remove them from one corpus; if not, give them different ids"
    case .contents, .texts, .pictures, .lookalikes:
      "remove them from one corpus; otherwise a model trained on one will score too well on the other"
    }
  }
}
