internal import Models

/// From a corpus' words to a file of teacher's vectors.
public struct Teaching: Sendable {
  /// What came out.
  public struct Summary: Sendable, Equatable {
    /// Posts that have vectors now.
    public var posts: Int
    /// The numbers of a vector.
    public var width: Int
    /// Different texts that were encoded, those of pictures included.
    public var sentences: Int
    /// How many of them an earlier turn of the same work had encoded.
    public var reused: Int
    /// Texts that were longer than the teacher reads, and were cut.
    public var cut: Int
    /// Posts whose vector lies at its side's centre and points nowhere: they are left out.
    public var central: Int

    /// A summary of these numbers.
    public init(posts: Int, width: Int, sentences: Int, reused: Int = 0, cut: Int, central: Int) {
      (self.posts, self.width, self.sentences, self.reused) = (posts, width, sentences, reused)
      (self.cut, self.central) = (cut, central)
    }
  }

  private let teacher: SentenceTeacher
  private let shape: VectorShape
  private let name: String

  /// Brings together a teacher, its name, which the file keeps, and what is done to its vectors.
  ///
  /// It throws `tooManyDirections`.
  public init(teacher: SentenceTeacher, name: String, shape: VectorShape) throws(TeachingError) {
    if let asked = shape.whitened, asked > teacher.width {
      throw .tooManyDirections(asked: asked, width: teacher.width)
    }
    (self.teacher, self.name, self.shape) = (teacher, name, shape)
  }

  /// Encodes the posts' words, each text once, and writes the vectors; the file appears when it is whole.
  ///
  /// What is encoded so far stands beside it meanwhile, so that the same work, ended early, goes on from there.
  ///
  /// - Parameters:
  ///   - posts: whose words.
  ///   - path: the safetensors file to write.
  ///   - threads: the threads that encode.
  ///   - shouldStop: asked between batches.
  ///   - observe: is told after each batch, by any thread but one at a time, how many texts of how many are done.
  /// - Returns: what came out.
  /// - Throws: `ModelError` where memory does not suffice or the file cannot be written; `oneVector`; `interrupted`.
  public func run(
    _ posts: TeachingPosts, to path: String, threads: Int, shouldStop: @escaping @Sendable () -> Bool = { false },
    observe: @escaping @Sendable (_ done: Int, _ of: Int) -> Void = { _, _ in }
  ) throws -> Summary {
    let count = posts.sentences.count
    let cache = try SentenceCache(
      path: SentenceCache.path(beside: path), teacher: teacher.identity, width: teacher.width)
    let encoded = try teacher.encode(
      posts.sentences, reusing: cache, threads: threads, shouldStop: shouldStop
    ) { observe($0, count) }
    let texts = Side(of: posts.posts.map(\.text), isWeighted: true)
    let images = Side(of: posts.posts.map(\.image), isWeighted: false)
    let shaped = shape.apply(to: [texts, images].map { $0.shapeable(encoded.vectors) })
    if shouldStop() { throw TeachingError.interrupted }

    var ids: [String] = [], text: [Float] = [], image: [Float] = []
    for (index, post) in posts.posts.enumerated() {
      guard let said = shaped[0][texts.places[index]], let seen = shaped[1][images.places[index]] else { continue }
      ids.append(post.key)
      text += said
      image += seen
    }
    guard !ids.isEmpty else {
      cache.remove()
      throw TeachingError.oneVector
    }
    let width = text.count / ids.count
    try SafetensorsTeacher.write(
      path, ids: ids, text: text, image: image, width: width, remarks: [("teacher", name), ("shape", words)])
    cache.remove()
    return Summary(
      posts: ids.count, width: width, sentences: count, reused: encoded.reused, cut: encoded.cut,
      central: posts.posts.count - ids.count)
  }

  /// What was done to the vectors, for the file.
  private var words: String {
    (["mean of the last layer's tokens"] + (shape.centres ? ["centred"] : [])
      + (shape.whitened.map { ["whitened to \($0)"] } ?? [])).joined(separator: ", ")
  }
}

/// One side of the posts: its different sentences, and which of them each post has.
private struct Side {
  /// The sentences, by their places among all.
  private(set) var sentences: [Int] = []
  /// For each post the place of its sentence here.
  private(set) var places: [Int] = []
  private var counts: [Double] = []

  /// `isWeighted`: a sentence counts as often as posts have it, not once.
  init(of posts: [Int], isWeighted: Bool) {
    var known: [Int: Int] = [:]
    for sentence in posts {
      let place = known[sentence] ?? sentences.count
      if place == sentences.count {
        known[sentence] = place
        sentences.append(sentence)
        counts.append(0)
      }
      counts[place] = isWeighted ? counts[place] + 1 : 1
      places.append(place)
    }
  }

  /// The side's vectors, each once.
  func shapeable(_ vectors: [[Float]]) -> VectorShape.Side {
    VectorShape.Side(vectors: sentences.map { vectors[$0] }, weights: counts)
  }
}
