package import Corpus
package import Inputs
package import Models

/// Adds up the inputs of posts. The sums are integers, so the order of the posts does not matter.
package struct InputStatistics: Sendable {
  private let streams: [String]
  private var posts = 0
  private var texts = 0
  private var knowledge = 0
  private var pictures = 0
  private var withStream: [Int]
  private var pieces = 0
  private var unknown = 0
  private var knowledgePieces = 0
  private var unknownKnowledge = 0
  private var characters = 0
  private var letters: [WritingSystem: Int] = [:]
  private var marks: [TextMarks: Int] = [:]
  private var preparedMarks: [TextMarks: Int] = [:]
  /// The number of pictures with each shorter side in pixels.
  private var sides: [Int: Int] = [:]

  /// Creates statistics of no posts; `streams`: the model's feature streams, in its order.
  package init(streams: [String]) {
    self.streams = streams
    withStream = streams.map { _ in 0 }
  }

  /// How many posts were added.
  package var count: Int { posts }

  /// Adds a post.
  ///
  /// - Parameters:
  ///   - post: the post as in its row.
  ///   - text: its tokenized text.
  ///   - reader: the reader that normalises texts for the model.
  ///   - hasPicture: whether the model gets its picture.
  ///   - hasStream: whether it has rows in each stream.
  package mutating func add(
    _ post: Post, _ text: TokenizedText, by reader: InputReader, hasPicture: Bool, hasStream: [Bool]
  ) {
    posts += 1
    if post.knowledge.hasContent {
      knowledge += 1
      if reader.readsKnowledge {
        let pieces = reader.words(text: post.knowledge, knowledge: "").text
        knowledgePieces += pieces.pieces
        unknownKnowledge += pieces.unknown
      }
    }
    if hasPicture { pictures += 1 }
    for (place, has) in hasStream.enumerated() where has && withStream.indices.contains(place) {
      withStream[place] += 1
    }
    guard !post.text.isBlank else { return }
    texts += 1
    pieces += text.pieces
    unknown += text.unknown
    let prepared = reader.prepared(post.text)
    for scalar in prepared.unicodeScalars {
      if !scalar.properties.isWhitespace { characters += 1 }
      if let system = WritingSystem(scalar) { letters[system, default: 0] += 1 }
    }
    let raw = TextMarks(of: post.text), read = reader.prepares ? TextMarks(of: prepared) : raw
    for mark in TextMarks.all {
      if raw.contains(mark) { marks[mark, default: 0] += 1 }
      if read.contains(mark) { preparedMarks[mark, default: 0] += 1 }
    }
  }

  /// Adds the size of a picture, in pixels.
  package mutating func add(shorterSide: Int) { sides[shorterSide, default: 0] += 1 }

  /// The shares and sizes of the posts counted so far.
  package var profile: InputProfile {
    func share(_ count: Int, of whole: Int) -> Double { whole > 0 ? Double(count) / Double(whole) : 0 }
    func shares(_ counts: [TextMarks: Int]) -> InputProfile.Marks {
      var marks = InputProfile.Marks()
      marks.links = share(counts[.links] ?? 0, of: texts)
      marks.mentions = share(counts[.mentions] ?? 0, of: texts)
      marks.entities = share(counts[.entities] ?? 0, of: texts)
      marks.placeholders = share(counts[.placeholders] ?? 0, of: texts)
      return marks
    }
    var profile = InputProfile()
    profile.posts = posts
    profile.text = share(texts, of: posts)
    profile.knowledge = share(knowledge, of: posts)
    profile.picture = share(pictures, of: posts)
    profile.streams = zip(streams, withStream).map { InputProfile.Stream(name: $0, share: share($1, of: posts)) }
    profile.unknownPieces = share(unknown, of: pieces)
    if knowledgePieces > 0 { profile.unknownKnowledgePieces = share(unknownKnowledge, of: knowledgePieces) }
    profile.charactersPerPiece = share(characters, of: pieces)
    let all = letters.values.reduce(0, +)
    profile.scripts = letters.sorted { ($1.value, $0.key.rawValue) < ($0.value, $1.key.rawValue) }
      .map { InputProfile.Script(name: $0.key.rawValue, share: share($0.value, of: all)) }
    (profile.marks, profile.preparedMarks) = (shares(marks), shares(preparedMarks))
    profile.sides = quartiles
    return profile
  }

  /// The quartiles of the pictures' shorter sides.
  private var quartiles: InputProfile.Sides? {
    let count = sides.values.reduce(0, +)
    guard count > 0 else { return nil }
    let sorted = sides.sorted { $0.key < $1.key }
    func side(at part: Int) -> Int {
      var seen = 0
      for (side, pictures) in sorted {
        seen += pictures
        if 4 * seen >= part * count { return side }
      }
      return 0
    }
    return InputProfile.Sides(lower: side(at: 1), median: side(at: 2), upper: side(at: 3))
  }
}
