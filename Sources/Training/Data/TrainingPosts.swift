import Bytes
package import Corpus
internal import Inputs
package import Models
internal import Preparation

/// Labelled posts, read from their files once: word pieces, and pictures resized to the model's size.
///
/// Everything is in memory, including features; a picture takes `3 × size × size` bytes, once even if several posts
/// share it.
package struct TrainingPosts: Sendable {
  /// The part of a post that stays in memory.
  struct Post: Sendable {
    var key: ByteText
    /// The label; of a post with probabilities the most probable one.
    var label: ByteText
    /// The probabilities of the labels of ``softLabels``; nil for a post with a label.
    var distribution: SoftLabels.Distribution?
    /// Whether the label in the corpus is the most probable one; nil without both.
    var agrees: Bool?
    /// A hash of the text as it is in the corpus, equal for equal texts of this process; nil if it is blank.
    var textHash: Int?
    /// The pieces of text and knowledge, the lexicon's biases, and the features; no picture.
    var words: PostInputs
    /// The picture's index in `pictures`.
    var picture: Int?
  }

  /// A decoded picture.
  struct Square: Sendable {
    /// The hash of its file.
    var identity: [UInt8]
    /// RGB samples, pixel by pixel.
    var samples: [UInt8]
    /// Whether its file ends early.
    var isCut = false
  }

  /// The corpus' files as faults name them.
  package let files: [String]
  /// The rows that cannot be used, in the order of the corpus.
  package let faults: [RowFault]
  /// Warnings about the corpus; none of them stops the run.
  package let notices: [String]
  /// The labels that occur, the most common first, equally common ones in the order of the corpus.
  package let labelCounts: [LabelCount]
  let posts: [Post]
  let pictures: [Square]
  let reader: InputReader
  /// The feature streams, in the model's order.
  let streams: [String]
  /// The profile of the posts' inputs.
  package let profile: InputProfile
  /// Where probabilities of labels come from; nil if every post has a label of its own.
  let softLabels: SoftLabels?

  init(
    files: [String], posts: [Post], pictures: [Square], faults: [RowFault], notices: [String], reader: InputReader,
    streams: [String] = [], profile: InputProfile = InputProfile(), softLabels: SoftLabels? = nil
  ) {
    (self.files, self.posts, self.pictures, self.faults) = (files, posts, pictures, faults)
    (self.notices, self.reader, self.streams) = (notices, reader, streams)
    (self.profile, self.softLabels) = (profile, softLabels)
    labelCounts = Self.counts(posts)
  }

  /// The number of posts, each with a label. Together with the faults these are all rows.
  package var count: Int { posts.count }
  /// The number of them without a picture.
  package var withoutPicture: Int { posts.count { $0.picture == nil } }

  /// The number of different pictures whose file ends early.
  package var cutPictures: Int { pictures.count(where: \.isCut) }

  /// The error if there are no usable posts.
  var emptyError: TrainingDataError {
    let unlabelled = faults.count { $0.code == .noLabel }
    return .noPosts(files: files, unlabelled: unlabelled, faulted: faults.count - unlabelled)
  }

  private static func counts(_ posts: [Post]) -> [LabelCount] {
    var places: [ByteText: Int] = [:], counts: [LabelCount] = []
    for post in posts {
      let place = places[post.label] ?? counts.count
      if place == counts.count {
        places[post.label] = place
        counts.append(LabelCount(label: post.label, count: 0))
      }
      counts[place].count += 1
    }
    let order = counts.indices.sorted { (counts[$1].count, $0) < (counts[$0].count, $1) }
    return order.map { counts[$0] }
  }
}
