internal import Bytes
internal import Corpus

/// How posts get the labels that they are trained on or validated with.
package enum PostLabels: Sendable {
  /// From the corpus' column of labels.
  case own
  /// From probabilities alone: posts to learn from.
  case soft(SoftLabels)
  /// From the column of labels, and from probabilities where it is empty: posts to validate with.
  case ownElseSoft(SoftLabels)

  /// The probabilities; nil if only the column of labels counts.
  var soft: SoftLabels? {
    switch self {
    case .own: nil
    case .soft(let labels), .ownElseSoft(let labels): labels
    }
  }

  /// A post's label.
  struct Label {
    /// The label; with probabilities the most probable one.
    var name: ByteText
    var distribution: SoftLabels.Distribution?
    /// Whether the corpus' own label is the most probable one; nil without both.
    var agrees: Bool?
  }

  /// Throws if the columns of probabilities are in no file, and are needed.
  func check(_ corpus: borrowing CorpusReader) throws(SoftLabelError) {
    guard case .soft(let soft) = self else { return }
    let known = Set(corpus.extraColumns), missing = soft.columns.filter { !known.contains($0) }
    guard missing.isEmpty else {
      throw .noColumns(missing.map(\.text), files: corpus.files, known: corpus.extraColumns.map(\.text))
    }
  }

  /// The label of a post.
  ///
  /// - Throws: `SoftLabels.Failure` if it has none.
  func label(of post: Post) throws(SoftLabels.Failure) -> Label {
    let own = post.label.flatMap { $0.text.isBlank ? nil : $0 }
    switch (self, own) {
    case (.own, let own?), (.ownElseSoft, let own?): return Label(name: own)
    case (.own, nil):
      throw SoftLabels.Failure(
        code: .noLabel, detail: "the label is empty; fill it in, or name another column of labels")
    case (.soft(let soft), _), (.ownElseSoft(let soft), nil):
      let found = try soft.distribution(of: post), name = soft.labels[found.likeliest]
      return Label(name: name, distribution: found, agrees: own.map { $0 == name })
    }
  }
}
