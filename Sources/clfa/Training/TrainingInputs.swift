internal import Preparation
import Corpus
import Inputs
import Models
import Scoring
import Training

/// The inputs that training runs of one corpus share, each read once: the teacher's vectors, the encoders to begin with, and
/// the posts as each kind of model reads them.
final class TrainingInputs {
  let corpora: [String]
  let columns: CorpusOptions
  let files: TrainingFileOptions
  let threads: Int
  /// The teacher's vectors, if any run asks for them.
  let teacher: TeacherCache?
  private let from: ModelFolder?
  private let text: HubTextEncoder?
  private let image: HubImageEncoder?
  private var streams: [FeatureStream]?
  private var read: [PostsKey: (training: TrainingPosts, validation: TrainingPosts)] = [:]

  /// How a model reads posts, as far as models of one corpus and one set of flags differ in it.
  private struct PostsKey: Hashable {
    let knowledge: Bool
    let lexicon: Bool
  }

  /// Reads all but the posts.
  ///
  /// `imageSize`: the side of the pictures for a hub's encoder; nil for its own.
  init(
    corpora: [String], columns: CorpusOptions, files: TrainingFileOptions, threads: Int, imageSize: Int? = nil
  ) throws {
    (self.corpora, self.columns, self.files, self.threads) = (corpora, columns, files, threads)
    teacher = try files.teacher.map(TeacherCache.load)
    from = try files.from.map { path in try ModelFolder.load(path) }
    text = try files.textEncoder.map { path in try HubTextEncoder.load(path) }
    image = try files.imageEncoder.map { path in try HubImageEncoder.load(path, size: imageSize) }
  }

  /// The starting point of a model with these flags, still without labels. `lexicon` is its file; nil for none.
  func startingPoint(_ model: NewModelOptions, lexicon: String?) throws -> StartingPoint {
    if let from {
      var start = StartingPoint(from: from)
      if let lexicon {
        start.lexiconPath = lexicon
        start.configuration.hasLexicon = true
      }
      return start
    }
    var configuration = try model.configuration(dim: teacher?.width)
    configuration.features = try streams(maxRows: model.maxFeatureRows ?? 512)
    guard let vocabulary = text?.vocabularyPath ?? files.vocabulary else {
      throw TrainingError.setting("--vocabulary names the word pieces of the fresh text encoder")
    }
    if text == nil { configuration.text.vocabularySize = try InputReader.pieces(at: vocabulary) }
    let words = [
      files.textEncoder.map { "the text encoder \(FileStem.of($0))" } ?? "a fresh text encoder",
      files.imageEncoder.map { "the picture encoder \(FileStem.of($0))" } ?? "a fresh picture encoder",
    ]
    return StartingPoint(
      configuration, text: text, image: image, vocabularyPath: vocabulary, lexiconPath: lexicon, words: words)
  }

  /// The streams of features of a new model, looked up once.
  private func streams(maxRows: Int) throws -> [FeatureStream] {
    if let streams { return streams }
    let found = try files.features.streams(in: corpora, options: columns, maxRows: maxRows)
    streams = found
    return found
  }

  /// Where the posts of files have what a model reads of features; nil for a model without streams.
  private func features(
    of streams: [FeatureStream], _ paths: [String], _ report: inout TrainingProgressReport
  ) throws -> FeatureFiles? {
    let model = from?.name ?? "the model"
    try files.features.check(streams, model: model)
    // Opening the corpus takes from standard input what its posts are read from.
    guard !streams.isEmpty else { return nil }
    if paths.contains("-") { throw FeatureOptionError.standardInput }
    let corpus = try CorpusReader(paths: paths, options: columns)
    return try files.features.files(of: streams, model: model, paths: paths, corpus, notice: { report.notice($0) })
  }

  /// The posts to learn from and to validate with, as a model reads them.
  func posts(
    _ start: StartingPoint, _ report: inout TrainingProgressReport
  ) throws -> (training: TrainingPosts, validation: TrainingPosts) {
    let reading = PostsKey(knowledge: start.configuration.knowledge, lexicon: start.lexiconPath != nil)
    if let posts = read[reading] { return posts }
    let reader = try InputReader(
      configuration: start.configuration, vocabularyPath: start.vocabularyPath, lexiconPath: start.lexiconPath,
      limits: PictureLimits(), decoding: .exact)
    func posts(_ paths: [String], _ report: inout TrainingProgressReport) throws -> TrainingPosts {
      let features = try features(of: start.configuration.features, paths, &report)
      let posts = try TrainingPosts.read(
        paths: paths, images: files.pictures.images, features: features, options: columns, reader: reader,
        threads: threads)
      for notice in posts.notices { report.notice(notice) }
      report.faults(posts.faults)
      return posts
    }
    let training = try posts(corpora, &report), validation = try posts(files.validation, &report)
    read[reading] = (training, validation)
    return (training, validation)
  }
}
