internal import Synchronization
internal import Tensors

/// The tokens of a text or a picture in the shared space: the output of an encoder and its projection.
package final class EncodedTokens: Sendable {
  /// Tokens × width, row by row.
  let values: [Float]

  init(_ values: [Float]) { self.values = values }
}

/// Keeps the encoders' results, so that equal texts and pictures are encoded only once.
///
/// Workers share one cache. Its size is limited: results that were not used while half of that limit was added are
/// dropped first. A post's scores have the same bits with and without it.
package final class EncoderCache: Sendable {
  /// The source of encoded tokens: the pieces of a text, or the identity of a picture.
  enum Key: Hashable {
    case text([Int32])
    case picture([UInt8])
  }

  /// How often texts and pictures were found in the cache.
  package struct Tally: Sendable, Equatable {
    /// Texts that were not encoded again.
    package var texts = 0
    /// Pictures that were not decoded and encoded again.
    package var pictures = 0

    /// Creates counts of zero.
    package init() {}
  }

  private struct Generations {
    var young: [Key: EncodedTokens] = [:]
    var old: [Key: EncodedTokens] = [:]
    var youngBytes = 0
    var tally = Tally()
  }

  private let limit: Int
  private let state = Mutex(Generations())

  /// Creates a cache of at most `bytes` of tokens.
  package init(bytes: Int) { limit = bytes }

  /// The counts of reused results so far.
  package var tally: Tally { state.withLock(\.tally) }

  /// The tokens of the picture whose bytes have this hash, if they are in the cache.
  package func picture(_ identity: [UInt8]) -> EncodedTokens? { self[.picture(identity)] }

  /// The tokens of `key`; this counts as a use.
  subscript(key: Key) -> EncodedTokens? {
    state.withLock { state in
      guard let tokens = state.young[key] ?? state.old[key] else { return nil }
      if state.young[key] == nil { keep(tokens, key, in: &state) }
      count(key, in: &state.tally)
      return tokens
    }
  }

  /// Counts a repetition within a batch.
  func countRepeat(of key: Key) { state.withLock { count(key, in: &$0.tally) } }

  /// Keeps the tokens of `key`.
  func keep(_ tokens: EncodedTokens, for key: Key) { state.withLock { keep(tokens, key, in: &$0) } }

  private func count(_ key: Key, in tally: inout Tally) {
    switch key {
    case .text: tally.texts += 1
    case .picture: tally.pictures += 1
    }
  }

  private func keep(_ tokens: EncodedTokens, _ key: Key, in state: inout Generations) {
    let bytes = tokens.values.count * MemoryLayout<Float>.stride
    guard bytes <= limit / 2 else { return }
    if state.youngBytes + bytes > limit / 2 {
      (state.old, state.young, state.youngBytes) = (state.young, [:], 0)
    }
    if state.young.updateValue(tokens, forKey: key) == nil { state.youngBytes += bytes }
  }
}

/// The texts, or the pictures, of a batch: which of them must be encoded, and where the others come from.
struct EncoderBatch {
  private enum Source {
    /// The encoder's result, by its index among the fresh ones.
    case fresh(Int)
    case known(EncodedTokens)
  }

  /// The parts that must be encoded, in order.
  private(set) var fresh: [Int] = []
  private var sources: [Source] = []
  private let keys: [EncoderCache.Key?]
  private let cache: EncoderCache?

  /// Whether every part is encoded, each once.
  var isAllFresh: Bool { fresh.count == sources.count }

  /// Determines what must be encoded.
  ///
  /// - Parameters:
  ///   - keys: the identity of each part; parts with equal keys have equal tokens. A part without a key is always
  ///     encoded.
  ///   - cache: earlier results; without a cache, every part is encoded, even repeated ones.
  ///   - known: tokens that are already known for a part.
  init(_ keys: [EncoderCache.Key?], _ cache: EncoderCache?, known: [EncodedTokens?] = []) {
    (self.keys, self.cache) = (keys, cache)
    var places: [EncoderCache.Key: Int] = [:]
    for (index, key) in keys.enumerated() {
      if index < known.count, let tokens = known[index] {
        sources.append(.known(tokens))
      } else if let cache, let key, let place = places[key] {
        cache.countRepeat(of: key)
        sources.append(.fresh(place))
      } else if let cache, let key, let tokens = cache[key] {
        sources.append(.known(tokens))
      } else {
        if let key { places[key] = fresh.count }
        sources.append(.fresh(fresh.count))
        fresh.append(index)
      }
    }
  }

  /// All parts' tokens in order; `encoded` holds those of the fresh ones, which are added to the cache.
  func assemble(
    _ encoded: MatrixView, _ spans: RowSpans, width: Int, using workspace: Workspace
  ) throws(TensorError) -> MatrixView {
    if isAllFresh {
      keep(encoded, spans)
      return encoded
    }
    let all = try workspace.matrix(rows: spans.tokens, width: width)
    write(encoded, spans, to: all)
    return all.view
  }

  /// Writes all parts' tokens in order to the first rows of `all`, and adds those of the fresh ones to the cache.
  func write(_ encoded: MatrixView, _ spans: RowSpans, to all: Matrix) {
    let places = keep(encoded, spans)
    for (index, source) in sources.enumerated() {
      let rows = spans[index], to = all.row(rows.lowerBound)
      switch source {
      case .fresh(let place): to.update(from: encoded.row(places[place]), count: rows.count * all.width)
      case .known(let tokens):
        tokens.values.withUnsafeBufferPointer { values in
          precondition(values.count == rows.count * all.width, "equal keys have tokens of equal size")
          if let base = values.baseAddress { to.update(from: base, count: values.count) }
        }
      }
    }
  }

  /// Adds the fresh parts' tokens to the cache, and returns the first row of each in `encoded`.
  @discardableResult private func keep(_ encoded: MatrixView, _ spans: RowSpans) -> [Int] {
    var places: [Int] = [], row = 0
    for index in fresh {
      let count = spans[index].count
      if let cache, let key = keys[index] {
        let values = UnsafeBufferPointer(start: encoded.row(row), count: count * encoded.width)
        cache.keep(EncodedTokens(Array(values)), for: key)
      }
      places.append(row)
      row += count
    }
    return places
  }
}
