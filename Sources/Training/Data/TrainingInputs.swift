package import Bytes
package import Corpus
import Foundation
package import Inputs
package import Models
package import Preparation

/// The paths of a training run's files other than the corpus.
package struct TrainingFiles: Sendable {
  /// The posts for selecting the best epoch; none to hold out a part of the training posts.
  package var validation: [String] = []
  /// Where pictures are.
  package var images = PictureLocation()
  /// The treatment of pictures whose file ends early.
  package var truncatedPictures = TruncatedPictures.fault
  package var features = FeatureSelection()
  /// A teacher's vectors.
  package var teacher: String?
  /// A hub's text encoder to start from.
  package var textEncoder: String?
  /// A hub's picture encoder to start from.
  package var imageEncoder: String?
  /// The model that a text encoder's LoRA adapter changes, if `textEncoder` is one.
  package var textBase: String?
  /// The same for the picture encoder.
  package var imageBase: String?
  /// The folder of a model to continue from.
  package var from: String?
  /// The vocabulary of a new text encoder.
  package var vocabulary: String?
  /// Whether the words of texts are separated by blanks, and nothing else is to be split.
  package var isPretokenized = false
  package var lexicon: String?
  /// Where probabilities of labels are, if they are learnt.
  package var softLabels: SoftLabelSource?

  package init() {}

  /// Whether feature streams are named.
  package var namesFeatures: Bool { !features.choices.isEmpty }

  /// The files that a model starts from, or that determine how its texts are read.
  package var origins: [String] {
    let encoders = [(textEncoder, textBase), (imageEncoder, imageBase)]
    var paths: [String] = encoders.compactMap(\.0).flatMap { ["\($0)/config.json", "\($0)/model.safetensors"] }
    paths += [textEncoder, textBase].compactMap(\.self).flatMap { Self.tokenizers(of: HubTextEncoder.folder(of: $0)) }
    paths += [vocabulary, lexicon].compactMap(\.self)
    paths += from.map { ["\($0)/config.json", "\($0)/weights.safetensors"] + Self.tokenizers(of: $0) } ?? []
    var seen = Set(paths.map(ByteText.init))
    for case (let path?, let base) in encoders {
      paths += HubTextEncoder.weightPaths(of: path, base: base).filter { seen.insert(ByteText($0)).inserted }
    }
    return paths.filter(FileManager.default.fileExists)
  }

  private static func tokenizers(of folder: String) -> [String] {
    let own = [TokenizerSettings.Kind.wordPiece, .subword].map(\.fileName)
    let others = ["vocab.json", "merges.txt", "bpe.codes", "sentencepiece.bpe.model", "spiece.model"]
    return (own + others).map { "\(folder)/\($0)" }.filter(FileManager.default.fileExists)
  }
}

