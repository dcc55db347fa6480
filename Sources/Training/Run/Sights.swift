internal import Models
internal import Tensors

/// The posts of a run as its network sees them: raw, or with the tokens of towers that stay as they are.
struct Sights {
  private let learner: Learner
  private let texts: FrozenTokens<[Int32]>?
  private let pictures: FrozenTokens<[UInt8]>?

  /// Encodes what frozen towers see of the posts, once, into files in `folder`.
  init(
    _ learner: Learner, frozen: [Tower], _ sets: [TrainingSet], folder: String, identity: String,
    shouldStop: () -> Bool
  ) throws(TrainingError) {
    self.learner = learner
    let configuration = learner.configuration
    if frozen.contains(.text) {
      var seen: Set<[Int32]> = [], parts: [(key: [Int32], length: Int)] = []
      for set in sets {
        for index in 0..<set.count {
          let words = set.words(of: index)
          for text in [words.text] + (words.knowledge.map { [$0] } ?? []) where seen.insert(text).inserted {
            parts.append((text, text.count))
          }
        }
      }
      texts = try FrozenTokens(
        path: folder + "/text-tokens.f32", identity: identity, width: configuration.text.hiddenSize, parts,
        encode: { (texts) throws(TensorError) in try learner.encode(texts: texts) }, shouldStop: shouldStop)
    } else {
      texts = nil
    }
    if frozen.contains(.image) {
      var places: [[UInt8]: (TrainingSet, Int)] = [:], parts: [(key: [UInt8], length: Int)] = []
      for set in sets {
        for index in 0..<set.count {
          guard let identity = set.pictureIdentity(of: index), places[identity] == nil else { continue }
          places[identity] = (set, index)
          parts.append((identity, configuration.image.tokens))
        }
      }
      pictures = try FrozenTokens(
        path: folder + "/image-tokens.f32", identity: identity, width: configuration.image.hiddenSize, parts,
        encode: { (keys) throws(TensorError) in
          let pixels = keys.compactMap { places[$0].flatMap { set, index in set[index].inputs.pixels } }
          return try learner.encode(pictures: pixels)
        }, shouldStop: shouldStop)
    } else {
      pictures = nil
    }
  }

  /// A post, its picture hidden where that is asked for.
  func lesson(_ set: TrainingSet, _ index: Int, pictured: Bool = true) -> Lesson {
    var example = set[index, pictured: pictured && pictures == nil]
    let identity = pictured && pictures != nil ? set.pictureIdentity(of: index) : nil
    if identity != nil { example.inputs.pixels = [] }
    var lesson = Lesson(example, learner.configuration)
    if let texts {
      lesson.sight.text.encoded = texts[lesson.sight.text.raw]
      if let knowledge = lesson.sight.knowledge?.raw { lesson.sight.knowledge?.encoded = texts[knowledge] }
    }
    if let pictures, let identity { lesson.sight.picture?.encoded = pictures[identity] }
    return lesson
  }
}
