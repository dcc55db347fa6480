package import Bytes
import Corpus
import Inputs

/// Checks that only both sides together reveal a post's label, in the corpus on disk.
package struct LeakageCheck: Sendable {
  /// The count of each value of a cue under each label.
  package struct Balance: Sendable {
    /// The part of the corpus.
    package var split: String
    /// The property that is examined.
    package var cue: String
    /// How many different things it shows.
    package var kinds: Int
    /// The greatest difference between the labels.
    package var difference: Int
    /// The greatest that is allowed: 0, or 1 where the posts are no multiple of four.
    package var allowed: Int
  }

  /// The test score of a rule learnt on the training posts; a draw counts as a half.
  package struct BaselineScore: Sendable {
    /// The rule.
    package var rule: String
    /// The share that it gets right.
    package var accuracy: Double
    /// How far chance leads from a half: three standard errors, and 2 % at least.
    package var allowed: Double
  }

  /// Each cue in each split.
  package let balances: [Balance]
  /// Each rule.
  package let baselines: [BaselineScore]
  /// Posts of the test whose text is also a training post's.
  package let sharedTexts: Int

  /// Whether all is as it should be.
  package var isClean: Bool {
    sharedTexts == 0 && balances.allSatisfy { $0.difference <= $0.allowed }
      && baselines.allSatisfy { abs($0.accuracy - 0.5) <= $0.allowed }
  }

  /// Reads a corpus and measures. O(train × test).
  ///
  /// - Parameter folder: what `CorpusWriter` made.
  /// - Throws: `SampleGeneratorError`, `CorpusError`, `PictureFolderError` or `PictureFileError` if a file cannot be read.
  package init(folder: String) throws {
    let posts = try Split.allCases.map { ($0, try GeneratedPost.read("\(folder)/\($0.rawValue).csv")) }
    let train = posts[0].1, test = posts[2].1
    let hasSound = (train + test).contains { $0.sound != nil }
    let cues = PostSide.allCases.filter { hasSound || $0 != .heard }
    balances = posts.flatMap { split, posts in
      cues.map { cue in
        let balance = LabelBalance(posts, cue)
        return Balance(
          split: split.rawValue, cue: cue.rawValue, kinds: balance.count, difference: balance.greatest,
          allowed: posts.count.isMultiple(of: 4) ? 0 : 1)
      }
    }
    func guess(_ rule: String, _ label: (GeneratedPost) throws -> IronyLabel?) rethrows -> BaselineScore {
      let right = try test.reduce(0.0) { sum, post in
        sum + (try label(post).map { $0 == post.label ? 1 : 0 } ?? 0.5)
      }
      let count = Double(max(1, test.count))
      return BaselineScore(
        rule: rule, accuracy: test.isEmpty ? 0.5 : right / count, allowed: max(0.02, 1.5 / count.squareRoot()))
    }
    var baselines: [BaselineScore] = []
    for cue in cues where cue != .wholeText {
      let balance = LabelBalance(train, cue)
      baselines.append(guess("majority by \(cue.rawValue)") { balance.majority($0, cue) })
    }
    let texts = TextNearestNeighbours(train)
    baselines.append(guess("nearest text") { texts.guess($0) })
    let pictures = try PictureNearestNeighbours(train, folder: PictureFolder(root: folder))
    baselines.append(try guess("nearest picture") { try pictures.guess($0) })
    if hasSound {
      let sounds = try SoundNearestNeighbours(train, folder: PictureFolder(root: folder))
      baselines.append(try guess("nearest sound") { try sounds.guess($0) })
    }
    self.baselines = baselines
    let known = Set(train.flatMap { PostSide.wholeText.values(of: $0) })
    sharedTexts = test.count { !PostSide.wholeText.values(of: $0).isDisjoint(with: known) }
  }
}

