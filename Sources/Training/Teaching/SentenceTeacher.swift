internal import Crypto
internal import Dispatch
internal import Inputs
internal import Models
internal import Scoring
internal import Synchronization
internal import Tensors

/// A BERT that says where posts' words lie: its tokenizer and its encoder, on all cores.
public struct SentenceTeacher: Sendable {
  /// Sentences that go through the encoder together.
  private static let batch = 32
  private let reader: InputReader
  private let encoder: SentenceEncoder
  /// The hash of everything that a sentence's vector follows from: the folder's files, and this machine's arithmetic.
  let identity: [UInt8]

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
    var hash = SHA256()
    for name in ["config.json", "model.safetensors", "vocab.txt", "tokenizer.json", "tokenizer_config.json"] {
      guard let file = try? MappedFile(path: "\(folder)/\(name)") else { continue }
      hash.update(data: Array("\(name) \(file.count)\n".utf8))
      file.withBytes { hash.update(bufferPointer: $0) }
    }
    hash.update(data: Array("\(OneDNN.version) \(OneDNN.instructionSet)".utf8))
    identity = Array(hash.finalize())
  }

  /// What came of some sentences.
  struct Encoded: Sendable {
    /// A vector of unit length for each.
    var vectors: [[Float]]
    /// How many were longer than the encoder's positions, and were cut.
    var cut: Int
    /// How many were known before.
    var reused: Int
  }

  /// Encodes the sentences that are not in `cache` yet, which gets them; the same bits for any number of threads.
  ///
  /// - Throws: `ModelError` where memory or the disk does not suffice; `TeachingError.interrupted`.
  func encode(
    _ sentences: [String], reusing cache: SentenceCache, threads: Int, shouldStop: @escaping @Sendable () -> Bool,
    observe: @escaping @Sendable (_ done: Int) -> Void
  ) throws -> Encoded {
    let texts = sentences.map { reader.words(text: $0, knowledge: "").text }
    let known = sentences.map { cache[$0] }
    // Like lengths together, the longest first, so that no thread is left with much at the end.
    let order = texts.indices.filter { known[$0] == nil }.sorted {
      (texts[$1].ids.count, $0) < (texts[$0].ids.count, $1)
    }
    let state = Mutex(Encoding(vectors: known.map { $0 ?? [] }, done: texts.count - order.count))
    DispatchQueue.concurrentPerform(iterations: max(1, threads)) { _ in
      OneDNN.useOneThread()
      let workspace = encoder.makeWorkspace()
      while !shouldStop(), let batch = state.withLock({ $0.take(Self.batch, of: order) }) {
        do throws(ModelError) {
          let vectors = try encoder(batch.map { texts[$0].ids }, using: workspace)
          try state.withLock { (state) throws(ModelError) in
            try cache.add(zip(batch, vectors).map { (sentences[$0], $1) })
            for (place, vector) in zip(batch, vectors) { state.vectors[place] = vector }
            state.done += batch.count
            observe(state.done)
          }
        } catch {
          state.withLock { $0.failure = $0.failure ?? error }
        }
      }
    }
    return try state.withLock { state in
      if let failure = state.failure { throw failure }
      guard state.done == texts.count else { throw TeachingError.interrupted }
      return Encoded(
        vectors: state.vectors, cut: texts.count { $0.truncated > 0 }, reused: texts.count - order.count)
    }
  }

  /// How far the work has come.
  private struct Encoding: Sendable {
    var vectors: [[Float]]
    var done: Int
    var taken = 0
    var failure: ModelError?

    /// The next places; nil at the end, or when a thread failed.
    mutating func take(_ count: Int, of order: [Int]) -> [Int]? {
      guard failure == nil, taken < order.count else { return nil }
      let range = taken..<min(taken + count, order.count)
      taken = range.upperBound
      return Array(order[range])
    }
  }
}
