/// The findings of which a list names every row, in the order of the list. The raw value is the finding's name there.
package enum ListedFinding: String, Sendable, CaseIterable {
  // Also in the other corpus.
  case overlapContents = "overlap_contents"
  case overlapTexts = "overlap_texts"
  case overlapPictures = "overlap_pictures"
  case overlapLookalikes = "overlap_lookalikes"
  /// A content that occurs with different labels.
  case contradictions
  /// A label in another spelling than most rows use.
  case spellings
  /// A label that the model does not know.
  case unknownLabels = "unknown_labels"
  /// A row that would be a fault in scoring.
  case faults
  /// The id of an earlier row with other content.
  case repeatedIDs = "repeated_ids"
  /// An id that the other corpus has, too.
  case overlapIDs = "overlap_ids"
  // Like an earlier row.
  case duplicateRows = "duplicate_rows"
  case duplicateContents = "duplicate_contents"
  case duplicateTexts = "duplicate_texts"
  case closeTexts = "close_texts"
  case duplicatePictures = "duplicate_pictures"
  case lookalikes

  /// Its place in the order of what matters.
  package var rank: FindingRank {
    switch self {
    case .overlapContents, .overlapTexts, .overlapPictures, .overlapLookalikes: .overlap
    case .contradictions: .contradictions
    case .spellings: .spellings
    case .unknownLabels: .unknownLabels
    case .faults: .faults
    case .repeatedIDs: .repeatedIDs
    case .overlapIDs: .sharedIDs
    case .duplicateRows, .duplicateContents, .duplicateTexts, .closeTexts, .duplicatePictures, .lookalikes: .duplicates
    }
  }
}

/// A row behind a finding, with the row that it repeats or contradicts if there is one.
package struct ListedRow: Sendable, Equatable {
  /// A row's key and place.
  package struct Place: Sendable, Equatable {
    /// Nil if the row's key could not be read.
    package var key: String?
    package var file: String
    package var line: Int
  }

  package var finding: ListedFinding
  package var row: Place
  package var other: Place?
  /// The labels if they differ, or the fault; empty if there is nothing to say.
  package var detail: String
}
