internal import Bytes
internal import Models

/// A difference between a corpus and its model's training data.
package struct InputMismatch: Sendable, Equatable {
  /// The input or trait that differs.
  package enum Subject: Sendable, Equatable {
    /// An input of posts: text, picture, knowledge, a stream of features.
    case input(Input)
    /// The share of pieces that the tokenizer does not know.
    case unknownPieces
    /// The same share among the pieces of knowledge.
    case unknownKnowledgePieces
    /// Characters per piece.
    case charactersPerPiece
    /// The share of letters in a script.
    case script(String)
    /// The share of normalised texts with a mark, by its name in the profile.
    case marks(String)
    /// The median of pictures' shorter sides, in pixels.
    case pictureSide
    /// The share of labelled posts whose label the model does not know.
    case labels
    /// The share of labelled posts whose label is a bare number without a name; a separate notice reports it.
    case labelNumbers

    /// Its name in the store.
    package var name: String {
      switch self {
      case .input(let input): input.name
      case .unknownPieces: "unknown_pieces"
      case .unknownKnowledgePieces: "unknown_pieces_of_knowledge"
      case .charactersPerPiece: "characters_per_piece"
      case .script(let name): "script \(name)"
      case .marks(let name): name
      case .pictureSide: "picture_side"
      case .labels: "labels"
      case .labelNumbers: "label_numbers"
      }
    }
  }

  /// An input that a post can lack.
  package enum Input: Sendable, Equatable {
    case text
    case picture
    case knowledge
    case stream(String)

    /// Its name for the option that allows posts to lack it.
    package var name: String {
      switch self {
      case .text: "text"
      case .picture: "picture"
      case .knowledge: "knowledge"
      case .stream(let name): name
      }
    }
  }

  /// How to supply an input that nearly all posts lack.
  package enum Remedy: Sendable, Equatable {
    /// By naming its column; a similar column is given, if there is one.
    case column(String?)
    /// By naming the columns of texts and pictures, if rows have neither; texts may be in the column of knowledge.
    case textAndPicture(textInKnowledge: Bool)
  }

  /// The input or trait that differs.
  package var subject: Subject
  /// Its value in training: a share, or the quantity that the subject names; nil if it was not recorded.
  package var trained: Double?
  /// Its value in the posts that were examined.
  package var here: Double
  /// How many posts were examined.
  package var posts: Int
  /// Whether nearly all posts lack an input of training, so that predictions mean little.
  package var isCritical = false
  /// Whether the user allowed it.
  package var isAllowed = false
  /// The share in the whole run, if it is known at its end.
  package var inRun: Double?
  /// The difference in one or two sentences.
  package var words: String
  /// The option that may supply a missing input; nil for other differences.
  package var remedy: Remedy?

  /// Creates a mismatch from its parts.
  package init(
    subject: Subject, trained: Double? = nil, here: Double, posts: Int, isCritical: Bool = false, inRun: Double? = nil,
    words: String, remedy: Remedy? = nil
  ) {
    (self.subject, self.trained, self.here, self.posts) = (subject, trained, here, posts)
    (self.isCritical, self.inRun, self.words, self.remedy) = (isCritical, inRun, words, remedy)
  }

  /// The mismatches as a run keeps them: a JSON array of objects.
  package static func json(_ mismatches: [InputMismatch]) -> String {
    var json = JSONWriter()
    json.array(mismatches) { json, mismatch in
      var members: [(String, (inout JSONWriter) -> Void)] = [
        ("subject", { $0.string(mismatch.subject.name) }),
        ("trained", { json in mismatch.trained.map { json.number(rounded($0)) } ?? json.optional(String?.none) }),
        ("here", { $0.number(rounded(mismatch.here)) }), ("posts", { $0.number(mismatch.posts) }),
      ]
      if let inRun = mismatch.inRun { members.append(("in_run", { $0.number(rounded(inRun)) })) }
      if mismatch.isCritical {
        members.append(("allowed", { $0.string(mismatch.isAllowed ? "--allow-missing" : "no") }))
      }
      members.append(("words", { $0.string(mismatch.sentences) }))
      json.object(members)
    }
    return json.text
  }

  /// The text as sentences, with a capital letter and a full stop.
  private var sentences: String {
    let end = words.utf8.last == UInt8(ascii: ".") ? "" : "."
    return words.prefix(1).uppercased() + words.dropFirst() + end
  }

  private static func rounded(_ value: Double) -> Double { (value * 1e6).rounded() / 1e6 }
}

/// The error if nearly all posts lack an input of training.
package struct MissingInputsError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The critical mismatches that are not allowed.
  package let mismatches: [InputMismatch]

  /// The error that prevents a run; nil if there is none.
  package init?(_ mismatches: [InputMismatch]) {
    self.mismatches = mismatches.filter { $0.isCritical && !$0.isAllowed }
    if self.mismatches.isEmpty { return nil }
  }

  /// The message: every missing input.
  package var description: String { mismatches.map(\.words).joined(separator: ". ") + ". Nothing was scored" }
}
