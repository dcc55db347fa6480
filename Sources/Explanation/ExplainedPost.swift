internal import Bytes
package import Inputs
internal import Models
package import Results

/// A stored post, its picture, and the model's explanation.
package struct ExplainedPost: Sendable {
  /// The post's picture, or why it is not available.
  package enum PictureStatus: Sendable {
    /// The post was scored without a picture.
    case none
    /// The picture that was scored.
    case picture(Picture)
    /// The store's thumbnail, and why the picture itself is not available.
    case thumbnail(Picture, reason: String)
    /// No picture, with the reason.
    case lacking(reason: String)
  }

  /// The post as the store has it.
  package var post: ScoredPost
  /// Its picture.
  package var pictureStatus: PictureStatus
  /// The model's explanation; nil if the picture or the features are missing, because the post would then be another
  /// one.
  package var explanation: Explanation?
  /// Why its features are not available; nil if they are, or if it has none.
  package var lackingFeatures: String?

  /// A post with what is known of it.
  package init(
    post: ScoredPost, pictureStatus: PictureStatus, explanation: Explanation?, lackingFeatures: String? = nil
  ) {
    (self.post, self.pictureStatus, self.explanation) = (post, pictureStatus, explanation)
    self.lackingFeatures = lackingFeatures
  }

  /// The largest difference of a label's probability now from the stored one; nil if nothing was computed.
  package var largestDifference: Double? {
    guard let explanation, explanation.probabilities.count == post.probabilities.count else { return nil }
    return zip(explanation.probabilities, post.probabilities).reduce(0) { max($0, abs(Double($1.0) - $1.1.value)) }
  }

  /// Whether the precision is another than the scorer's.
  package var isOtherPrecision: Bool {
    explanation.map { ByteText($0.precision.rawValue) != ByteText(post.scorer.precision) } ?? false
  }
}

extension ExplainedPost {
  /// All numbers, as a JSON object and a line feed; `docs/explain.md` describes the format.
  package var json: String {
    var json = JSONWriter()
    json.object(
      [
        ("post", { $0.object(postMembers) }), ("picture", { $0.object(sightMembers) }),
        ("features", { $0.object(featureMembers) }), ("stored", { $0.object(storedMembers) }),
        ("computed", { json in computed(&json) }),
      ])
    return json.text + "\n"
  }

  private typealias Member = (String, (inout JSONWriter) -> Void)

  private var postMembers: [Member] {
    [
      ("key", { $0.string(post.key) }), ("run", { $0.string(post.run.text) }), ("file", { $0.string(post.file) }),
      ("line", { $0.number(post.line) }), ("versions", { $0.number(post.versions) }),
      ("text", { $0.string(post.text) }), ("knowledge", { $0.string(post.knowledge) }),
      ("image", { $0.optional(post.image) }), ("truth", { $0.optional(post.truth?.text) }),
    ]
  }

  private var sightMembers: [Member] {
    let (state, reason): (String, String?) =
      switch pictureStatus {
      case .none: ("none", nil)
      case .picture: ("picture", nil)
      case .thumbnail(_, let reason): ("thumbnail", reason)
      case .lacking(let reason): ("lacking", reason)
      }
    return [("state", { $0.string(state) }), ("reason", { $0.optional(reason?.withoutIsolates) })]
  }

  private var featureMembers: [Member] {
    [
      ("streams", { $0.array(post.features) { $0.string($1.stream) } }),
      ("reason", { $0.optional(lackingFeatures?.withoutIsolates) }),
    ]
  }

  private var storedMembers: [Member] {
    [
      ("model", { $0.string(post.scorer.modelName) }), ("fingerprint", { $0.string(post.scorer.fingerprint) }),
      ("precision", { $0.string(post.scorer.precision) }), ("label", { $0.string(post.label.text) }),
      ("confidence", { $0.number(post.confidence) }),
      ("probabilities", { json in json.object(post.probabilities, key: \.label.text) { $0.number($1.value) } }),
      ("text_image_similarity", { $0.optional(post.textImageSimilarity) }),
      ("unknown_share", { $0.number(post.unknownShare) }), ("truncated", { $0.number(post.truncated) }),
    ]
  }

