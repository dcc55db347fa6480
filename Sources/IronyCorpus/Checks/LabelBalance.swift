package import Bytes

/// What one side of a post shows that might give its label away.
package enum Cue: String, CaseIterable, Sendable {
  case wholeText = "text"
  case words
  case picture = "picture's name"
  case format = "picture's format"

  /// What a post shows; each thing once.
  package func values(of post: LabelledPost) -> Set<ByteText> {
    switch self {
    case .wholeText: [ByteText(post.text)]
    case .words: Words.of(post.text)
    case .picture: [ByteText(post.picture)]
    case .format: [ByteText(post.image.split(separator: ".").last ?? "")]
    }
  }
}

/// The words of a text, in small letters; what is neither letter, digit, `#`, `@` nor `_` parts them.
enum Words {
  static func of(_ text: String) -> Set<ByteText> {
    let isPart = { (character: Character) in character.isLetter || character.isNumber || "#@_".contains(character) }
    return Set(text.lowercased().split { !isPart($0) }.map { ByteText($0) })
  }
}

/// How often each thing that a cue shows stands under each label.
package struct LabelBalance: Sendable {
  /// `sincere` minus `ironic`, by what is shown.
  private var differences: [ByteText: Int] = [:]

  /// Counts. O(posts).
  package init(_ posts: [LabelledPost], _ cue: Cue) {
    for post in posts {
      for value in cue.values(of: post) { differences[value, default: 0] += post.label == .sincere ? 1 : -1 }
    }
  }

  /// How many different things there are.
  package var count: Int { differences.count }

  /// The greatest difference of all; 0 means that the cue tells nothing.
  package var greatest: Int { differences.values.map(abs).max() ?? 0 }

  /// The label that is more frequent among posts that show the same, each thing with one vote for its label by its
  /// difference; `nil` where none is.
  package func majority(_ post: LabelledPost, _ cue: Cue) -> Label? {
    let sum = cue.values(of: post).reduce(0) { $0 + (differences[$1] ?? 0) }
    return sum == 0 ? nil : sum > 0 ? .sincere : .ironic
  }
}
