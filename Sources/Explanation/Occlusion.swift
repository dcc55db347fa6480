internal import Models

/// A model's prediction for a post without one part of it.
package struct Occlusion: Sendable, Equatable {
  /// The removable parts of a post.
  package enum Part: Sendable, Equatable {
    /// The pieces of a word, by the word's index; those before and after it are joined.
    case word(Int)
    /// All words.
    case text
    /// The picture; the post becomes one without.
    case picture
    /// The knowledge.
    case knowledge
    /// The rows of a feature stream, by its name; the post becomes one without.
    case features(String)
  }

  package var part: Part
  /// The probability of each label without it.
  package var probabilities: [Float]
}

extension PostInputs {
  /// Lists every part that can be removed from a post, with the post without it.
  ///
  /// A part that the post lacks is skipped. Knowledge counts only if the model's aggregation reads it. `streams` are
  /// the names of the model's feature streams, in its order.
  func occluded(
    words: [Range<Int>], readsKnowledge: Bool, streams: [String]
  ) -> [(part: Occlusion.Part, post: PostInputs)] {
    var variants: [(part: Occlusion.Part, post: PostInputs)] = []
    if text.count > 2 { variants.append((.text, without(pieces: 1..<text.count - 1))) }
    if pixels != nil { variants.append((.picture, withoutPicture)) }
    if readsKnowledge, let knowledge, knowledge.count > 2 { variants.append((.knowledge, withoutKnowledge)) }
    for (place, name) in zip(features.indices, streams) where features[place] != nil {
      variants.append((.features(name), withoutFeatures(place)))
    }
    return variants + words.enumerated().map { (.word($0), without(pieces: $1)) }
  }

  /// The post without some pieces of its text; biases between the others are kept.
  func without(pieces: Range<Int>) -> PostInputs {
    let kept = text.indices.filter { !pieces.contains($0) }
    var post = self
    post.text = kept.map { text[$0] }
    post.selfBias = selfBias.map { bias in kept.flatMap { row in kept.map { bias[row * text.count + $0] } } }
    let known = knowledge?.count ?? 0
    post.crossBias = crossBias.map { bias in kept.flatMap { bias[$0 * known..<($0 + 1) * known] } }
    return post
  }

  private var withoutPicture: PostInputs {
    var post = self
    (post.pixels, post.pictureIdentity) = (nil, nil)
    return post
  }

  private func withoutFeatures(_ place: Int) -> PostInputs {
    var post = self
    post.features[place] = nil
    return post
  }

  /// `[CLS]` and `[SEP]` stay, as in a post with empty knowledge, and an empty text has no lexicon biases.
  private var withoutKnowledge: PostInputs {
    var post = self
    post.knowledge = knowledge.map { [$0[0], $0[$0.count - 1]] }
    post.crossBias = nil
    return post
  }
}
