package import Bytes
package import Corpus
package import Inputs
package import Models

/// What a model makes of the first posts of a corpus, in f32: to be held against what the original program makes of them.
package struct ModelProof {
  /// A post, or a row that is none.
  package enum Row {
    case post(Post)
    case fault(RowFault)

    /// What the model reads of a post, and its answer.
    package struct Post {
      package var key: ByteText
      /// The ids of the text's pieces, including the first and last.
      package var ids: [Int32]
      /// The share of unknown pieces among them.
      package var unknownShare: Double
      /// The number of pieces that were cut off.
      package var truncated: Int
      package var hasPicture: Bool
      /// The probability of each label, in the model's order.
      package var probabilities: [Float]
    }
  }

  /// The most rows that are read.
  package static let most = 5

  package let rows: [Row]

  /// Scores the first rows.
  ///
  /// - Parameters:
  ///   - folder: the model.
  ///   - path: the corpus.
  ///   - options: how it is read.
  ///   - images: where pictures are.
  ///   - shouldStop: called between posts; if it returns true, the rest is left out.
  /// - Throws: errors of the corpus, of the model's files, and of memory.
  package init(
    _ folder: ModelFolder, corpus path: String, options: CorpusOptions, images: PictureLocation,
    shouldStop: () -> Bool = { false }
  ) throws {
    let limits = PictureLimits(), reader = try InputReader(folder: folder, limits: limits, decoding: .exact)
    var corpus = try CorpusReader(paths: [path], options: options)
    let folders = try PictureFolders(images, paths: [path], names: corpus.files, limits: limits)
    let classifier = try PostClassifier(folder: folder), workspace = classifier.makeWorkspace()
    var rows: [Row] = []
    while rows.count < Self.most, !shouldStop(), let row = try corpus.next() {
      switch row {
      case .fault(let fault): rows.append(.fault(fault))
      case .post(let post):
        var (inputs, text) = reader.words(text: post.text, knowledge: post.knowledge)
        do throws(PictureFileError) {
          let file: PictureFile? =
            if let image = post.image { try folders[post.position.file].load(image) } else { nil }
          inputs.pixels = try reader.pixels(of: file)
        } catch {
          rows.append(.fault(error.rowFault(at: post.position, key: post.key)))
          continue
        }
        guard let scores = try classifier([inputs], using: workspace).first else { continue }
        rows.append(
          .post(
            Row.Post(
              key: post.key, ids: text.ids, unknownShare: text.unknownShare, truncated: text.truncated,
              hasPicture: inputs.pixels != nil, probabilities: scores.probabilities)))
      }
    }
    self.rows = rows
  }
}
