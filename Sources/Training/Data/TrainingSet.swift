internal import Models
internal import Scoring

/// Posts with their labels' places and their teacher's vectors: examples by number.
public struct TrainingSet: Sendable {
  /// The labels, in the order of the model's answers.
  public let labels: LabelSet
  /// What was read.
  public let posts: TrainingPosts
  private let places: [Int]
  private let teacher: TeacherCache?
  /// Each post's place in the teacher's cache.
  private let taught: [Int?]

  /// Brings together what an example is made of.
  ///
  /// - Parameters:
  ///   - posts: what was read.
  ///   - labels: the labels of the model; for posts to validate with, those of the posts to learn from.
  ///   - teacher: the teacher's vectors by the posts' keys; nil for training without alignment.
  /// - Throws: `noPosts`; `unknownLabels`.
  public init(
    _ posts: TrainingPosts, labels: LabelSet, teacher: TeacherCache? = nil
  ) throws(TrainingDataError) {
    guard posts.count > 0 else { throw posts.emptiness }
    try labels.check(posts)
    (self.posts, self.labels, self.teacher) = (posts, labels, teacher)
    places = posts.posts.compactMap { labels[$0.label] }
    taught = posts.posts.map { teacher?.place(of: $0.key) }
  }

  /// How many examples there are.
  public var count: Int { places.count }
  /// How many of each label, in their order.
  public var classCounts: [Int] {
    places.reduce(into: [Int](repeating: 0, count: labels.count)) { $0[$1] += 1 }
  }
  /// Whether there is a teacher at all.
  var hasTeacher: Bool { teacher != nil }
  /// How many have no vectors of the teacher's: they are left out of the alignment loss.
  public var untaught: Int { taught.count { $0 == nil } }

  /// The post's key.
  public func key(of index: Int) -> String { posts.posts[index].key }
  /// The place of the post's label.
  public func label(of index: Int) -> Int { places[index] }
  /// Whether any post has a picture.
  public var hasPictures: Bool { (0..<count).contains(where: hasPicture) }
  /// Whether the post has a picture.
  public func hasPicture(_ index: Int) -> Bool { posts.posts[index].picture != nil }
  /// The pieces of the post's text and knowledge, and what a lexicon makes of them; no picture.
  func words(of index: Int) -> PostInputs { posts.posts[index].words }
  /// The hash of the post's picture file; nil where it has none.
  func pictureIdentity(of index: Int) -> [UInt8]? {
    posts.posts[index].picture.map { posts.pictures[$0].identity }
  }
  /// The teacher's vectors of the post; nil where it has none.
  func teacher(of index: Int) -> TeacherVectors? {
    taught[index].flatMap { teacher?.vectors(at: $0, streams: posts.streams) }
  }
  /// How many posts have the words and the picture of one of another set.
  public func shared(with other: TrainingSet) -> Int {
    let seen = Set((0..<other.count).map(other.content))
    return (0..<count).count { seen.contains(content($0)) }
  }
  private func content(_ index: Int) -> [[Int32]] {
    let words = words(of: index)
    return [words.text, words.knowledge ?? [], (pictureIdentity(of: index) ?? []).map(Int32.init)]
      + words.features.map { ($0?.values ?? []).map { Int32(bitPattern: $0.bitPattern) } }
  }
  /// The pieces of the post's text and knowledge together: what a batch of it costs, beside the picture.
  public func tokens(of index: Int) -> Int {
    posts.posts[index].words.text.count + (posts.posts[index].words.knowledge?.count ?? 0)
  }

  /// An example, its picture's numbers made anew; safe from any thread.
  ///
  /// - Parameters:
  ///   - index: from 0 to ``count``.
  ///   - pictured: false hides the picture, as if the post had none.
  /// - Returns: the example; `pictureIdentity` is the hash of the picture's file.
  public subscript(index: Int, pictured pictured: Bool = true) -> Example {
    let post = posts.posts[index], picture = pictured ? post.picture.map { posts.pictures[$0] } : nil
    var inputs = post.words
    inputs.pixels = picture.map { posts.reader.numbers(of: $0.samples) }
    inputs.pictureIdentity = picture?.identity
    return Example(inputs: inputs, label: places[index], teacher: teacher(of: index))
  }
}
