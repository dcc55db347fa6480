/// The names of sources of labels: those that clfa keeps for itself, and those of people.
package enum LabelSource {
  /// The source of the labels in a corpus' own column.
  package static let corpus = "corpus"
  /// The source of labels from a file that names nobody.
  package static let file = "labels"
  /// The source of labels on which the other sources agree; further ones begin with this word.
  package static let majority = "majority"

  /// Whether labels of this source are agreed ones.
  package static func isMajority(_ name: String) -> Bool { name.utf8.starts(with: majority.utf8) }

  /// Whether no person's labels may have the name: scoring or a new majority would replace them.
  package static func isReserved(_ name: String) -> Bool { name == corpus || isMajority(name) }

  /// Rejects a name that no person's labels may have.
  package static func check(_ name: String) throws(StoreError) {
    guard !name.isEmpty, !isReserved(name) else { throw .reservedLabelSource(name) }
  }
}

/// Which posts get a label if the store has several contents with its key.
package enum LabelledContents: String, CaseIterable, Sendable {
  /// All of them.
  case all
  /// The last one that was stored.
  case latest
  /// None: the row is a fault.
  case refuse
}
