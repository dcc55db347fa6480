internal import Corpus

/// The order of findings: first what makes results wrong, then what loses rows or posts, then hygiene.
package enum FindingRank: Int, CaseIterable, Comparable, Sendable {
  // Results are wrong.
  /// Posts that the other corpus contains, too.
  case overlap
  /// One content with different labels.
  case contradictions
  /// What reveals a label and is read by a model.
  case cues
  /// A column that seems meant for a role but is not read.
  case unreadColumns
  /// One label in several spellings.
  case spellings
  case unknownLabels
  /// A corpus unlike the model's training data.
  case notAsTrained
  /// Texts that a wrong encoding or a web page has changed.
  case damagedTexts
  // Rows or posts are lost.
  case faults
  case repeatedIDs
  /// Ids that posts of the other corpus have, too.
  case sharedIDs
  /// Files and ids of which posts are lost or mixed up.
  case lostPosts
  /// Dates that cannot be read, and cells that do not have the type of their column.
  case unreadCells
  // Hygiene.
  case duplicates
  /// What reveals a label but is not read by a model.
  case unreadCues
  case notices

  /// What is at stake.
  package enum Stake: String, CaseIterable, Sendable {
    case results, rows, hygiene
  }

  package var stake: Stake {
    self < .faults ? .results : self < .duplicates ? .rows : .hygiene
  }

  package static func < (left: FindingRank, right: FindingRank) -> Bool { left.rawValue < right.rawValue }
}

extension Finding {
  /// Its place in the order of what matters.
  package var rank: FindingRank {
    switch self {
    case .overlap(.ids, _, _), .sharedIDs: .sharedIDs
    case .overlap: .overlap
    case .contradictions: .contradictions
    case .cue(let cue): cue.isRead ? .cues : .unreadCues
    case .word(let word): word.hiding == nil ? .cues : .unreadCues
    case .spellings: .spellings
    case .unknownLabels: .unknownLabels
    case .mismatch: .notAsTrained
    case .damagedTexts: .damagedTexts
    case .faults, .undecodedFile: .faults
    case .unreadDates, .unreadValues: .unreadCells
    case .repeatedIDs: .repeatedIDs
    case .notice(let notice):
      switch notice {
      case .unreadColumns: .unreadColumns
      case .unnamedLabel: .spellings
      case .roundedID, .noRecords, .sharedKeys: .lostPosts
      default: .notices
      }
    }
  }
}
