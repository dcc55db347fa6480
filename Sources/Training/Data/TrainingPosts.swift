import Bytes
package import Corpus
internal import Inputs
package import Models
internal import Preparation

/// Labelled posts as they were read off their files, once: pieces of words, and pictures squashed to the model's size.
///
/// Everything is in memory, features too; a picture takes `3 × size × size` bytes, and one that many posts share takes them once.
package struct TrainingPosts: Sendable {
  /// The part of a post that stays in memory.
  struct Post: Sendable {
    var key: ByteText
    var label: String
    /// The pieces of text and knowledge, and what a lexicon makes of them, and the features; no picture.
    var words: PostInputs
    /// The picture's place in `pictures`.
    var picture: Int?
  }

  /// A picture that was read.
  struct Square: Sendable {
    /// The hash of its file.
    var identity: [UInt8]
    /// RGB samples, pixel by pixel.
    var samples: [UInt8]
  }

  /// The corpus' files as faults name them.
  package let files: [String]
  /// The rows that cannot be learnt from, in the order of the corpus.
  package let faults: [RowFault]
  /// Warnings about the corpus; none of them stops the run.
  package let notices: [String]
  /// The labels that occur, the commonest first, equally common ones in the order of the corpus.
  package let labelCounts: [LabelCount]
  let posts: [Post]
  let pictures: [Square]
  let reader: InputReader
  /// The streams of features, in the model's order.
  let streams: [String]
  /// Counts of the inputs that the posts give the model.
  package let profile: InputProfile

  init(
    files: [String], posts: [Post], pictures: [Square], faults: [RowFault], notices: [String], reader: InputReader,
    streams: [String] = [], profile: InputProfile = InputProfile()
  ) {
    (self.files, self.posts, self.pictures, self.faults) = (files, posts, pictures, faults)
    (self.notices, self.reader, self.streams) = (notices, reader, streams)
    self.profile = profile
    labelCounts = Self.counts(posts)
  }

  /// How many posts there are, with a label each. With the faults they are all the rows.
  package var count: Int { posts.count }
  /// How many of them have no picture.
  package var withoutPicture: Int { posts.count { $0.picture == nil } }

  /// The reason for having no posts to learn from.
  var emptyError: TrainingDataError {
    let unlabelled = faults.count { $0.code == .noLabel }
    return .noPosts(files: files, unlabelled: unlabelled, faulted: faults.count - unlabelled)
  }

  private static func counts(_ posts: [Post]) -> [LabelCount] {
    var places: [ByteText: Int] = [:], counts: [LabelCount] = []
    for post in posts {
      let place = places[ByteText(post.label)] ?? counts.count
      if place == counts.count {
        places[ByteText(post.label)] = place
        counts.append(LabelCount(label: post.label, count: 0))
      }
      counts[place].count += 1
    }
    let order = counts.indices.sorted { (counts[$1].count, $0) < (counts[$0].count, $1) }
    return order.map { counts[$0] }
  }
}