/// A property of one side of a post that might reveal its label.
package enum PostSide: String, CaseIterable, Sendable {
  case wholeText = "text"
  case words
  case topic
  case picture = "picture's names"
  case emoji
  case knowledge
  case heard = "sound in words"
  case shows = "whether the picture shows the topic"
  case language
  case format = "picture's format"

  /// The post's distinct values of this property.
  package func values(of post: GeneratedPost) -> Set<ByteText> {
    switch self {
    case .wholeText: [ByteText(post.text)]
    case .words: WordSet.of(post.text)
    case .topic: [ByteText(post.topic)]
    case .picture: [ByteText(post.picture)]
    case .emoji: Set(post.picture.split(separator: ",").map { ByteText($0) })
    case .knowledge: [ByteText(post.knowledge)]
    case .heard: post.heard.map { [ByteText($0)] } ?? []
    case .shows: [ByteText(post.shows)]
    case .language: [ByteText(post.language)]
    case .format: [ByteText(post.image.split(separator: ".").last ?? "")]
    }
  }
}

/// The words of a text, in small letters; what is neither letter, digit, `#`, `@` nor `_` parts them.
enum WordSet {
  static func of(_ text: String) -> Set<ByteText> {
    let isPart = { (character: Character) in character.isLetter || character.isNumber || "#@_".contains(character) }
    return Set(text.lowercased().split { !isPart($0) }.map { ByteText($0) })
  }
}

/// The count of each value of a cue under each label.
package struct LabelBalance: Sendable {
  /// `sincere` minus `ironic`, by what is shown.
  private var differences: [ByteText: Int] = [:]

  /// Counts. O(posts).
  package init(_ posts: [GeneratedPost], _ cue: PostSide) {
    for post in posts {
      for value in cue.values(of: post) { differences[value, default: 0] += post.label == .sincere ? 1 : -1 }
    }
  }

  /// How many different things there are.
  package var count: Int { differences.count }

  /// The greatest difference of all; 0 means that the cue tells nothing.
  package var greatest: Int { differences.values.map(abs).max() ?? 0 }

  /// The label that is more frequent among posts that show the same, each thing with one vote for its label by its
  /// difference; `nil` where none is.
  package func majority(_ post: GeneratedPost, _ cue: PostSide) -> IronyLabel? {
    let sum = cue.values(of: post).reduce(0) { $0 + (differences[$1] ?? 0) }
    return sum == 0 ? nil : sum > 0 ? .sincere : .ironic
  }
}

/// A row of a corpus as its CSV has it.
package struct GeneratedPost: Sendable {
  package var text: String
  package var label: IronyLabel
  /// The topic of the text.
  package var topic: String
  /// The names of the picture's emoji.
  package var picture: String
  /// Whether it shows the text's topic.
  package var shows: String
  package var language: String
  /// The picture's path.
  package var image: String
  /// The picture in a sentence.
  package var knowledge: String
  /// The sound's path, if the corpus has sounds.
  package var sound: String?
  /// The sound in words.
  package var heard: String?

  /// Reads a CSV.
  ///
  /// - Throws: `CorpusError` if it cannot be read; `SampleGeneratorError.badRow` if irony did not write a row.
  package static func read(_ path: String) throws -> [GeneratedPost] {
    var reader = try CorpusReader(paths: [path], options: CorpusOptions())
    var posts: [GeneratedPost] = []
    while let row = try reader.next() {
      func fault(_ reason: String) -> SampleGeneratorError {
        .badRow(file: path, line: row.position.line, reason: reason)
      }
      switch row {
      case .fault(let rowFault): throw fault(rowFault.detail)
      case .post(let post):
        guard let label = post.label.flatMap({ IronyLabel(rawValue: $0.text) }) else {
          throw fault("the label is neither sincere nor ironic")
        }
        func value(_ name: String) throws(SampleGeneratorError) -> String {
          guard let value = post.extra.first(where: { $0.name == ByteText(name) })?.value else {
            throw fault("no \(name)")
          }
          return value
        }
        guard let image = post.image else { throw fault("no picture") }
        posts.append(
          GeneratedPost(
            text: post.text, label: label, topic: try value("topic"), picture: try value("picture"),
            shows: try value("shows"), language: try value("language"), image: image, knowledge: post.knowledge,
            sound: post.extra.first { $0.name == "sound" }?.value,
            heard: post.extra.first { $0.name == "heard" }?.value))
      }
    }
    return posts
  }
}
