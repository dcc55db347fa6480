import Bytes
import Preparation
import Corpus
import Inputs
import Models
import Scoring
import TestSupport
import Training

extension Scratch {
  /// A reader of a model with pictures of 2 × 2 pixels and the pieces of `words`, whose numbers are the samples / 255.
  func reader(_ words: [String] = ["good", "bad", "cat"], knowledge: Bool = false) throws -> InputReader {
    let pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"] + words
    let vocabulary = try write("vocab.txt", pieces.joined(separator: "\n") + "\n")
    var configuration = ModelConfiguration(labelNames: [])
    configuration.text.vocabularySize = pieces.count
    configuration.image.size = 2
    configuration.image.patchSize = 1
    configuration.knowledge = knowledge
    configuration.preprocessing.mean = [0, 0, 0]
    configuration.preprocessing.std = [1, 1, 1]
    return try InputReader(
      configuration: configuration, vocabularyPath: vocabulary, limits: PictureLimits(), decoding: .exact)
  }

  /// The posts of a corpus of one file.
  func posts(
    _ csv: String, name: String = "posts.csv", knowledge: Bool = false, labels: PostLabels = .own,
    missingPicture: MissingPicturePolicy = .fault, threads: Int = 2
  ) throws -> TrainingPosts {
    try TrainingPosts.read(
      paths: [try write(name, csv)], options: CorpusOptions(), reader: try reader(knowledge: knowledge),
      labels: labels, missingPicture: missingPicture, threads: threads)
  }

  /// Writes a PNG of 2 × 2 pixels from its 12 samples.
  @discardableResult
  func png(_ name: String, _ samples: [UInt8]) throws -> String { try write(name, PNG.file(width: 2, samples)) }
}
