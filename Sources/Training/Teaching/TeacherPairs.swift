import Bytes
import Evaluation

/// How well a teacher tells posts' own pairs from others, on a sample of the very posts that it is to teach. Teaching and
/// training take the same sample of the same posts.
enum TeacherPairs {
  /// The most posts that are compared, each with each.
  static let limit = 1000

  /// Compares texts with pictures.
  ///
  /// No text and no picture occurs twice in the sample: of a pair that differs from another on one side only, nobody can
  /// say that it is wrong. Posts are taken by the hash of their keys, so that the choice does not follow from their order.
  ///
  /// - Parameters:
  ///   - keys: the posts' keys.
  ///   - texts: for each post which text it has, equal for equal texts.
  ///   - images: for each post which picture it has.
  ///   - limit: the most posts of the sample.
  ///   - among: the numbers of pictures for R@1.
  ///   - vectors: the vectors of a post, of any length.
  /// - Returns: nil for fewer than `PairRetrieval.leastPosts`.
  static func retrieval<Text: Hashable, Image: Hashable>(
    keys: [String], texts: [Text], images: [Image], limit: Int = limit, among: [Int] = [100],
    vectors: (_ post: Int) -> (text: [Float], image: [Float])
  ) -> PairRetrieval? {
    let hashes = keys.map { Array(SHA256.hash(data: Array($0.utf8))) }
    let order = keys.indices.sorted { hashes[$0].lexicographicallyPrecedes(hashes[$1]) }
    var seen = (texts: Set<Text>(), images: Set<Image>()), sample: [(text: [Float], image: [Float])] = []
    for post in order where !seen.texts.contains(texts[post]) && !seen.images.contains(images[post]) {
      guard sample.count < limit else { break }
      seen.texts.insert(texts[post])
      seen.images.insert(images[post])
      let (text, image) = vectors(post)
      sample.append((UnitVector.orSame(text), UnitVector.orSame(image)))
    }
    return PairRetrieval(texts: sample.map(\.text), images: sample.map(\.image), among: among)
  }
}

extension PostSides.Shaped {
  /// How well the vectors tell own pairs from others; nil for too few different posts.
  var pairs: PairRetrieval? {
    TeacherPairs.retrieval(keys: ids, texts: textPlaces, images: imagePlaces) { post in
      let range = post * width..<(post + 1) * width
      return (Array(text[range]), Array(image[range]))
    }
  }
}
