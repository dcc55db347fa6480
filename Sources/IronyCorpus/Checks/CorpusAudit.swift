import Inputs

/// Whether anything but both sides together gives a post's label away, by the corpus as it stands on disk.
public struct CorpusAudit: Sendable {
  /// How often each thing that a cue shows stands under each label.
  public struct Balance: Sendable {
    /// The part of the corpus.
    public var split: String
    /// What is looked at.
    public var cue: String
    /// How many different things it shows.
    public var kinds: Int
    /// The greatest difference between the labels.
    public var difference: Int
    /// The greatest that is allowed: 0, or 1 where the posts are no multiple of four.
    public var allowed: Int
  }

  /// What a rule that learnt on the training posts gets right on the test posts; a draw counts as a half.
  public struct Guess: Sendable {
    /// The rule.
    public var rule: String
    /// The share that it gets right.
    public var accuracy: Double
    /// How far chance leads from a half: three standard errors, and 2 % at least.
    public var allowed: Double
  }

  /// Each cue in each split.
  public let balances: [Balance]
  /// Each rule.
  public let guesses: [Guess]
  /// Posts of the test whose text is also a training post's.
  public let sharedTexts: Int

  /// Whether all is as it should be.
  public var isClean: Bool {
    sharedTexts == 0 && balances.allSatisfy { $0.difference <= $0.allowed }
      && guesses.allSatisfy { abs($0.accuracy - 0.5) <= $0.allowed }
  }

  /// Reads a corpus and measures. O(train × test).
  ///
  /// - Parameter folder: what `CorpusWriter` made.
  /// - Throws: `IronyError`, `CorpusError`, `PictureFolderError` or `PictureFault` where a file cannot be read.
  public init(folder: String) throws {
    let posts = try Split.allCases.map { ($0, try LabelledPost.read("\(folder)/\($0.rawValue).csv")) }
    let train = posts[0].1, test = posts[2].1
    balances = posts.flatMap { split, posts in
      Cue.allCases.map { cue in
        let balance = LabelBalance(posts, cue)
        return Balance(
          split: split.rawValue, cue: cue.rawValue, kinds: balance.count, difference: balance.greatest,
          allowed: posts.count.isMultiple(of: 4) ? 0 : 1)
      }
    }
    func guess(_ rule: String, _ label: (LabelledPost) throws -> Label?) rethrows -> Guess {
      let right = try test.reduce(0.0) { sum, post in
        sum + (try label(post).map { $0 == post.label ? 1 : 0 } ?? 0.5)
      }
      let count = Double(max(1, test.count))
      return Guess(
        rule: rule, accuracy: test.isEmpty ? 0.5 : right / count, allowed: max(0.02, 1.5 / count.squareRoot()))
    }
    var guesses: [Guess] = []
    for cue in [Cue.words, .picture, .format] {
      let balance = LabelBalance(train, cue)
      guesses.append(guess("majority by \(cue.rawValue)") { balance.majority($0, cue) })
    }
    let texts = TextNeighbours(train)
    guesses.append(guess("nearest text") { texts.guess($0) })
    let pictures = try PictureNeighbours(train, folder: PictureFolder(root: folder))
    guesses.append(try guess("nearest picture") { try pictures.guess($0) })
    self.guesses = guesses
    let known = Set(train.flatMap { Cue.wholeText.values(of: $0) })
    sharedTexts = test.count { !Cue.wholeText.values(of: $0).isDisjoint(with: known) }
  }
}
