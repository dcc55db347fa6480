public import Corpus
internal import Inputs
internal import Models

/// From a corpus to a file of teacher's vectors.
public struct Teaching: Sendable {
  /// What came out.
  public struct Summary: Sendable, Equatable {
    /// Posts that have vectors now.
    public var posts: Int
    /// The numbers of a vector.
    public var width: Int
    /// Different texts that were encoded, those of pictures included.
    public var sentences: Int
    /// Different pictures that were encoded.
    public var pictures: Int
    /// How many of both an earlier turn of the same work had encoded.
    public var reused: Int
    /// Texts that were longer than the teacher reads, and were cut.
    public var cut: Int
    /// Posts whose vector lies at its side's centre and points nowhere: they are left out.
    public var central: Int
    /// The rows whose picture cannot be read: they are left out.
    public var faults: [RowFault]

    /// A summary of these numbers.
    public init(
      posts: Int, width: Int, sentences: Int, pictures: Int = 0, reused: Int = 0, cut: Int, central: Int,
      faults: [RowFault] = []
    ) {
      (self.posts, self.width, self.sentences, self.reused) = (posts, width, sentences, reused)
      (self.pictures, self.cut, self.central, self.faults) = (pictures, cut, central, faults)
    }
  }

  private let teacher: any PostTeacher
  private let shape: VectorShape
  private let name: String

  /// Brings together a teacher, its name, which the file keeps, and what is done to its vectors.
  ///
  /// It throws `tooManyDirections`.
  package init(teacher: any PostTeacher, name: String, shape: VectorShape) throws(TeachingError) {
    if let asked = shape.whitened, asked > teacher.width {
      throw .tooManyDirections(asked: asked, width: teacher.width)
    }
    (self.teacher, self.name, self.shape) = (teacher, name, shape)
  }

  /// Encodes the posts' texts and pictures, each once, and writes the vectors; the file appears when it is whole.
  ///
  /// What is encoded so far stands beside it meanwhile, so that the same work, ended early, goes on from there.
  ///
  /// - Parameters:
  ///   - posts: whose texts and pictures.
  ///   - path: the safetensors file to write.
  ///   - threads: the threads that encode.
  ///   - shouldStop: asked between batches.
  ///   - observe: is told after each batch, by any thread but one at a time, how many texts and
  ///     pictures of how many are done.
  /// - Returns: what came out.
  /// - Throws: `ModelError` where memory does not suffice or the file cannot be written; `oneVector`;
  ///   `noPictures`; `notFinite`; `interrupted`.
  public func run(
    _ posts: TeachingPosts, to path: String, threads: Int, shouldStop: @escaping @Sendable () -> Bool = { false },
    observe: @escaping @Sendable (_ done: Int, _ of: Int) -> Void = { _, _ in }
  ) throws -> Summary {
    let cache = try SentenceCache(
      path: SentenceCache.path(beside: path), teacher: teacher.identity, width: teacher.width)
    let encoded = try teacher.encode(
      posts, reusing: cache, threads: threads, shouldStop: shouldStop, observe: observe)
    var summary = Summary(
      posts: 0, width: 0, sentences: encoded.sentences, pictures: encoded.pictures, reused: encoded.reused,
      cut: encoded.cut, central: 0)
    summary.faults = posts.posts.compactMap { post in
      encoded.faults[post.image]?.rowFault(at: post.position, key: post.key)
    }
    let seen = posts.posts.filter { encoded.faults[$0.image] == nil }
    guard !seen.isEmpty else {
      cache.remove()
      throw TeachingError.noPictures(
        posts: posts.posts.count, first: posts.posts.first.flatMap { encoded.faults[$0.image]?.description } ?? "")
    }
    let sides = PostSides(
      keys: seen.map(\.key), texts: Side(of: seen.map(\.text), isWeighted: true),
      images: Side(of: seen.map { encoded.firstOfImage[$0.image] }, isWeighted: false))
    let shaped = sides.shaped(shape, texts: encoded.texts, images: encoded.images)
    if shouldStop() { throw TeachingError.interrupted }
    guard !shaped.ids.isEmpty else {
      cache.remove()
      throw TeachingError.oneVector
    }
    try shaped.write(path, remarks: [("teacher", name), ("shape", shape.words(after: teacher.remark))])
    cache.remove()
    (summary.posts, summary.width) = (shaped.ids.count, shaped.width)
    summary.central = seen.count - shaped.ids.count
    return summary
  }
}
