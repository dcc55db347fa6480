package import Inputs

/// How the picture of each row was found, and what another rule would find: the table at the end of a plan and a check.
package struct PictureRuleTable: Sendable, Equatable {
  /// What became of a row's picture. The raw value is its name in JSON.
  package enum Outcome: String, CaseIterable, Sendable {
    /// The file is where the corpus says.
    case written
    /// The same, by a path from `--image-template`.
    case template
    /// Found by the rules of `--image-match near`.
    case near
    /// Found below the folder by its name alone.
    case name
    case notFound = "not_found"
    case noPicture = "no_picture"
    /// The row could not be read at all.
    case noPost = "no_post"
  }

  /// What a rule that was not chosen would find.
  package struct Offer: Sendable, Equatable {
    /// A reference, and the file that it would mean.
    package struct Example: Sendable, Equatable {
      package var reference: String
      package var file: String
    }

    package var match: PictureMatch
    package var rows = 0
    /// The first, at most three.
    package var examples: [Example] = []
  }

  private static let shown = 3
  private let hasTemplate: Bool
  private var counts: [Outcome: Int] = [:]
  private var changes: [PictureRule: Int] = [:]
  private var byMatch: [PictureMatch: Offer] = [:]

  /// No rows; `hasTemplate` if paths are made by a template.
  package init(hasTemplate: Bool = false) { self.hasTemplate = hasTemplate }

  /// The number of all rows.
  package var rows: Int { counts.values.reduce(0, +) }

  /// The rows of an outcome.
  package subscript(outcome: Outcome) -> Int { counts[outcome] ?? 0 }

  /// What was changed in references to find files, with the number of rows, in the order of the rules; a row may have
  /// several.
  package var rules: [(rule: PictureRule, rows: Int)] {
    PictureRule.allCases.compactMap { rule in changes[rule].map { (rule, $0) } }
  }

  /// What the rules that were not chosen would find, the narrowest first. Each finds what the ones before it find, too.
  package var offers: [Offer] { PictureMatch.allCases.compactMap { byMatch[$0] } }

  /// Counts a row that could not be read.
  package mutating func addFault() { counts[.noPost, default: 0] += 1 }

  /// Counts a post.
  ///
  /// - Parameters:
  ///   - reference: the path of its picture; nil if it names none.
  ///   - isFound: whether there is a file, readable or not.
  ///   - rules: what was changed in the reference to find it.
  ///   - hint: the file that a rule would find.
  package mutating func add(_ reference: String?, isFound: Bool, rules: [PictureRule], hint: PictureHint?) {
    guard let reference else { return counts[.noPicture, default: 0] += 1 }
    guard isFound else {
      counts[.notFound, default: 0] += 1
      if case .found(let file, let match) = hint { offer(match, reference, file) }
      return
    }
    for rule in rules { changes[rule, default: 0] += 1 }
    let outcome: Outcome =
      rules.contains(.name) ? .name : !rules.isEmpty ? .near : hasTemplate ? .template : .written
    counts[outcome, default: 0] += 1
  }

  private mutating func offer(_ match: PictureMatch, _ reference: String, _ file: String) {
    var offer = byMatch[match] ?? Offer(match: match)
    offer.rows += 1
    if offer.examples.count < Self.shown { offer.examples.append(Offer.Example(reference: reference, file: file)) }
    byMatch[match] = offer
  }
}
