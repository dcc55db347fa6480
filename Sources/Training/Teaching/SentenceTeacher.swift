import Bytes
internal import Inputs
internal import Models
internal import Scoring
internal import Synchronization
internal import Tensors

/// A BERT that says where posts' words lie: its tokenizer and its encoder, on all cores.
public struct SentenceTeacher: PostTeacher {
  private let reader: InputReader
  private let encoder: SentenceEncoder
  /// The hash of everything that a sentence's vector follows from: the folder's files, and this machine's arithmetic.
  package let identity: [UInt8]

  /// The numbers of a sentence's vector.
  public var width: Int { encoder.configuration.hiddenSize }

  /// Reads a hub's folder.
  ///
  /// - Throws: `HubError`; what the vocabulary throws.
  public init(folder: String) throws {
    let hub = try HubTextEncoder.load(folder)
    var configuration = ModelConfiguration(labelNames: [])
    configuration.text = hub.configuration
    configuration.knowledge = false
    configuration.tokenizer = hub.tokenizer
    configuration.tokenizer.maxText = hub.configuration.maxPositions
    reader = try InputReader(
      configuration: configuration, vocabularyPath: hub.vocabularyPath, limits: PictureLimits(), decoding: .exact)
    encoder = try SentenceEncoder(hub)
    identity = TeacherIdentity.hash(of: HubTextEncoder.files(of: folder), in: folder)
  }

  /// What is said of the file's vectors.
  package var remark: String { "mean of the last layer's tokens" }

  /// Encodes the words of both sides that are not in `cache` yet, each text once.
  package func encode(
    _ posts: TeachingPosts, reusing cache: SentenceCache, threads: Int, shouldStop: @escaping @Sendable () -> Bool,
    observe: @escaping @Sendable (_ done: Int, _ of: Int) -> Void
  ) throws -> EncodedPosts {
    var places: [ByteText: Int] = [:], sentences: [String] = []
    func place(of sentence: String) -> Int {
      let place = places[ByteText(sentence)] ?? sentences.count
      if place == sentences.count {
        places[ByteText(sentence)] = place
        sentences.append(sentence)
      }
      return place
    }
    let texts = posts.texts.map(place), images = posts.images.map { place(of: $0.cell) }
    let pieces = sentences.map { reader.words(text: $0, knowledge: "").text }
    let known = sentences.map { cache[$0] }
    // Like lengths together, the longest first, so that no thread is left with much at the end.
    let order = pieces.indices.filter { known[$0] == nil }.sorted {
      (pieces[$1].ids.count, $0) < (pieces[$0].ids.count, $1)
    }
    let reused = pieces.count - order.count, all = sentences
    let state = Mutex((vectors: known.map { $0 ?? [] }, done: reused))
    try Batches.run(
      order, of: encoder.sentencesTogether, threads: threads, shouldStop: shouldStop, encoder.makeWorkspace
    ) {
      batch, workspace in
      let vectors = try encoder(batch.map { pieces[$0].ids }, using: workspace)
      try state.withLock { state in
        try cache.add(zip(batch, vectors).map { (all[$0], $1) })
        for (place, vector) in zip(batch, vectors) { state.vectors[place] = vector }
        state.done += batch.count
        observe(state.done, all.count)
      }
    }
    let vectors = state.withLock { $0.vectors }
    return EncodedPosts(
      texts: texts.map { vectors[$0] }, images: images.map { vectors[$0] }, sentences: sentences.count,
      reused: reused, cut: pieces.count { $0.truncated > 0 })
  }
}
