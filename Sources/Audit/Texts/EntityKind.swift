internal import Inputs

/// What an entity of HTML stands for.
enum EntityKind {
  /// Something that can be seen, or a blank.
  case seen
  /// A character that cannot be seen: `&#8203;`.
  case invisible
  /// Nothing that the step `unescape-html` knows.
  case unknown

  /// Reads an entity, from `&` to `;`.
  init(_ entity: [Unicode.Scalar]) {
    let meant = TextStep.unescapeHTML.apply(to: entity)
    if meant == entity {
      self = .unknown
    } else {
      let isUnseen = meant.contains { [.invisible, .ignorable].contains(ScalarKind.of($0)) }
      self = isUnseen ? .invisible : .seen
    }
  }
}
