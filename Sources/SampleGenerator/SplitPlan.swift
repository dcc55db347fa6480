import Evaluation

/// The posts of one split, before anything is drawn.
///
/// Posts come in fours: a good and a bad text, a good and a bad glyph, each text with each glyph. So every text, and with
/// it every phrase, topic, hashtag and user name, occurs as often under `ironic` as under `sincere`, and so does every
/// glyph and every file format; what else a picture has (colours, shapes, how the glyph is turned) follows from random
/// numbers that do not depend on the label. Neither side alone reveals anything. A count that is no multiple of four
/// ends in a part of a four, in which each differs by one at most.
package struct SplitPlan: Sendable {
  /// A post.
  package struct Post: Sendable {
    /// `train-00001`.
    package var id: String
    package var text: String
    /// Indices into `Phrases.of` its polarity and into `Topics.all`.
    package var phrase: Int
    package var topic: Int
    package var textPolarity: Polarity
    package var glyph: Glyph
    package var glyphPolarity: Polarity
    package var format: PictureFileFormat
    /// The seed of the drawing.
    package var seed: UInt64

    package var label: IronyLabel { IronyLabel(text: textPolarity, picture: glyphPolarity) }
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
    var goodGlyphs = ShuffledCycle(Glyph.of(.good), seed: random.next())
    var badGlyphs = ShuffledCycle(Glyph.of(.bad), seed: random.next())
    var formats = ShuffledCycle(PictureFileFormat.mix, seed: random.next())
    var posts: [Post] = []
    while posts.count < count {
      let texts = (good: good.next(), bad: bad.next())
      let glyphs = (good: (goodGlyphs.draw(), Polarity.good), bad: (badGlyphs.draw(), Polarity.bad))
      let format = formats.draw()
      // Both labels in turn, and a text's two posts in a row, in case the count splits a group of four.
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

/// One of the three parts of the corpus.
package enum Split: String, CaseIterable, Sendable {
  case train
  case validation
  case test
}

/// Assigns phrases to topics, and their pairs to splits.
///
/// There are as many topics as phrases of a polarity. In *round* r phrase number i meets topic number i + r, modulo
/// their count: a round uses every phrase once and every topic once, and all rounds together every combination once.
/// A round belongs to one split, whatever the seed: of each ten, seven are for training, one for validation and two for
/// the test. So the test knows every phrase and every topic and none of their combinations, and whole rounds keep
/// phrases and topics equally frequent.
package enum PhrasePairing {
  /// The phrases of a polarity, the topics, and the rounds.
  package static let count = Topics.all.count

  /// The rounds of a split.
  package static func rounds(of split: Split) -> [Int] { (0..<count).filter { self.split(ofRound: $0) == split } }

  /// The topic that a phrase meets in a round.
  package static func topic(phrase: Int, round: Int) -> Int { (phrase + round) % count }

  /// The only split that may have a combination.
  package static func split(phrase: Int, topic: Int) -> Split { split(ofRound: (topic + count - phrase) % count) }

  private static func split(ofRound round: Int) -> Split {
    switch round % 10 {
    case ..<7: .train
    case 7: .validation
    default: .test
    }
  }
}
