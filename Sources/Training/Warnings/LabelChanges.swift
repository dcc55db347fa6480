internal import Bytes
package import Evaluation
internal import Models
internal import Tensors

/// How often a model's label changes when a post loses its picture, or gets the picture or the text of another post.
package struct LabelChanges: Sendable, Equatable {
  /// The share of posts whose label changes when their picture is hidden.
  package var hiddenPictures: Estimate?
  /// The share whose label changes with another post's picture.
  package var swappedPictures: Estimate?
  /// The share whose label changes with another post's text and knowledge.
  package var swappedTexts: Estimate?

  /// Facts that are known.
  package init(hiddenPictures: Estimate? = nil, swappedPictures: Estimate? = nil, swappedTexts: Estimate? = nil) {
    (self.hiddenPictures, self.swappedPictures) = (hiddenPictures, swappedPictures)
    self.swappedTexts = swappedTexts
  }

  /// The most posts that are scored again.
  package static let limit = SpaceGeometry.limit
}

extension LabelChanges {
  var json: JSON {
    .members([
      ("hiddenImages", hiddenPictures?.recordJSON), ("swappedImages", swappedPictures?.recordJSON),
      ("swappedTexts", swappedTexts?.recordJSON),
    ])
  }

  init(_ json: JSON) {
    func share(_ name: String) -> Estimate? { json[ByteText(name)].flatMap(Estimate.init(record:)) }
    self.init(
      hiddenPictures: share("hiddenImages"), swappedPictures: share("swappedImages"),
      swappedTexts: share("swappedTexts"))
  }
}

extension TrainableModel {
  private static let batchOfChanges = 32

  /// Scores at most ``LabelChanges/limit`` posts that have a picture, four times each; nil without two of them.
  ///
  /// Each post's partner is the next one of a random cycle, so nobody has itself. A partner with the same picture, or
  /// the same words, does not count. A side that the aggregation does not read is left out.
  ///
  /// `input` gives a post by its number, with or without its picture.
  func labelChanges(
    _ set: TrainingSet, seed: UInt64, input: (Int, _ pictured: Bool) -> EncodedExample
  ) throws(TensorError) -> LabelChanges? {
    var random = SeededGenerator(seed: seed)
    let cycle = Array(
      random.shuffled((0..<set.count).filter(set.hasPicture)).prefix(LabelChanges.limit))
    guard cycle.count > 1 else { return nil }
    let readsPictures = configuration.aggregation != .text, readsTexts = configuration.aggregation != .image
    var hidden = Changes(), pictures = Changes(), texts = Changes()
    for first in stride(from: 0, to: cycle.count, by: Self.batchOfChanges) {
      let places = first..<min(first + Self.batchOfChanges, cycle.count)
      let posts = places.map { cycle[$0] }, partners = places.map { cycle[($0 + 1) % cycle.count] }
      let own = posts.map { input($0, true).input }, others = partners.map { input($0, true).input }
      let labels = try labels(own)
      if readsPictures {
        hidden.add(labels, try self.labels(posts.map { input($0, false).input }), where: { _ in true })
        let swapped = zip(own, others).map { own, other in
          var input = own
          input.picture = other.picture
          return input
        }
        pictures.add(labels, try self.labels(swapped)) {
          set.pictureIdentity(of: posts[$0]) != set.pictureIdentity(of: partners[$0])
        }
      }
      if readsTexts {
        let swapped = zip(own, others).map { own, other in
          var input = own
          (input.text, input.knowledge) = (other.text, other.knowledge)
          (input.selfBias, input.crossBias) = (other.selfBias, other.crossBias)
          return input
        }
        texts.add(labels, try self.labels(swapped)) {
          let words = set.words(of: posts[$0]), other = set.words(of: partners[$0])
          return words.text != other.text || words.knowledge != other.knowledge
        }
      }
    }
    return LabelChanges(
      hiddenPictures: hidden.share, swappedPictures: pictures.share, swappedTexts: texts.share)
  }

  private func labels(_ batch: [EncodedInput]) throws(TensorError) -> [Int?] {
    try predict(batch).map(\.best)
  }
}

/// Posts that were scored twice, and those of them whose label changed.
private struct Changes {
  var changed = 0
  var posts = 0

  mutating func add(_ labels: [Int?], _ others: [Int?], where counts: (Int) -> Bool) {
    for place in labels.indices where counts(place) {
      posts += 1
      if labels[place] != others[place] { changed += 1 }
    }
  }

  var share: Estimate? { posts > 0 ? .share(changed, of: posts) : nil }
}
