internal import Preparation
internal import Bytes
package import Corpus
package import Evaluation
internal import Inputs
internal import Models

/// Encodes a corpus with a teacher, and writes the vectors.
package struct Teaching: Sendable {
  /// The counts of a finished run.
  package struct Summary: Sendable, Equatable {
    /// Posts that have vectors now.
    package var posts: Int
    /// The width of a vector.
    package var width: Int
    /// Different texts that were encoded, those of pictures included.
    package var sentences: Int
    /// Different pictures that were encoded.
    package var pictures: Int
    /// Those of them whose file ends early.
    package var cutPictures = 0
    /// The number of both that an earlier command had already encoded.
    package var reused: Int
    /// The number of truncated texts.
    package var cut: Int
    /// Posts whose vector is at the centre of its side and has no direction: they are left out.
    package var central: Int
    /// The rows whose picture cannot be read: they are left out.
    package var faults: [RowFault]
    /// How well the written vectors tell the posts' own pairs from others; nil for too few different posts.
    package var pairs: PairRetrieval?

    /// A summary of these numbers.
    package init(
      posts: Int, width: Int, sentences: Int, pictures: Int = 0, reused: Int = 0, cut: Int, central: Int,
      faults: [RowFault] = []
    ) {
      (self.posts, self.width, self.sentences, self.reused) = (posts, width, sentences, reused)
      (self.pictures, self.cut, self.central, self.faults) = (pictures, cut, central, faults)
    }
  }

  private let teacher: any PostTeacher
  private let shape: VectorTransform
  private let name: String

  /// Prepares teaching with a teacher, its name for the file, and a transformation of its vectors.
  ///
  /// Throws `tooManyDirections`.
  package init(teacher: any PostTeacher, name: String, shape: VectorTransform) throws(TeachingError) {
    if let asked = shape.whitened, asked > teacher.width {
      throw .tooManyDirections(asked: asked, width: teacher.width)
    }
    (self.teacher, self.name, self.shape) = (teacher, name, shape)
  }

  /// Encodes each distinct text and picture once and writes the vectors; the file appears only when it is complete.
  ///
  /// Finished vectors are kept next to the file, so that an interrupted run can resume.
  ///
  /// - Parameters:
  ///   - posts: the posts with the texts and pictures to encode.
  ///   - path: the safetensors file to write.
  ///   - threads: the threads that encode.
  ///   - shouldStop: asked between batches.
  ///   - observe: called after each batch, on any thread but never concurrently, with the texts and pictures done and
  ///     their totals.
  /// - Returns: the counts of the run.
  /// - Throws: `ModelError` if memory does not suffice or the file cannot be written; `oneVector`;
  ///   `noPictures`; `notFinite`; `interrupted`.
  package func run(
    _ posts: TeachingPosts, to path: String, threads: Int, shouldStop: @escaping @Sendable () -> Bool = { false },
    observe: @escaping @Sendable (_ done: Int, _ of: Int) -> Void = { _, _ in }
  ) throws -> Summary {
    let cache = try SentenceCache(
      path: SentenceCache.path(beside: path), teacher: teacher.identity, width: teacher.width)
    let encoded = try teacher.encode(
      posts, reusing: cache, threads: threads, shouldStop: shouldStop, observe: observe)
    var summary = Summary(
      posts: 0, width: 0, sentences: encoded.sentences, pictures: encoded.pictures, reused: encoded.reused,
      cut: encoded.cut, central: 0)
    summary.cutPictures = encoded.cutPictures
    summary.faults = posts.posts.compactMap { post in
      encoded.faults[post.image]?.rowFault(at: post.position, key: post.key)
    }
    let seen = posts.posts.filter { encoded.faults[$0.image] == nil }
    guard !seen.isEmpty else {
      cache.remove()
      throw TeachingError.noPictures(
        posts: posts.posts.count, first: posts.posts.first.flatMap { encoded.faults[$0.image]?.description } ?? "")
    }
    let sides = PostSides(
      keys: seen.map(\.key.text), texts: Side(of: seen.map(\.text), isWeighted: true),
      images: Side(of: seen.map { encoded.firstOfImage[$0.image] }, isWeighted: false))
    let shaped = sides.shaped(shape, texts: encoded.texts, images: encoded.images)
    if shouldStop() { throw TeachingError.interrupted }
    guard !shaped.ids.isEmpty else {
      cache.remove()
      throw TeachingError.oneVector
    }
    try shaped.write(path, remarks: [("teacher", name), ("shape", shape.words(after: teacher.remark))])
    cache.remove()
    (summary.posts, summary.width) = (shaped.ids.count, shaped.width)
    summary.central = seen.count - shaped.ids.count
    summary.pairs = shaped.pairs
    return summary
  }
}