  private func computed(_ json: inout JSONWriter) {
    guard let explanation else { return json.optional(String?.none) }
    json.object([
      ("precision", { $0.string(explanation.precision.rawValue) }),
      ("largest_difference", { $0.optional(largestDifference) }),
      ("label", { $0.string(explanation.labels[explanation.predicted].text) }),
      ("probabilities", { explanation.write(explanation.probabilities, &$0) }),
      ("text_image_similarity", { $0.optional(explanation.textPictureSimilarity.map { Double($0) }) }),
      ("aggregation", { $0.string(explanation.aggregation.rawValue) }),
      ("alpha", { $0.optional(explanation.alignment.alpha) }),
      ("pieces", { $0.array(explanation.pieces) { $0.object(Self.members($1)) } }),
      (
        "words",
        { json in
          json.array(explanation.words) { json, word in
            json.object([
              ("word", { $0.string(word.text) }), ("first_piece", { $0.number(word.pieces.lowerBound) }),
              ("pieces", { $0.number(word.pieces.count) }),
            ])
          }
        }
      ),
      ("patches_a_side", { $0.number(explanation.patches.side) }),
      ("covered", { $0.number(explanation.patches.covered) }),
      ("attention", { explanation.looking.writeAttention(&$0) }),
      ("co_attention", { explanation.looking.writeCoAttention(&$0) }),
      (
        "cosines",
        { json in if let map = explanation.cosines { map.write(&json) } else { json.optional(String?.none) } }
      ),
      ("streams", { $0.array(explanation.streams) { $0.object(Self.members($1)) } }),
      ("left_out", { $0.array(explanation.occlusions) { $0.object(explanation.members($1)) } }),
    ])
  }

  private static func members(_ stream: StreamAttention) -> [Member] {
    [
      ("stream", { $0.string(stream.name) }), ("attention", { $0.array(stream.attention) { $1.write(&$0) } }),
      ("cosines", { stream.cosines.write(&$0) }),
    ]
  }

  private static func members(_ piece: Explanation.Piece) -> [Member] {
    [("piece", { $0.string(piece.text) }), ("word", { $0.optional(piece.word) })]
  }
}

extension AlignmentTraining {
  /// The alignment's weight in training; nil if it was not recorded.
  fileprivate var alpha: Double? {
    switch self {
    case .aligned(let alpha): alpha
    case .none: 0
    case .unrecorded: nil
    }
  }
}

extension Explanation {
  /// A probability for each label, by its name.
  fileprivate func write(_ probabilities: [Float], _ json: inout JSONWriter) {
    json.object(Array(zip(labels, probabilities)), key: { $0.0.text }, value: { $0.number(Double($1.1)) })
  }

  fileprivate func members(_ occlusion: Occlusion) -> [(String, (inout JSONWriter) -> Void)] {
    var word: Int?, stream: String?
    switch occlusion.part {
    case .word(let index): word = index
    case .features(let name): stream = name
    case .text, .picture, .knowledge: break
    }
    return [
      ("part", { $0.string(occlusion.part.name) }), ("word", { $0.optional(word) }),
      ("stream", { $0.optional(stream) }),
      ("probabilities", { write(occlusion.probabilities, &$0) }),
    ]
  }
}

extension Occlusion.Part {
  /// The part's name for programs.
  package var name: String {
    switch self {
    case .word: "word"
    case .text: "text"
    case .picture: "picture"
    case .knowledge: "knowledge"
    case .features: "features"
    }
  }
}

extension TokenMap {
  fileprivate func write(_ json: inout JSONWriter) {
    json.array(Array(0..<pieces)) { $0.numbers(self[$1]) }
  }
}

extension CrossModalAttention {
  fileprivate func writeAttention(_ json: inout JSONWriter) {
    guard case .attention(let layers) = self else { return json.optional(String?.none) }
    json.array(layers) { $1.write(&$0) }
  }

  fileprivate func writeCoAttention(_ json: inout JSONWriter) {
    guard case .coAttention(let maps) = self else { return json.optional(String?.none) }
    json.object([
      ("affinity", { maps.affinity.write(&$0) }), ("piece_weights", { $0.numbers(maps.pieceWeights) }),
      ("token_weights", { $0.numbers(maps.tokenWeights) }),
    ])
  }
}

extension JSONWriter {
  fileprivate mutating func numbers(_ values: [Float]) { array(values) { $0.number(Double($1)) } }

  /// Appends a number; `null` if it is nil or not finite.
  fileprivate mutating func optional(_ value: Double?) {
    if let value, value.isFinite { number(value) } else { optional(String?.none) }
  }
}
