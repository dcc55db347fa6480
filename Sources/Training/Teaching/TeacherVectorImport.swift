import Bytes
package import Corpus
package import Evaluation
internal import Models

/// Converts another teacher's vectors for a corpus' ids to a file that training reads.
package struct TeacherVectorImport: Sendable {
  /// The counts of an import.
  package struct Summary: Sendable, Equatable {
    /// Posts that have vectors now.
    package var posts = 0
    /// The width of a vector.
    package var width = 0
    /// The corpus' rows.
    package var rows = 0
    /// Rows whose id has no vectors.
    package var unknown = 0
    /// Rows that repeat the id of an earlier row.
    package var repeated = 0
    /// Vectors of ids that no row has.
    package var unused = 0
    /// Posts with a vector at the centre of its side, which has no direction: they are left out.
    package var central = 0
    /// The rows that cannot be read.
    package var faults: [RowFault] = []
    /// Warnings about the corpus; none of them stops the import.
    package var notices: [String] = []
    /// How well the written vectors tell the posts' own pairs from others; nil for too few different posts.
    package var pairs: PairRetrieval?

    /// Creates a summary of zeros.
    package init() {}
  }

  private let paths: [String]
  private let ids: String?
  private let shape: VectorTransform

  /// Prepares an import of files, which `ExternalVectors` reads, with a transformation.
  package init(paths: [String], ids: String?, shape: VectorTransform) {
    (self.paths, self.ids, self.shape) = (paths, ids, shape)
  }

  /// Writes the vectors of the corpus' posts; the file appears when it is complete.
  ///
  /// - Parameters:
  ///   - corpora: the corpus' files.
  ///   - options: how they are read; their texts and pictures do not matter.
  ///   - path: the safetensors file to write.
  /// - Returns: the counts of the import.
  /// - Throws: errors of `ExternalVectors` and the corpus; `TeachingError.tooManyDirections`, `oneVector`,
  ///   `interrupted`.
  package func run(_ corpora: [String], options: CorpusOptions, to path: String) throws -> Summary {
    let teacher = try ExternalVectors.load(paths, ids: ids, shouldStop: options.shouldStop)
    if let asked = shape.whitened, asked > teacher.width {
      throw TeachingError.tooManyDirections(asked: asked, width: teacher.width)
    }
    var summary = Summary()
    let (keys, places) = try match(corpora, options, teacher, &summary)
    let vectors = places.map { place in
      let vectors = teacher[place]
      return TeacherVectors(text: UnitVector.orSame(vectors.text), image: UnitVector.orSame(vectors.image))
    }
    // The same picture under two ids has the same vector, and counts once.
    let images = Self.firsts(vectors.map(\.image))
    let sides = PostSides(
      keys: keys, texts: Side(of: Array(keys.indices), isWeighted: true), images: Side(of: images, isWeighted: false))
    var shaped = sides.shaped(shape, texts: vectors.map(\.text), images: vectors.map(\.image))
    if options.shouldStop() { throw TeachingError.interrupted }
    guard !shaped.ids.isEmpty else { throw TeachingError.oneVector }
    let names = paths.map { $0.split(separator: "/").last.map(String.init) ?? $0 }.joined(separator: ", ")
    try shaped.write(path, remarks: [("teacher", names), ("shape", shape.words(after: "vectors from elsewhere"))])
    (summary.posts, summary.width) = (shaped.ids.count, shaped.width)
    summary.central = keys.count - shaped.ids.count
    let texts = Self.firsts(vectors.map(\.text))
    shaped.textPlaces = shaped.textPlaces.map { texts[$0] }
    summary.pairs = shaped.pairs
    return summary
  }

  /// For each vector the place of the first that is equal.
  private static func firsts(_ vectors: [[Float]]) -> [Int] {
    var firsts: [[Float]: Int] = [:]
    return vectors.enumerated().map { index, vector in
      let first = firsts[vector] ?? index
      firsts[vector] = first
      return first
    }
  }

  /// The corpus' posts that have vectors, and their places there.
  private func match(
    _ corpora: [String], _ options: CorpusOptions, _ teacher: TeacherCache, _ summary: inout Summary
  ) throws -> (keys: [String], places: [Int]) {
    var corpus = try CorpusReader(paths: corpora, options: options), known: Set<ByteText> = []
    var keys: [String] = [], places: [Int] = [], first: String?
    while let row = try corpus.next() {
      if options.shouldStop() { throw TeachingError.interrupted }
      summary.rows += 1
      guard case .post(let post) = row else {
        if case .fault(let fault) = row { summary.faults.append(fault) }
        continue
      }
      first = first ?? post.key.text
      guard known.insert(post.key).inserted else {
        summary.repeated += 1
        continue
      }
      guard let place = teacher.place(of: post.key) else {
        summary.unknown += 1
        continue
      }
      keys.append(post.key.text)
      places.append(place)
    }
    summary.notices = corpus.notices.map(\.description)
    summary.unused = teacher.count - places.count
    guard !keys.isEmpty else {
      throw ExternalVectorsError.noMatch(path: paths[0], theirs: teacher.anyID.clipped, ours: (first ?? "").clipped)
    }
    return (keys, places)
  }
}

extension String {
  fileprivate var clipped: String { count <= 40 ? self : prefix(39) + "…" }
}
