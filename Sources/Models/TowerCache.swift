internal import Synchronization

/// The tokens of a text or a picture in the shared space: what an encoder and a projection made of it.
public final class EncodedTokens: Sendable {
  /// Tokens × width, row by row.
  let values: [Float]

  init(_ values: [Float]) { self.values = values }
}

/// What texts and pictures were encoded to, so that equal ones are encoded once however often they are posted.
///
/// Workers share one. It holds at most so many bytes: what has not been asked for since half of them came in goes
/// first. A post's scores have the same bits with it and without.
public final class TowerCache: Sendable {
  /// What tokens are of: the pieces of a text, or the identity of a picture.
  enum Key: Hashable {
    case text([Int32])
    case picture([UInt8])
  }

  /// How often something was found, and how often not.
  public struct Tally: Sendable, Equatable {
    /// Texts that were not encoded again.
    public var texts = 0
    /// Pictures that were not decoded and encoded again.
    public var pictures = 0
  }

  private struct Generations {
    var young: [Key: EncodedTokens] = [:]
    var old: [Key: EncodedTokens] = [:]
    var youngBytes = 0
    var tally = Tally()
  }

  private let limit: Int
  private let state = Mutex(Generations())

  /// A cache of at most `bytes` of tokens.
  public init(bytes: Int) { limit = bytes }

  /// What was reused so far.
  public var tally: Tally { state.withLock(\.tally) }

  /// The tokens of the picture whose bytes have this hash, if it was encoded lately.
  public func picture(_ identity: [UInt8]) -> EncodedTokens? { self[.picture(identity)] }

  /// The tokens of `key`, which then count as asked for.
  subscript(key: Key) -> EncodedTokens? {
    state.withLock { state in
      guard let tokens = state.young[key] ?? state.old[key] else { return nil }
      if state.young[key] == nil { keep(tokens, key, in: &state) }
      count(key, in: &state.tally)
      return tokens
    }
  }

  /// Counts something that a batch held twice.
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
