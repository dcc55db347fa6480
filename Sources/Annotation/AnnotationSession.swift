package import Bytes
package import Store
import Synchronization

/// One annotator's work on a sample: the posts, the labels to choose from, and what was said so far.
///
/// Each answer is written in a transaction of its own, and the store is open only for that long, so that other commands
/// and other annotators can write in between. Answers of several pages come one after the other.
package final class AnnotationSession: Sendable {
  package let annotator: String
  package let labels: [ByteText]
  /// The posts; `annotations` there are those at the beginning.
  package let posts: SamplePosts
  /// Whether the page may show the model's answer.
  package let showsPrediction: Bool
  /// Whether the page shows pictures blurred.
  package let blurs: Bool

  private let write: @Sendable (Answer) throws -> AnnotationOutcome
  private let state: Mutex<State>

  private struct State {
    /// What was said, by the number of the post.
    var annotations: [Int: Annotation]
    /// The posts that this session labelled or changed.
    var touched: Set<Int> = []
    /// Whether the store remembers the order of the labels.
    var areKeysStored: Bool
  }

  /// The maximum number of labels, and of bytes of a label and of a note.
  package static let labelLimit = 50, nameLimit = 200, noteLimit = 8000

  /// What a page sends about one post.
  package struct Answer: Equatable, Sendable {
    /// The post's row in the store.
    package var post: Int64
    package var annotation: Annotation
    /// The label that the page showed on the post.
    package var seen: ByteText?
    /// The labels in the order of their keys, for the store to remember; nil if it does.
    package var keys: LabelKeys?
  }

  /// Begins or goes on with the work.
  ///
  /// `labels` are those to choose from; nil for those of the last time, the first time the model's. `write` stores an
  /// answer; it is called by one thread at a time. Throws if the annotator's name or the labels cannot be used.
  package init(
    _ posts: SamplePosts, annotator: String, labels: [ByteText]? = nil, showsPrediction: Bool = false,
    blurs: Bool = false, write: @escaping @Sendable (Answer) throws -> AnnotationOutcome
  ) throws(AnnotationError) {
    try Self.check(annotator: annotator)
    self.labels = try Self.checked(labels ?? posts.keys ?? posts.labels)
    (self.posts, self.annotator, self.showsPrediction, self.blurs) = (posts, annotator, showsPrediction, blurs)
    self.write = write
    state = Mutex(State(annotations: posts.annotations, areKeysStored: posts.keys == self.labels))
  }

  /// Rejects a name that cannot be the source of labels.
  package static func check(annotator: String) throws(AnnotationError) {
    guard isName(annotator) else { throw .badAnnotator(annotator) }
    if annotator == "corpus" { throw .reservedAnnotator(annotator) }
  }

  private static func checked(_ labels: [ByteText]) throws(AnnotationError) -> [ByteText] {
    for (place, label) in labels.enumerated() {
      guard isName(label.text) else { throw .badLabel(label.text) }
      if labels[..<place].contains(label) { throw .repeatedLabel(label.text) }
    }
    guard labels.count >= 2 else { throw .tooFewLabels(labels.count) }
    guard labels.count <= labelLimit else { throw .tooManyLabels(labels.count) }
    return labels
  }

  private static func isName(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.count <= nameLimit && !text.unicodeScalars.contains(where: \.isTerminalControl)
  }

  /// A post by its number; nil if the sample has none.
  package func post(_ number: Int) -> SamplePosts.Post? {
    posts.posts.indices.contains(number - 1) ? posts.posts[number - 1] : nil
  }

  /// What was said about a post.
  package func annotation(of number: Int) -> Annotation { state.withLock { $0.annotations[number] ?? Annotation() } }

  /// The numbers of the posts that have a label.
  package var labelled: [Int] {
    state.withLock { state in state.annotations.filter { $0.value.label != nil }.keys.sorted() }
  }

  /// The number of posts that this session labelled or changed.
  package var touched: Int { state.withLock { $0.touched.count } }

  /// Stores an answer. When this returns `stored`, the answer is in the store.
  ///
  /// - Throws: errors of the store; the answer can be sent again.
  package func answer(_ number: Int, _ annotation: Annotation, seen: ByteText?) throws -> AnnotationOutcome {
    guard let post = post(number) else { return .forgotten }
    return try state.withLock { state in
      let keys = state.areKeysStored ? nil : LabelKeys(sample: posts.sample, annotator: annotator, labels: labels)
      let outcome = try write(Answer(post: post.id, annotation: annotation, seen: seen, keys: keys))
      switch outcome {
      case .stored:
        state.areKeysStored = true
        if (state.annotations[number] ?? Annotation()) != annotation { state.touched.insert(number) }
        state.annotations[number] = annotation
      case .conflict(let stored): state.annotations[number] = stored
      case .forgotten: break
      }
      return outcome
    }
  }

  /// The labels with their keys, such as `1 ironic, 2 sincere`.
  package var keys: String { Self.words(labels) }

  /// How the keys differ from those of the last time; nil if they do not, or if that is not known.
  package var keyChange: String? {
    if let earlier = posts.keys, earlier != labels {
      return
        "the keys have changed since \(annotator.printable) last labelled this sample: then \(Self.words(earlier)); "
        + "now \(keys)"
    }
    let lost = Set(posts.annotations.values.compactMap(\.label)).subtracting(labels).sorted()
    return lost.isEmpty
      ? nil : "\(annotator.printable) has given labels that have no key now: \(lost.map(\.printable).listed(most: 10))"
  }

  private static func words(_ labels: [ByteText]) -> String {
    labels.enumerated().map { ($0 < 9 ? "\($0 + 1) " : "") + $1.printable }.joined(separator: ", ")
  }

  /// What was done, in a sentence or two.
  package var summary: String {
    let done = labelled.count, all = posts.posts.count
    let whole = done == all ? "all \(all)" : "\(done) of \(all)"
    return "\(touched) \(touched == 1 ? "post" : "posts") labelled or changed now; \(annotator.printable) has labelled "
      + "\(whole) posts of sample \(posts.sample.printable)"
      + (done == all ? "" : ". The same command goes on with the other \(all - done)")
  }

  /// Whether every post has a label.
  package var isComplete: Bool { labelled.count == posts.posts.count }
}
