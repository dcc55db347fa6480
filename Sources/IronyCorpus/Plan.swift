import Seeded

/// The posts of one split, before anything is drawn.
///
/// Posts come in fours: a good and a bad text, a good and a bad glyph, each text with each glyph. So every text, and with
/// it every phrase, topic, hashtag and user name, stands as often under `ironic` as under `sincere`, and so does every
/// glyph and every file format; what else a picture has (colours, shapes, how the glyph is turned) follows from random
/// numbers that know nothing of the label. Neither side tells anything by itself. A count that is no multiple of four
/// ends in a part of a four, in which each differs by one at most.
package struct Plan: Sendable {
  /// A post.
  package struct Post: Sendable {
    /// `train-00001`.
    package var id: String
    package var text: String
    /// What the text is made of: numbers in `Phrases.of` its polarity and in `Topics.all`.
    package var phrase: Int
    package var topic: Int
    package var textPolarity: Polarity
    package var glyph: Glyph
    package var glyphPolarity: Polarity
    package var format: PictureFileFormat
    /// What the drawing follows from.
    package var seed: UInt64

    package var label: Label { Label(text: textPolarity, picture: glyphPolarity) }
    /// The picture's path in the corpus.
    package var image: String { "images/\(id).\(format.fileEnding)" }
  }

  package let split: Split
  /// The posts in the order of their ids, which tells nothing of how they were drawn.
  package let posts: [Post]

  /// Plans a split of any size. O(count).
  package init(_ split: Split, count: Int, seed: UInt64) {
    self.split = split
    var random = SeededGenerator(seed: seed)
    var good = TextSource(.good, for: split, seed: random.next())
    var bad = TextSource(.bad, for: split, seed: random.next())
    var goodGlyphs = Deck(Glyph.of(.good), seed: random.next())
    var badGlyphs = Deck(Glyph.of(.bad), seed: random.next())
    var formats = Deck(PictureFileFormat.mix, seed: random.next())
    var posts: [Post] = []
    while posts.count < count {
      let texts = (good: good.next(), bad: bad.next())
      let glyphs = (good: (goodGlyphs.draw(), Polarity.good), bad: (badGlyphs.draw(), Polarity.bad))
      let format = formats.draw()
      // Both labels in turn, and a text's two posts in a row, for where the count cuts a four.
      let four = [
        (texts.good, glyphs.good), (texts.good, glyphs.bad), (texts.bad, glyphs.bad), (texts.bad, glyphs.good),
      ]
      for (text, (glyph, polarity)) in four.prefix(count - posts.count) {
        posts.append(
          Post(
            id: "", text: text.text, phrase: text.phrase, topic: text.topic, textPolarity: text.polarity, glyph: glyph,
            glyphPolarity: polarity, format: format, seed: random.next()))
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
