import Corpus
import Inputs
package import Models
import Preparation

/// A model that a corpus is checked for: its tokenizer, its labels, and the profile of its training posts. The weights
/// are not read.
package struct CheckedModel: Sendable {
  /// The model's folder as it was given.
  package let path: String
  /// Its configuration.
  package let configuration: ModelConfiguration
  let reader: InputReader
  /// What it cannot see.
  var reading: ModelReading {
    ModelReading(
      dropsBlanks: configuration.tokenizer.kind.isWordPiece, steps: configuration.preparation,
      readsKnowledge: configuration.knowledge)
  }
  private let trained: InputProfile?

  /// Reads a model's folder.
  ///
  /// - Throws: `ModelError` or `PreparationError` if a file of it cannot be read.
  package init(folder path: String) throws {
    self.path = path
    configuration = try ModelFolder.configuration(of: path)
    let folder = path.utf8.last == UInt8(ascii: "/") ? path : path + "/"
    reader = try InputReader(
      configuration: configuration, vocabularyPath: folder + configuration.tokenizer.kind.fileName,
      limits: PictureLimits(), decoding: .exact)
    trained = try InputProfile.read(folder: path)
  }

  /// How a corpus differs from the model's training posts, judged as before scoring.
  ///
  /// - Parameters:
  ///   - corpus: the corpus, from which nothing has been read; rows of a pipe are returned again later.
  ///   - folders: the folders of its pictures.
  ///   - features: the files of the model's feature streams.
  ///   - subset: the rows that are checked.
  ///   - shouldStop: called between rows.
  /// - Returns: the differences, the most serious first.
  /// - Throws: errors of the corpus.
  func mismatches(
    in corpus: inout CorpusReader, folders: PictureFolders, features: FeatureFiles?, subset: CorpusSubset,
    shouldStop: @escaping @Sendable () -> Bool
  ) throws(CorpusError) -> [InputMismatch] {
    let sampler = CorpusSampler(
      reader: reader, folders: folders, features: configuration.features.isEmpty ? nil : features, subset: subset,
      labelNames: configuration.labelNames, shouldStop: shouldStop)
    return MismatchFinder(
      model: FileStem.of(path), configuration, trained: trained, sample: try sampler.sample(&corpus), allowed: []
    ).mismatches
  }
}
