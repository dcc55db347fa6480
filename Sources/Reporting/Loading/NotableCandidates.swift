/// Posts that may be shown, gathered while a run's predictions go by.
///
/// The choice depends on what posts are and what the model said of them; row ids decide between posts of one content.
struct NotableCandidates {
  /// A prediction that goes by; labels are places among the pass' names.
  struct Row {
    var post: Int64
    var predicted: Int
    var truth: Int?
    /// From −1 to 1.
    var similarity: Double?
    /// nil where nobody gave it.
    var confidence: Double?
    /// The beginning of the content's hash.
    var hash: UInt64
  }

  /// A post on its way to be shown.
  struct Candidate {
    var post: Int64
    /// What it is ranked by; more comes first.
    var rank: Double
    /// The beginning of its content's hash, which decides between equals.
    var hash: UInt64

    static func comesBefore(_ a: Candidate, _ b: Candidate) -> Bool {
      if a.rank != b.rank { return a.rank > b.rank }
      return (a.hash, a.post) < (b.hash, b.post)
    }
  }

  /// A true label and what was predicted instead, by their places among the pass' names.
  struct Pair: Hashable {
    var truth: Int
    var predicted: Int
  }

  /// Candidates of a pair, of which a few are shown.
  static let ofAPair = 48

  /// The surest posts of each pair of labels.
  private(set) var pairs: [Pair: BestFew<Candidate>] = [:]
  /// Sure mistakes, undecided posts, posts whose text and picture are apart: as many of each as may be shown.
  private(set) var lists: [BestFew<Candidate>]
  /// Whether anybody is looked for.
  var isWanted: Bool { wantsPairs || notable > 0 }
  private let wantsPairs: Bool
  private let notable: Int

  /// Nobody yet; posts without a confidence are never undecided, nor surer than another.
  init(wantsPairs: Bool, notable: Int) {
    (self.wantsPairs, self.notable) = (wantsPairs, notable)
    lists = (0..<3).map { _ in BestFew(notable, comesBefore: Candidate.comesBefore) }
  }

  /// Takes a prediction where it is among the first of anything.
  mutating func add(_ row: Row) {
    var candidate = Candidate(post: row.post, rank: row.confidence ?? 0, hash: row.hash)
    let isMistake = row.truth.map { $0 != row.predicted } ?? false
    if wantsPairs, isMistake, let truth = row.truth {
      let empty = BestFew<Candidate>(Self.ofAPair, comesBefore: Candidate.comesBefore)
      pairs[Pair(truth: truth, predicted: row.predicted), default: empty].add(candidate)
    }
    guard notable > 0 else { return }
    if isMistake { lists[0].add(candidate) }
    if let confidence = row.confidence {
      candidate.rank = -confidence
      lists[1].add(candidate)
    }
    if let similarity = row.similarity {
      candidate.rank = -similarity
      lists[2].add(candidate)
    }
  }
}