/// Why a teacher's vectors cannot be made from a corpus.
package enum TeachingError: Error, Equatable, Sendable {
  /// No row has a text and a picture.
  case noPosts(files: [String], oneSided: Int, faulted: Int)
  /// More directions than the teacher's vectors have numbers.
  case tooManyDirections(asked: Int, width: Int)
  /// All vectors of a side are equal, so none has a direction after centring.
  case oneVector
  /// No post's picture can be read; the error of the first one.
  case noPictures(posts: Int, first: String)
  /// A vector that is not finite, with the name of its item.
  case notFinite(of: String)
  /// An unsupported teacher.
  case unsupportedTeacher(path: String, type: String)
  /// A tokenizer whose texts do not end with the piece at which the model pools.
  case otherEnd(path: String)
  /// Two encoders that do not share a space.
  case differentWidths(text: Int, image: Int)
  /// A picture encoder without a projection into a space that texts have a place in.
  case unprojectedPictures(path: String)
  /// A projection for an encoder of another width.
  case otherProjection(path: String, encoder: Int, projection: Int)
  /// A folder of sentence-transformers that converts texts to lower case before a tokenizer that keeps the case.
  case lowercases(path: String)
  /// A picture encoder in a file.
  case notAFolder(path: String)
  /// Pairs of captions and pictures that give no two different ones to be told apart.
  case tooFewPairs(pairs: Int)
  /// A loss or a gradient that is not finite.
  case diverged(epoch: Int)
  /// A folder of pictures for a teacher that reads words.
  case readsWords(teacher: String)
  /// The caller asked to stop.
  case interrupted
}

extension TeachingError: CustomStringConvertible {
  /// The message for the user: the problem and how to fix it.
  package var description: String {
    switch self {
    case .noPosts(let files, let oneSided, let faulted):
      "\(files.listed(most: 5)): no row has both a text and a picture (\(oneSided) rows lack one, \(faulted) are faulty)"
    case .tooManyDirections(let asked, let width):
      "the teacher's vectors have \(width) numbers, so whitening cannot keep \(asked) directions"
    case .oneVector:
      "every post has the same text, or every picture has the same words, so nothing is left after centring"
    case .noPictures(let posts, let first):
      "none of the pictures of \(posts) \(posts == 1 ? "post" : "posts") can be read; the first: \(first.printable)"
    case .notFinite(let what):
      "\(what.printable): the teacher's vector is not finite; its weights are damaged: download model.safetensors again"
    case .unsupportedTeacher(let path, let type):
      "\(path.printable): its model_type is \(type.printable), which clfa cannot read; teachers are CLIP (clip) and SigLIP "
        + "(siglip), and BERT, RoBERTa and XLM-R for pictures described in words"
    case .otherEnd(let path):
      "\(path.printable) ends texts with another piece than config.json's eos_token_id; take both files from the same model"
    case .differentWidths(let text, let image):
      "the vectors of texts have \(text) numbers, those of pictures \(image); take two encoders that were trained into one "
        + "space"
    case .unprojectedPictures(let path):
      "\(path.printable) has no vectors in a space that texts share; take the folder of a CLIP, of a SigLIP or of projection "
        + "heads"
    case .otherProjection(let path, let encoder, let projection):
      "\(path.printable) has vectors of \(encoder) numbers, but its projection reads \(projection); take all files from the "
        + "same model"
    case .lowercases(let path):
      "\(path.printable): sentence_bert_config.json converts texts to lower case (do_lower_case), but the tokenizer keeps the "
        + "case; set do_lower_case in tokenizer_config.json instead"
    case .notAFolder(let path): "\(path.printable) is a file; give the folder of a picture encoder"
    case .tooFewPairs(let pairs):
      "\(pairs) \(pairs == 1 ? "caption" : "captions") with a picture \(pairs == 1 ? "is" : "are") too few to learn from: a caption "
        + "must be told from others with other pictures"
    case .diverged(let epoch): "the loss is not finite in epoch \(epoch)"
    case .readsWords(let teacher):
      "\(teacher.printable) reads words, so it has no use for picture files"
    case .interrupted: "interrupted"
    }
  }
}
