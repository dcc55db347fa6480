package import Corpus
internal import Scoring

/// Something about a corpus that somebody should look at before a model learns from it or is judged by it.
package enum Finding: Sendable, Equatable {
  /// Rows that scoring would lose.
  case faults(rows: Int, of: Int)
  /// Something about the files that looks wrong.
  case notice(CorpusNotice)
  /// Ids that stand for several contents.
  case repeatedIDs(rows: Int)
  /// Equal contents with different labels.
  case contradictions(contents: Int, rows: Int)
  /// One label in several spellings.
  case spellings([String])
  /// Labels that the model does not know.
  case strangeLabels([String], rows: Int)
  /// The corpus differs from what the model was trained on.
  case mismatch(String)
  /// A cue that tells the label.
  case cue(CueResult)
  /// A word that settles the label of many posts.
  case word(WordResult)
  /// Things that stand in the other corpus, too.
  case overlap(OverlapKind, rows: Int, otherLabel: Int)

  /// What may stand on both sides.
  package enum OverlapKind: String, Sendable, CaseIterable {
    case ids, contents, texts, pictures, lookalikes
  }

  /// The name by which programs know the kind.
  package var code: String {
    switch self {
    case .faults: "faults"
    case .notice: "notice"
    case .repeatedIDs: "repeated_ids"
    case .contradictions: "contradictions"
    case .spellings: "spellings"
    case .strangeLabels: "unknown_labels"
    case .mismatch: "not_as_trained"
    case .cue: "cue"
    case .word: "word"
    case .overlap: "overlap"
    }
  }
}

extension CorpusCheck {
  /// What somebody should look at, in the order of the report.
  package var findings: [Finding] {
    var findings = notices.map(Finding.notice)
    let faulted = faults.reduce(0) { $0 + $1.count }
    if faulted > 0 { findings.append(.faults(rows: faulted, of: rows)) }
    if duplicates.sameIDOtherContent > 0 { findings.append(.repeatedIDs(rows: duplicates.sameIDOtherContent)) }
    if duplicates.contents.contradicting > 0 {
      findings.append(
        .contradictions(
          contents: duplicates.contents.contradicting, rows: duplicates.contents.contradictingRows))
    }
    findings += spellings.map { .spellings($0.map(\.label)) }
    if let strange = pieces?.strangeLabels, !strange.isEmpty {
      findings.append(.strangeLabels(strange.map(\.label), rows: strange.reduce(0) { $0 + $1.count }))
    }
    // Unknown labels are told above, of all rows.
    findings += mismatches.filter { $0.subject != .labels }.map { .mismatch($0.words) }
    if let audit {
      findings += audit.cues.filter(\.isFinding).map(Finding.cue) + audit.words.filter(\.isFinding).map(Finding.word)
    }
    if let against {
      for (kind, found) in against.kinds where found.rows > 0 {
        findings.append(.overlap(kind, rows: found.rows, otherLabel: found.contradicting))
      }
    }
    return findings
  }
}

extension Overlap {
  /// The kinds in the order in which they are told.
  package var kinds: [(kind: Finding.OverlapKind, found: Kind)] {
    [(.ids, ids), (.contents, contents), (.texts, texts), (.pictures, pictures)]
      + (lookalikes.map { [(.lookalikes, $0)] } ?? [])
  }
}
