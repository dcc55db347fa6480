package import Corpus
package import Inputs
package import Preparation
package import Store

/// The files of a corpus, and the folders of its posts' pictures and features.
package struct ScoringCorpus {
  /// The files as given; `-` is standard input.
  package let paths: [String]
  /// How they are read.
  package let options: CorpusOptions
  /// The files as the ledger names them.
  let names: [String]
  /// Where pictures are.
  let images: PictureLocation
  let folders: PictureFolders
  let features: FeatureFiles?
  /// The flags with which the corpus is read, which the run records.
  let reading: [ReadingFlag]

  /// Finds the folders.
  ///
  /// - Parameters:
  ///   - names: the files as the ledger names them.
  ///   - paths: the files as given.
  ///   - options: how they are read.
  ///   - images: where pictures are.
  ///   - features: the features' folders; nil for a model that reads none.
  ///   - reading: the flags with which the corpus is read.
  ///   - limits: which pictures are faults.
  /// - Throws: if a path is not a folder.
  package init(
    names: [String], paths: [String], options: CorpusOptions, images: PictureLocation, features: FeatureFiles?,
    reading: [ReadingFlag], limits: PictureLimits
  ) throws {
    (self.names, self.paths, self.options, self.images) = (names, paths, options, images)
    (self.features, self.reading) = (features, reading)
    folders = try PictureFolders(images, paths: paths, names: names, limits: limits)
  }

  /// The files' names as a run keeps them.
  package var title: String { names.joined(separator: " + ") }

  /// Whether standard input is among the files, which can be read once only.
  var hasStandardInput: Bool { paths.contains("-") }

  /// Opens the files from their beginning.
  func open() throws -> CorpusReader { try CorpusReader(paths: paths, options: options) }
}

/// The store and run that predictions are written to.
package struct ScoringTarget {
  /// The store's file.
  let store: String
  /// The run's name; nil for the corpus' name, with a number if that is taken.
  let run: String?
  /// The program's version, which the run records.
  let version: String

  package init(store: String, run: String?, version: String) {
    (self.store, self.run, self.version) = (store, run, version)
  }
}
