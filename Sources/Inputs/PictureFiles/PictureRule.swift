/// How far the name of a file may differ from the reference in the corpus.
package enum PictureMatch: String, CaseIterable, Sendable {
  /// The file is where the corpus says, to the byte.
  case written
  /// The same file, spelled otherwise: see ``PictureRule``.
  case near
  /// As `near`; after that, a file of this name anywhere below the folder.
  case name
}

/// What had to be changed in a reference to find its file. The raw value is stored with a run.
package enum PictureRule: String, CaseIterable, Sendable {
  /// Blanks or quotes around the reference.
  case quotes
  /// `&amp;` and other entities of HTML.
  case entities
  /// `file://`.
  case fileAddress = "file_address"
  /// A web address; the file has the name of its last part.
  case webAddress = "web_address"
  /// Backslashes between the parts.
  case backslashes
  /// `?…` or `#…` after the name.
  case query
  /// `:large` and other sizes after the name.
  case size
  /// `%20` and other escapes, `+` for a blank.
  case percent
  /// Folders above the folder of pictures, such as those of another machine.
  case folder
  /// The same letters, composed otherwise (NFC, NFD).
  case unicode
  /// Upper and lower case.
  case letterCase = "letter_case"
  /// Another ending, or none.
  case ending
  /// Another folder, but the same name.
  case name

  /// The rule in words, for a summary.
  package var words: String {
    switch self {
    case .quotes: "blanks or quotes around them"
    case .entities: "HTML entities"
    case .fileAddress: "file://"
    case .webAddress: "web addresses"
    case .backslashes: "backslashes"
    case .query: "?query or #part"
    case .size: "a size such as :large"
    case .percent: "percent escapes"
    case .folder: "folders above"
    case .unicode: "Unicode form"
    case .letterCase: "letter case"
    case .ending: "ending"
    case .name: "name alone"
    }
  }
}

/// The file that a reference of other spelling means.
package struct FoundPicture: Equatable, Sendable {
  /// Its path within its place.
  package var path: String
  /// The index of its place among the places of pictures.
  var place: Int
  /// The rules that found it, in the order in which they apply; none for a file that is where the corpus says.
  package var rules: [PictureRule]
}

/// A file that would be found by a rule that the user did not choose, for a fault's words.
package enum PictureHint: Equatable, Sendable {
  /// One file, and the smallest choice that finds it.
  case found(String, by: PictureMatch)
  /// Several files that fit equally well.
  case several([String])
}
