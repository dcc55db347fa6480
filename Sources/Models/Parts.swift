internal import Tensors

/// The texts, or the pictures, of a batch: which of them must be encoded, and where the others come from.
struct Parts {
  private enum Source {
    /// The encoder's result, by its place among the fresh ones.
    case fresh(Int)
    case known(EncodedTokens)
  }

  /// The parts that must be encoded, in order.
  private(set) var fresh: [Int] = []
  private var sources: [Source] = []
  private let keys: [TowerCache.Key?]
  private let cache: TowerCache?

  /// Whether every part is encoded, each once.
  var isAllFresh: Bool { fresh.count == sources.count }

  /// Sorts out what is new.
  ///
  /// - Parameters:
  ///   - keys: what each part is; equal keys, equal tokens. A part without one is new.
  ///   - cache: what was encoded before; without one, every part is new, equal or not.
  ///   - known: tokens that came with a part.
  init(_ keys: [TowerCache.Key?], _ cache: TowerCache?, known: [EncodedTokens?] = []) {
    (self.keys, self.cache) = (keys, cache)
    var places: [TowerCache.Key: Int] = [:]
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

  /// All parts' tokens in order; `encoded` are those of the fresh ones, which the cache gets.
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

  /// Writes all parts' tokens in order to the first rows of `all`; the cache gets those of the fresh ones.
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

  /// The first row of each fresh part in `encoded`, after the cache got its tokens.
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
