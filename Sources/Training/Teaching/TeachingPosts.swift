import Bytes
public import Corpus

/// What two columns of a corpus say of its posts: the post's own words, and its picture in words.
public struct TeachingPosts: Sendable {
  /// A post, its words by their places in `sentences`.
  struct Post: Sendable {
    var key: String
    var text: Int
    var image: Int
  }

  /// The corpus' files as faults name them.
  public let files: [String]
  /// The rows that cannot be read, in the order of the corpus.
  public private(set) var faults: [RowFault] = []
  /// What looks wrong with the corpus, but stops nothing.
  public private(set) var notices: [String] = []
  /// How many rows were read.
  public private(set) var rows = 0
  /// Rows that lack the words of one side.
  public private(set) var oneSided = 0
  /// Rows that say what an earlier row of the same key said.
  public private(set) var repeated = 0
  /// Rows that say something else than an earlier row of the same key; that one stays.
  public private(set) var contradicting = 0
  private(set) var posts: [Post] = []
  /// All words of both sides, each text once.
  private(set) var sentences: [String] = []

  /// Reads a corpus to its end.
  ///
  /// - Parameters:
  ///   - paths: the corpus' files.
  ///   - options: how the files are read; the column of texts holds the posts' words, the column of pictures the
  ///     pictures' in words.
  ///   - observe: is told now and then how many rows are read, and the share of the files where their size is known.
  /// - Throws: what the corpus throws; `TeachingError.noPosts`.
  public init(
    paths: [String], options: CorpusOptions, observe: (_ rows: Int, _ share: Double?) -> Void = { _, _ in }
  ) throws {
    var corpus = try CorpusReader(paths: paths, options: options)
    files = corpus.files
    var places: [ByteText: Int] = [:], keys: [ByteText: Int] = [:]
    while let row = try corpus.next() {
      if options.shouldStop() { throw TeachingError.interrupted }
      rows += 1
      if rows.isMultiple(of: 1000) {
        observe(rows, corpus.totalBytes.map { $0 > 0 ? min(1, Double(corpus.bytesRead) / Double($0)) : 1 })
      }
      switch row {
      case .fault(let fault): faults.append(fault)
      case .post(let post): add(post, &places, &keys)
      }
    }
    notices = corpus.notices.map(\.description)
    guard !posts.isEmpty else {
      throw TeachingError.noPosts(files: files, oneSided: oneSided, faulted: faults.count)
    }
  }

  private mutating func add(_ post: Corpus.Post, _ places: inout [ByteText: Int], _ keys: inout [ByteText: Int]) {
    guard let image = post.image, !post.text.isBlank else {
      oneSided += 1
      return
    }
    let new = Post(key: post.key, text: place(of: post.text, &places), image: place(of: image, &places))
    guard let earlier = keys[ByteText(post.key)].map({ posts[$0] }) else {
      keys[ByteText(post.key)] = posts.count
      posts.append(new)
      return
    }
    if (earlier.text, earlier.image) == (new.text, new.image) { repeated += 1 } else { contradicting += 1 }
  }

  private mutating func place(of sentence: String, _ places: inout [ByteText: Int]) -> Int {
    let bytes = ByteText(sentence)
    if let place = places[bytes] { return place }
    places[bytes] = sentences.count
    sentences.append(sentence)
    return sentences.count - 1
  }
}
