/// Whether a text says, or a picture shows, something good or something bad.
package enum Polarity: CaseIterable, Sendable {
  case good
  case bad
}

/// What a post is labelled with: the exclusive-or of its two polarities.
package enum Label: String, CaseIterable, Sendable {
  /// Text and picture agree.
  case sincere
  /// They clash.
  case ironic

  /// The label of a post.
  package init(text: Polarity, picture: Polarity) {
    self = text == picture ? .sincere : .ironic
  }
}
