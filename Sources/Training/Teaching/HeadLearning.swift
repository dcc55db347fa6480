internal import Bytes
package import Corpus
package import Evaluation
package import Inputs
internal import Models
package import Preparation

/// From captioned pictures and two frozen encoders to a folder of projection heads, which is a teacher.
package struct HeadLearning: Sendable {
  /// A corpus of captions and pictures.
  package struct Captions: Sendable {
    package var posts: TeachingPosts
    /// Where its pictures are.
    package var folders: PictureFolders

    package init(posts: TeachingPosts, folders: PictureFolders) { (self.posts, self.folders) = (posts, folders) }
  }

  /// How far the work has come.
  package enum Progress: Sendable {
    /// Captions and pictures that are encoded, of all of either corpus.
    case encoded(done: Int, of: Int, isValidation: Bool)
    /// An epoch that is done, and its mean loss.
    case epoch(Int, of: Int, loss: Double)
  }

  /// The counts and figures of a finished run.
  package struct Summary: Sendable {
    /// The pairs learnt from.
    package var pairs = 0
    /// The mean loss of each epoch.
    package var losses: [Double] = []
    /// How well held-out captions find their pictures; nil for too few.
    package var heldOut: PairRetrieval?
    /// Held-out captions whose picture is among those learnt from: they are left out.
    package var known = 0
    /// The rows of both corpora whose picture cannot be read: they are left out.
    package var faults: [RowFault] = []
  }

  /// The most held-out captions that are compared, each with each picture.
  private static let limit = 5000

  private let folders: (text: String, image: String)
  private let texts: SentenceTower
  private let pictures: VisionTower
  private let settings: HeadFitter.Settings

  /// Reads the encoders.
  ///
  /// - Parameters:
  ///   - textEncoder: a hub's BERT.
  ///   - imageEncoder: a hub's ViT.
  ///   - settings: how the projections are fitted.
  ///   - decoding: how picture files become pixels.
  ///   - limits: what a picture may be.
  ///   - isPretokenized: whether the words of captions are separated by blanks.
  /// - Throws: `HubError`, `ModelError`; any error of the vocabulary; `TeachingError.notAFolder`.
  package init(
    textEncoder: String, imageEncoder: String, settings: HeadFitter.Settings, decoding: PictureDecoding,
    limits: PictureLimits, isPretokenized: Bool = false
  ) throws {
    folders = (HubTextEncoder.folder(of: textEncoder), imageEncoder)
    texts = try SentenceTower(folder: folders.text, head: nil, isPretokenized: isPretokenized)
    pictures = try VisionTower(folder: imageEncoder, decoding: decoding, limits: limits)
    self.settings = settings
  }

  /// Encodes both corpora once, fits the projections to one, measures them on the other, and writes the folder.
  ///
  /// The encoders' vectors are kept next to the folder, so that an interrupted run can resume.
  ///
  /// - Parameters:
  ///   - training: what is learnt from.
  ///   - validation: what is held out.
  ///   - path: the folder to write; there must be nothing.
  ///   - threads: the threads that work; they change no bit of the result.
  ///   - shouldStop: asked between batches and steps.
  ///   - observe: called on any thread but never concurrently.
  /// - Returns: the counts and figures of the run.
  /// - Throws: as `HeadFitter.fit`; `TeachingError.noPictures`; `ModelError`.
  package func run(
    _ training: Captions, heldOut validation: Captions, to path: String, threads: Int,
    shouldStop: @escaping @Sendable () -> Bool = { false },
    observe: @escaping @Sendable (Progress) -> Void = { _ in }
  ) throws -> Summary {
    let probe = PairTeacher(features: texts, pictures, folders: training.folders)
    var end = Array(path.utf8)
    while end.count > 1, end.last == UInt8(ascii: "/") { end.removeLast() }
    let cache = try SentenceCache(
      path: SentenceCache.path(beside: String(decoding: end, as: UTF8.self)), teacher: probe.identity,
      width: probe.width)
    var summary = Summary()
    let learnt = try encode(
      training, cache, &summary.faults, threads: threads, shouldStop: shouldStop,
      observe: { observe(.encoded(done: $0, of: $1, isValidation: false)) })
    let other = try encode(
      validation, cache, &summary.faults, threads: threads, shouldStop: shouldStop,
      observe: { observe(.encoded(done: $0, of: $1, isValidation: true)) })
    let fitter = try HeadFitter(texts: learnt.texts, images: learnt.images, settings, threads: threads)
    let epochs = settings.epochs
    summary.pairs = learnt.pairs.count
    summary.losses = try fitter.fit(learnt.pairs, shouldStop: shouldStop) { epoch, loss in
      observe(.epoch(epoch, of: epochs, loss: loss))
    }
    let heads = fitter.heads, seen = Set(learnt.pairs.map { learnt.images[$0.image] })
    let unseen = other.pairs.indices.filter { !seen.contains(other.images[other.pairs[$0].image]) }
    summary.known = other.pairs.count - unseen.count
    summary.heldOut = TeacherPairs.retrieval(
      keys: unseen.map { other.keys[$0] }, texts: unseen.map { other.pairs[$0].text },
      images: unseen.map { other.pairs[$0].image }, limit: Self.limit, among: [100, 1000]
    ) { post in
      let pair = other.pairs[unseen[post]]
      return (heads.text(other.texts[pair.text]), heads.image(other.images[pair.image]))
    }
    try heads.write(path, text: folders.text, image: folders.image, record: record(summary))
    cache.remove()
    return summary
  }

  /// The vectors of a corpus, and what belongs together.
  private struct Encoded {
    var texts: [[Float]]
    var images: [[Float]]
    var keys: [String]
    var pairs: [HeadFitter.Pair]
  }

  private func encode(
    _ captions: Captions, _ cache: SentenceCache, _ faults: inout [RowFault], threads: Int,
    shouldStop: @escaping @Sendable () -> Bool, observe: @escaping @Sendable (_ done: Int, _ of: Int) -> Void
  ) throws -> Encoded {
    let teacher = PairTeacher(features: texts, pictures, folders: captions.folders), posts = captions.posts.posts
    let output = try teacher.encode(
      captions.posts, reusing: cache, threads: threads, shouldStop: shouldStop, observe: observe)
    faults += posts.compactMap { post in output.faults[post.image]?.rowFault(at: post.position, key: post.key) }
    let seen = posts.filter { output.faults[$0.image] == nil }
    guard !seen.isEmpty else {
      throw TeachingError.noPictures(
        posts: posts.count, first: posts.first.flatMap { output.faults[$0.image]?.description } ?? "")
    }
    // What a readable pair has, each once. The narrower encoder's vectors are followed by zeros there.
    let sides = [
      Side(of: seen.map(\.text), isWeighted: false),
      Side(of: seen.map { output.firstOfImage[$0.image] }, isWeighted: false),
    ]
    return Encoded(
      texts: sides[0].different.map { Array(output.texts[$0].prefix(texts.width)) },
      images: sides[1].different.map { Array(output.images[$0].prefix(pictures.width)) }, keys: seen.map(\.key.text),
      pairs: zip(sides[0].places, sides[1].places).map { HeadFitter.Pair(text: $0, image: $1) })
  }

  /// How the projections came to be, for the folder's `config.json`.
  private func record(_ summary: Summary) -> [(String, JSON?)] {
    func name(_ folder: String) -> JSON { .string(folder.split(separator: "/").last.map(String.init) ?? folder) }
    func members(_ estimate: Estimate) -> [(String, JSON?)] {
      [("value", .real(estimate.value)), ("low", .real(estimate.low)), ("high", .real(estimate.high))]
    }
    let heldOut = summary.heldOut.map { found in
      JSON.members([
        ("posts", .integer(found.posts)), ("auc", .members(members(found.area))),
        (
          "recall_at_1",
          .array(found.first.map { .members([("pictures", .integer($0.pictures))] + members($0.share)) })
        ),
      ])
    }
    return [
      ("text_encoder_name", name(folders.text)), ("image_encoder_name", name(folders.image)),
      (
        "training",
        .members([
          ("pairs", .integer(summary.pairs)), ("epochs", .integer(settings.epochs)),
          ("batch", .integer(settings.batch)), ("temperature", .real(settings.temperature)),
          ("learning_rate", .real(settings.learningRate)), ("seed", .integer(Int(settings.seed))),
          ("losses", .array(summary.losses.map(JSON.real))),
        ])
      ),
      ("held_out", heldOut),
    ]
  }
}
