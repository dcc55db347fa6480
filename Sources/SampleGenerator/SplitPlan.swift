import Evaluation

/// The posts of one split, before anything is drawn.
///
/// Posts come in fours about one topic: a good and a bad text, and two pictures of the topic, one in a good and one in a
/// bad mood; each text is posted with each picture. So every text, and with it every phrase, topic, hashtag and user
/// name, occurs as often under `ironic` as under `sincere`, and so does every pair of emoji and every file format. All
/// else in a picture (colours, shapes, places) follows from random numbers that do not depend on the label. Neither side
/// alone reveals anything. A count that is no multiple of four ends in a part of a four, in which each differs by one at
/// most.
package struct SplitPlan: Sendable {
  /// A post.
  package struct Post: Sendable {
    /// `train-00001`.
    package var id: String
    package var text: String
    package var language: Language
    /// The parts of the text: numbers in `Language.phrases(of:)` and in `Topic.all`.
    package var phrase: Int
    package var topic: Int
    package var textMood: Mood
    /// The number of the topic that the picture shows.
    package var shownTopic: Int
    /// The emoji of the picture's mood.
    package var glyph: Glyph
    package var pictureMood: Mood
    package var format: PictureFileFormat
    /// The random seed of the drawing.
    package var seed: UInt64

    package var label: IronyLabel { IronyLabel(text: textMood, picture: pictureMood) }
    /// The picture's path in the corpus.
    package var image: String { "images/\(id).\(format.fileEnding)" }
    /// The names of both emoji.
    package var picture: String { "\(Topic.all[shownTopic].glyph.name), \(glyph.name)" }
    /// The sound's path in the corpus.
    package var sound: String { "sounds/\(id).npy" }
    /// The picture in words that say its mood, too, for a teacher that reads text.
    package var seen: String { "\(Topic.all[shownTopic].glyph.name): \(pictureMood.words), \(glyph.name)" }
    /// The picture in a sentence.
    package var caption: String { Caption.of(topic: Topic.all[shownTopic].glyph, mood: glyph) }
    /// The sound in words.
    package var heard: String { Jingle.words(topic: shownTopic, mood: pictureMood) }
    /// Whether the picture shows the topic of the text.
    package var shows: String { shownTopic == topic ? "same" : "other" }
  }

  package let split: Split
  /// The posts in the order of their ids, which tells nothing of how they were drawn.
  package let posts: [Post]

  /// One in so many fours is in another language; in one of so many the pictures show another topic. Never both.
  private static let rare = (language: 50, otherTopic: 40)

  /// Plans a split of any size. O(count).
  ///
  /// - Parameters:
  ///   - split: which part of the corpus.
  ///   - count: how many posts.
  ///   - language: that of all texts; nil for English and a few others.
  ///   - seed: what everything follows from.
  package init(_ split: Split, count: Int, language: Language? = nil, seed: UInt64) {
    self.split = split
    var random = SeededGenerator(seed: seed)
    let only = language.flatMap(Language.allCases.firstIndex(of:))
    var sources = Language.allCases.map { TextSource(split, in: $0, seed: random.next()) }
    var others = ShuffledCycle(Array(1..<sources.count), seed: random.next())
    var goodGlyphs = ShuffledCycle(Mood.good.glyphs, seed: random.next())
    var badGlyphs = ShuffledCycle(Mood.bad.glyphs, seed: random.next())
    var formats = ShuffledCycle(PictureFileFormat.mix, seed: random.next())
    var posts: [Post] = [], fours = 0
    while posts.count < count {
      fours += 1
      let source = only ?? (fours.isMultiple(of: Self.rare.language) ? others.draw() : 0)
      let texts = sources[source].next()
      let turn = fours % Self.rare.otherTopic == 7 ? 1 + random.index(below: Topic.all.count - 1) : 0
      let shown = (texts.topic + turn) % Topic.all.count
      let good = goodGlyphs.draw(), bad = badGlyphs.draw(), format = formats.draw()
      // Both labels in turn, and a text's two posts in a row, for where the count cuts a four.
      for (textMood, pictureMood) in ([(.good, .good), (.good, .bad), (.bad, .bad), (.bad, .good)] as [(Mood, Mood)])
        .prefix(count - posts.count)
      {
        let text = textMood == .good ? texts.good : texts.bad
        posts.append(
          Post(
            id: "", text: text.text, language: Language.allCases[source], phrase: text.phrase, topic: texts.topic,
            textMood: textMood, shownTopic: shown, glyph: pictureMood == .good ? good : bad, pictureMood: pictureMood,
            format: format, seed: random.next()))
      }
    }
    let width = max(5, String(count).utf8.count)
    self.posts = random.shuffled(posts).enumerated().map { index, post in
      var post = post
      let number = String(index + 1)
      post.id = "\(split.rawValue)-" + String(repeating: "0", count: width - number.utf8.count) + number
      return post
    }
  }
}