/// Inputs that training runs on one corpus share, each read once: the teacher's vectors, the initial encoders, and the
/// posts for each kind of model.
package final class TrainingInputs {
  /// A warning about an input; none of them stops the run.
  package enum Event {
    /// A feature column that the user did not choose and the corpus lacks.
    case lacking(FeatureColumn)
    /// This many different pictures whose file ends early were accepted.
    case cutPictures(Int)
    /// A notice about the posts' files.
    case notice(String)
    /// Rows that cannot be used.
    case faults([RowFault])
    /// This many posts were held out for validation.
    case heldOut(Int, of: Int)
    /// A notice about the labels or the teacher's vectors.
    case training(TrainingNotice)
  }

  /// The settings of a new model that its encoders do not determine.
  package struct NewModel {
    /// The lexicon's file; nil for a model without one.
    package var lexicon: String?
    /// The maximum number of rows of a post in a feature stream.
    package var maxFeatureRows: Int
    /// The labels in the order of the outputs; nil for those of the model to continue from, or of the posts, sorted.
    package var labels: [ByteText]?
    /// The configuration of a new model, given the width of the teacher's vectors, if there are any.
    package var configuration: (Int?) throws -> ModelConfiguration

    package init(
      lexicon: String? = nil, maxFeatureRows: Int = 512, labels: [ByteText]? = nil,
      configuration: @escaping (Int?) throws -> ModelConfiguration
    ) {
      (self.lexicon, self.maxFeatureRows, self.labels) = (lexicon, maxFeatureRows, labels)
      self.configuration = configuration
    }
  }

  /// The seed by which validation posts are held out, if no file of them is given.
  package var heldOutSeed: UInt64 = 2022
  package let corpora: [String]
  package let files: TrainingFiles
  package let threads: Int
  private let columns: CorpusOptions
  /// The teacher's vectors, if any run needs them.
  private let teacher: TeacherCache?
  private let from: ModelFolder?
  private let text: HubTextEncoder?
  private let image: HubImageEncoder?
  /// What was done to read the encoders' weights, until it is said.
  private var weightNotes: [ImportNote]
  private var streams: [FeatureStream]?
  private var softLabels: SoftLabels?
  private var read: [PostsKey: (training: TrainingPosts, validation: TrainingPosts)] = [:]

  /// The differences between models of one corpus and one set of flags that affect how posts are read.
  private struct PostsKey: Hashable {
    let knowledge: Bool
    let lexicon: Bool
  }

  /// Reads everything except the posts.
  ///
  /// `imageSize`: the side of the pictures for a hub's encoder; nil for its own.
  package init(
    corpora: [String], columns: CorpusOptions, files: TrainingFiles, threads: Int, imageSize: Int? = nil
  ) throws {
    (self.corpora, self.columns, self.files, self.threads) = (corpora, columns, files, threads)
    teacher = try files.teacher.map(TeacherCache.load)
    from = try files.from.map { path in try ModelFolder.load(path) }
    text = try files.textEncoder.map { path in
      try HubTextEncoder.load(path, base: files.textBase, isPretokenized: files.isPretokenized)
    }
    image = try files.imageEncoder.map { path in
      try HubImageEncoder.load(path, size: imageSize, base: files.imageBase)
    }
    weightNotes = (text?.notes ?? []) + (image?.notes ?? [])
  }

  /// Combines a run's initial model with its posts.
  ///
  /// - Parameters:
  ///   - model: the shape of a new model.
  ///   - settings: the settings of the training.
  ///   - observe: called with each notice.
  /// - Returns: the inputs of a `Trainer`.
  /// - Throws: `TrainingError`, `TrainingDataError`, `FeatureSelectionError`; any error of reading the files.
  package func trainerInputs(
    _ model: NewModel, _ settings: TrainingSettings, observe: (Event) -> Void
  ) throws -> TrainerInputs {
    let start = try startingPoint(model)
    for note in weightNotes { observe(.notice("\(note)")) }
    weightNotes = []
    try start.checkMemory()
    try teacher?.check(width: start.configuration.dim)
    let labels = model.labels ?? (from == nil ? nil : start.configuration.labelNames)
    let (training, validation) = try posts(start, labels, observe)
    let inputs = try TrainerInputs(
      start, training: training, validation: validation, labels: labels, teacher: teacher, settings)
    for notice in inputs.notices { observe(.training(notice)) }
    return inputs
  }

  /// Creates a model's starting point, still without labels.
  private func startingPoint(_ model: NewModel) throws -> StartingPoint {
    if let from {
      var start = StartingPoint(from: from)
      if let lexicon = model.lexicon {
        start.lexiconPath = lexicon
        start.configuration.hasLexicon = true
      }
      return start
    }
    var configuration = try model.configuration(teacher?.width)
    configuration.features = try streams(maxRows: model.maxFeatureRows)
    guard let vocabulary = text?.vocabularyPath ?? files.vocabulary else {
      throw TrainingError.setting("a fresh text encoder needs the file of its word pieces")
    }
    if text == nil {
      configuration.text.vocabularySize = try InputReader.pieces(at: vocabulary)
      configuration.tokenizer.isPretokenized = files.isPretokenized
    }
    let words = [
      files.textEncoder.map { "the text encoder \(FileStem.of($0))\(Self.words(onto: files.textBase))" }
        ?? "a fresh text encoder",
      files.imageEncoder.map { "the picture encoder \(FileStem.of($0))\(Self.words(onto: files.imageBase))" }
        ?? "a fresh picture encoder",
    ]
    return StartingPoint(
      configuration, text: text, image: image, vocabularyPath: vocabulary, lexiconPath: model.lexicon, words: words)
  }

  private static func words(onto base: String?) -> String {
    base.map { ", a LoRA adapter merged onto \(FileStem.of($0))" } ?? ""
  }

  /// The feature streams of a new model, looked up once.
  private func streams(maxRows: Int) throws -> [FeatureStream] {
    if let streams { return streams }
    let found = try files.features.streams(in: corpora, options: columns, maxRows: maxRows)
    streams = found
    return found
  }

  /// The feature files of the posts that a model reads; nil for a model without streams.
  private func features(
    of streams: [FeatureStream], _ paths: [String], _ observe: (Event) -> Void
  ) throws -> FeatureFiles? {
    let model = from?.name ?? "the model"
    try files.features.check(streams, model: model)
    // Opening the corpus would consume standard input, from which its posts are read later.
    guard !streams.isEmpty else { return nil }
    if paths.contains("-") { throw FeatureSelectionError.standardInput }
    let corpus = try CorpusReader(paths: paths, options: columns)
    return try files.features.files(of: streams, model: model, paths: paths, corpus) { observe(.lacking($0)) }
  }

  /// The training and validation posts, in the form that a model reads.
  private func posts(
    _ start: StartingPoint, _ order: [ByteText]?, _ observe: (Event) -> Void
  ) throws -> (training: TrainingPosts, validation: TrainingPosts) {
    let reading = PostsKey(knowledge: start.configuration.knowledge, lexicon: start.lexiconPath != nil)
    if let posts = read[reading] { return posts }
    let reader = try InputReader(
      configuration: start.configuration, vocabularyPath: start.vocabularyPath, lexiconPath: start.lexiconPath,
      limits: PictureLimits(truncated: files.truncatedPictures), decoding: .exact)
    if softLabels == nil {
      softLabels = try files.softLabels.map { source in
        try SoftLabels(source, order: order, codes: columns.labelNames)
      }
    }
    func posts(_ paths: [String], _ labels: PostLabels?) throws -> TrainingPosts {
      let features = try features(of: start.configuration.features, paths, observe)
      let posts = try TrainingPosts.read(
        paths: paths, images: files.images, features: features, options: columns, reader: reader,
        labels: labels ?? .own,
        threads: threads)
      for notice in posts.notices { observe(.notice(notice)) }
      if posts.cutPictures > 0 { observe(.cutPictures(posts.cutPictures)) }
      observe(.faults(posts.faults))
      return posts
    }
    let parts: (training: TrainingPosts, validation: TrainingPosts)
    let all = try posts(corpora, softLabels.map(PostLabels.soft))
    if files.validation.isEmpty {
      parts = all.holdingOut(seed: heldOutSeed)
      observe(.heldOut(parts.validation.count, of: parts.training.count + parts.validation.count))
    } else {
      parts = (all, try posts(files.validation, softLabels.map(PostLabels.ownElseSoft)))
    }
    read[reading] = parts
    return parts
  }
}
