package import Bytes
package import Preparation
package import Corpus
internal import Dispatch
package import Evaluation
internal import Inputs
package import Models
internal import Synchronization
internal import Tensors

/// Scores labelled posts at two precisions at once, without a store; each picture is decoded once.
package struct PrecisionComparison: Sendable {
  /// The result of a comparison.
  package struct Result: Sendable {
    /// The labels of both precisions, and the true labels.
    package var labels: PairedPredictions
    /// Rows without a label, or with a bare number for which the model has no name.
    package var unlabelled = 0
    /// Rows that cannot be read or scored.
    package var faulted = 0
    /// Labels that the model does not know.
    package var unknownLabels: UnknownLabels
    /// The notices of the corpus' reader.
    package var notices: [String] = []
  }

  private static let batch = 16
  private let first: PostClassifier
  private let second: PostClassifier
  private let reader: InputReader
  private let folders: PictureFolders
  private let features: FeatureFiles?
  private let labelNames: [ByteText]

  /// Creates a comparison of one model at two precisions.
  package init(
    first: PostClassifier, second: PostClassifier, labelNames: [ByteText], reader: InputReader, folders: PictureFolders,
    features: FeatureFiles? = nil
  ) {
    (self.first, self.second, self.labelNames) = (first, second, labelNames)
    (self.reader, self.folders, self.features) = (reader, folders, features)
  }

  /// Scores a corpus.
  ///
  /// - Parameters:
  ///   - corpus: the rows, from the beginning.
  ///   - threads: the number of workers.
  ///   - observe: called after each batch, by one thread at a time, with the number of rows done and the share of the
  ///     corpus that was read, if its size is known.
  /// - Returns: the counts; they are the same for any number of threads.
  /// - Throws: errors of the corpus or the model; `ModelError.interrupted` after a signal.
  package func run(
    _ corpus: consuming sending CorpusReader, threads: Int,
    observe: @escaping @Sendable (_ rows: Int, _ share: Double?) -> Void
  ) throws -> Result {
    let labels = labelNames
    let source = Source(
      consume corpus,
      Result(labels: PairedPredictions(labels: labels), unknownLabels: UnknownLabels(model: labels)))
    DispatchQueue.concurrentPerform(iterations: threads) { _ in
      OneDNN.useOneThread()
      let workspaces = (first.makeWorkspace(), second.makeWorkspace())
      for workspace in [workspaces.0, workspaces.1] { workspace.shouldStop = { Interrupt.isRequested } }
      do {
        while let (place, posts) = try source.next(Self.batch) {
          let tally = try score(posts, workspaces)
          source.add(tally, at: place, observe)
        }
      } catch {
        source.fail(error)
      }
    }
    if Interrupt.isRequested { throw ModelError.interrupted }
    return try source.result()
  }

  /// The posts of a batch with both labels, and the numbers of those that cannot be scored.
  private struct Tally {
    var rows = 0
    var faulted = 0
    var unlabelled = 0
    var posts: [(truth: ByteText, first: ByteText, second: ByteText)] = []
  }

  private func score(_ rows: [CorpusRow], _ workspaces: (Workspace, Workspace)) throws -> Tally {
    var tally = Tally(rows: rows.count), truths: [ByteText] = [], inputs: [PostInputs] = []
    let names = LabelCheck(names: labelNames)
    for row in rows {
      guard case .post(let post) = row else {
        tally.faulted += 1
        continue
      }
      guard let truth = post.label.flatMap(names.name) else {
        tally.unlabelled += 1
        continue
      }
      do {
        var file: PictureFile?
        if let path = post.image { file = try folders[post.position.file].load(path) }
        var (words, _) = reader.words(text: post.text, knowledge: post.knowledge)
        words.features = try features?.load(post).map { $0?.rows } ?? []
        words.pixels = try reader.pixels(of: file)
        inputs.append(words)
        truths.append(truth)
      } catch {
        tally.faulted += 1
      }
    }
    let scores = (try first(inputs, using: workspaces.0), try second(inputs, using: workspaces.1))
    for (truth, (one, other)) in zip(truths, zip(scores.0, scores.1)) {
      if let one = one.best, let other = other.best {
        tally.posts.append((truth, labelNames[one], labelNames[other]))
      } else {
        tally.faulted += 1
      }
    }
    return tally
  }
}

extension PrecisionComparison {
  /// The corpus from which threads take batches, and their results.
  private final class Source: Sendable {
    private struct State: ~Copyable {
      var corpus: CorpusReader
      var result: Result
      var rows = 0
      var taken = 0
      /// For each batch in progress, the bytes of the corpus before it.
      var underWay: [Int: Int] = [:]
      var failure: (any Error)?
    }

    private let state: Mutex<State>

    init(_ corpus: consuming sending CorpusReader, _ result: Result) {
      state = Mutex(State(corpus: consume corpus, result: result))
    }

    /// The next rows and the index of their batch; nil at the end, after a signal, or when a thread failed.
    func next(_ count: Int) throws -> (place: Int, rows: [CorpusRow])? {
      try state.withLock { state in
        guard state.failure == nil, !Interrupt.isRequested else { return nil }
        let before = state.corpus.bytesRead
        var rows: [CorpusRow] = []
        while rows.count < count, let row = try state.corpus.next() { rows.append(row) }
        guard !rows.isEmpty else { return nil }
        defer { state.taken += 1 }
        state.underWay[state.taken] = before
        return (state.taken, rows)
      }
    }

    func add(_ tally: Tally, at place: Int, _ observe: (_ rows: Int, _ share: Double?) -> Void) {
      state.withLock { state in
        state.rows += tally.rows
        state.underWay[place] = nil
        state.result.faulted += tally.faulted
        state.result.unlabelled += tally.unlabelled
        for post in tally.posts {
          state.result.labels.add(truth: post.truth, first: post.first, second: post.second)
          state.result.unknownLabels.add(post.truth)
        }
        var share: Double?
        if let total = state.corpus.totalBytes, total > 0 {
          // Batches of other threads are not done.
          share = min(1, Double(state.underWay.values.min() ?? state.corpus.bytesRead) / Double(total))
        }
        observe(state.rows, share)
      }
    }

    func fail(_ error: any Error) { state.withLock { $0.failure = $0.failure ?? error } }

    func result() throws -> Result {
      try state.withLock { state in
        if let failure = state.failure { throw failure }
        state.result.notices = state.corpus.notices.map(\.description)
        return state.result
      }
    }
  }
}

extension Quantisation.Agreement {
  /// The record of a comparison of f32 with int8.
  package init(_ labels: PairedPredictions, corpus: String) {
    let f32 = ClassificationMetrics(labels.first), int8 = ClassificationMetrics(labels.second)
    self.init(
      corpus: corpus, posts: labels.total, changed: labels.changed, accuracyF32: f32.accuracy.value,
      accuracyInt8: int8.accuracy.value, macroF1F32: f32.macro.f1.value, macroF1Int8: int8.macro.f1.value,
      rightInF32Only: labels.mcNemar.firstOnly, rightInInt8Only: labels.mcNemar.secondOnly, p: labels.mcNemar.p)
  }
}
