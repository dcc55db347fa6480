/// The findings of which a list names every row, in the order of the list. The raw value is the finding's name there.
package enum ListedFinding: String, Sendable, CaseIterable {
  // Also in the other corpus.
  case overlapContents = "overlap_contents"
  case overlapTexts = "overlap_texts"
  case overlapPictures = "overlap_pictures"
  case overlapLookalikes = "overlap_lookalikes"
  /// A content that occurs with different labels.
  case contradictions
  /// The value of a cue that reveals a label, or a word that does.
  case cues, words
  /// A label that is not among the names that were given.
  case unnamedLabels = "unnamed_labels"
  /// A label in another spelling than most rows use.
  case spellings
  /// A label that the model does not know.
  case unknownLabels = "unknown_labels"
  /// A text that a wrong encoding, a program or a web page has changed.
  case damagedTexts = "damaged_texts"
  /// A row that would be a fault in scoring.
  case faults
  /// The id of an earlier row with other content.
  case repeatedIDs = "repeated_ids"
  /// An id that the other corpus has, too.
  case overlapIDs = "overlap_ids"
  /// An id that a spreadsheet has rounded.
  case roundedIDs = "rounded_ids"
  /// A date that cannot be read.
  case unreadDates = "unread_dates"
  /// A cell that does not have the type of its column.
  case unreadValues = "unread_values"
  // Like an earlier row.
  case duplicateRows = "duplicate_rows"
  case duplicateContents = "duplicate_contents"
  case duplicateTexts = "duplicate_texts"
  case closeTexts = "close_texts"
  case duplicatePictures = "duplicate_pictures"
  case lookalikes
  /// A repost of an earlier row.
  case reposts
  /// The value of a cue, or a word, that reveals a label but that no model or not this one can see.
  case unreadCues = "unread_cues", unreadWords = "unread_words"
  /// A cell of several pictures, of which the first is taken.
  case pictureLists = "picture_lists"
  /// A word that means no picture.
  case noPictures = "no_pictures"

  /// Its place in the order of what matters.
  package var rank: FindingRank {
    switch self {
    case .overlapContents, .overlapTexts, .overlapPictures, .overlapLookalikes: .overlap
    case .contradictions: .contradictions
    case .cues, .words: .cues
    case .spellings, .unnamedLabels: .spellings
    case .unknownLabels: .unknownLabels
    case .damagedTexts: .damagedTexts
    case .faults: .faults
    case .repeatedIDs: .repeatedIDs
    case .overlapIDs: .sharedIDs
    case .roundedIDs: .lostPosts
    case .unreadDates, .unreadValues: .unreadCells
    case .duplicateRows, .duplicateContents, .duplicateTexts, .closeTexts, .duplicatePictures, .lookalikes, .reposts:
      .duplicates
    case .unreadCues, .unreadWords: .unreadCues
    case .pictureLists, .noPictures: .notices
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
