internal import Tensors
internal import Bytes
package import Corpus
internal import Dispatch
package import Inputs
internal import Models
package import Preparation
internal import Synchronization

extension TrainingPosts {
  /// The number of rows that a thread takes at a time.
  private static let batch = 16

  /// Reads a whole corpus on several threads.
  ///
  /// - Parameters:
  ///   - paths: the corpus' files.
  ///   - images: where pictures are.
  ///   - features: the posts' feature files, in the order of the model's streams; nil for a model without.
  ///   - options: how the files are read.
  ///   - reader: converts posts to pieces and squares; in training it decodes every pixel.
  ///   - labels: how posts get their labels.
  ///   - missingPicture: how to treat a post whose picture cannot be read.
  ///   - threads: the number of threads that decode.
  ///   - observe: called after each batch, by one thread at a time, with the number of rows read, and the share of the
  ///     files if their size is known.
  /// - Returns: the posts in the order of the corpus, the same for any number of threads.
  /// - Throws: errors of the corpus or the folders of pictures; `TrainingDataError.interrupted`.
  package static func read(
    paths: [String], images: PictureLocation = PictureLocation(), features: FeatureFiles? = nil, options: CorpusOptions,
    reader: InputReader, labels: PostLabels = .own,
    missingPicture: MissingPicturePolicy = .fault, threads: Int = ThreadCount.available,
    observe: @escaping @Sendable (_ rows: Int, _ share: Double?) -> Void = { _, _ in }
  ) throws -> TrainingPosts {
    let corpus = try CorpusReader(paths: paths, options: options), files = corpus.files
    if reader.readsKnowledge { try checkKnowledge(corpus) }
    try labels.check(corpus)
    let folders = try PictureFolders(images, paths: paths, names: files, limits: reader.limits)
    let streams = features?.columns.map(\.stream.name) ?? []
    let work = RowEncoder(
      reader: reader, folders: folders, features: features, labels: labels, missingPicture: missingPicture,
      tally: SharedTally(InputStatistics(streams: streams)))
    let queue = RowQueue(consume corpus)
    DispatchQueue.concurrentPerform(iterations: max(1, threads)) { _ in
      do {
        while !options.shouldStop(), let (place, rows) = try queue.next(batch) {
          queue.add(rows.map(work.read), at: place, observe)
        }
      } catch {
        queue.fail(error)
      }
    }
    let (results, notices) = try queue.results()
    if options.shouldStop() { throw TrainingDataError.interrupted }
    var posts: [Post] = [], faults: [RowFault] = []
    for result in results {
      switch result {
      case .success(let post): posts.append(post)
      case .failure(let fault): faults.append(fault.fault)
      }
    }
    let pictures = work.counts.words
    let profile = work.tally.profile
    if reader.readsKnowledge, profile.posts > 0, profile.knowledge == 0 {
      throw TrainingDataError.noKnowledge(files: files)
    }
    return TrainingPosts(
      files: files, posts: posts, pictures: work.pictures.squares, faults: faults, notices: notices + pictures,
      reader: reader,
      streams: streams, profile: profile, softLabels: labels.soft)
  }

  /// Throws if no file of the corpus has a column of knowledge.
  package static func checkKnowledge(_ corpus: borrowing CorpusReader) throws(TrainingDataError) {
    guard !corpus.columnsByFile.contains(where: { $0.contains { $0.role == .knowledge } }) else { return }
    throw .noKnowledgeColumn(files: corpus.files, known: corpus.extraColumns.map(\.text))
  }
}

/// The input profile of the usable posts, summed by several threads; the order does not matter.
private final class SharedTally: Sendable {
  private let tally: Mutex<InputStatistics>

  init(_ tally: InputStatistics) { self.tally = Mutex(tally) }

  func add(_ change: (inout InputStatistics) -> Void) { tally.withLock { change(&$0) } }

  var profile: InputProfile { tally.withLock { $0.profile } }
}

/// How pictures were found, counted by several threads.
private final class PictureCounter: Sendable {
  private let counts = Mutex(PictureCounts())

  func add(_ post: Corpus.Post) { counts.withLock { $0.add(post) } }

  func add(_ file: PictureFile) { counts.withLock { $0.add(file.found, nil) } }

  var words: [String] { counts.withLock { $0.words } }
}

/// A row's fault as an error.
private struct RowFaultError: Error {
  let fault: RowFault
}

/// Encodes a row; safe on any thread.
private struct RowEncoder: Sendable {
  let reader: InputReader
  let folders: PictureFolders
  let features: FeatureFiles?
  let labels: PostLabels
  let missingPicture: MissingPicturePolicy
  let pictures = PictureTable()
  let counts = PictureCounter()
  let tally: SharedTally

  func read(_ row: CorpusRow) -> Result<TrainingPosts.Post, RowFaultError> {
    switch row {
    case .fault(let fault): return .failure(RowFaultError(fault: fault))
    case .post(let post):
      let label: PostLabels.Label
      do throws(SoftLabels.Failure) {
        label = try labels.label(of: post)
      } catch {
        let fault = RowFault(
          position: post.position, key: post.key, stage: .corpus, code: error.code, detail: error.detail)
        return .failure(RowFaultError(fault: fault))
      }
      counts.add(post)
      do throws(PictureFileError) {
        let picture = try picture(of: post)
        var (words, text) = reader.words(text: post.text, knowledge: post.knowledge)
        do throws(FeatureFault) {
          words.features = try features?.load(post).map { $0?.rows } ?? []
        } catch {
          return .failure(RowFaultError(fault: error.rowFault(at: post.position, key: post.key)))
        }
        let side = picture.map { pictures.shorterSide(at: $0) }
        tally.add { [reader] tally in
          tally.add(
            post, text, by: reader, hasPicture: picture != nil, hasStream: words.features.map { $0 != nil })
          if let side { tally.add(shorterSide: side) }
        }
        let hash = post.text.isBlank ? nil : ByteText(post.text).hashValue
        return .success(
          TrainingPosts.Post(
            key: post.key, label: label.name, distribution: label.distribution, agrees: label.agrees, textHash: hash,
            words: words, picture: picture))
      } catch {
        return .failure(RowFaultError(fault: error.rowFault(at: post.position, key: post.key)))
      }
    }
  }

  private func picture(of post: Post) throws(PictureFileError) -> Int? {
    guard let path = post.image else { return nil }
    return try missingPicture.of(text: post.text).value { () throws(PictureFileError) in
      let file = try folders[post.position.file].load(path)
      counts.add(file)
      if let place = pictures[file.sha256] { return place }
      let picture = try reader.square(of: file)
      let square = TrainingPosts.Square(identity: file.sha256, samples: picture.pixels, isCut: picture.isCut)
      return pictures.add(square, shorterSide: try file.shorterSide(limits: reader.limits))
    }
  }
}

/// The pictures read so far, each once.
private final class PictureTable: Sendable {
  private struct State {
    var places: [[UInt8]: Int] = [:]
    var squares: [TrainingPosts.Square] = []
    /// The shorter side of each picture before it was resized, in pixels.
    var shorterSides: [Int] = []
  }

  private let state = Mutex(State())

  subscript(identity: [UInt8]) -> Int? { state.withLock { $0.places[identity] } }

  /// The index of a picture, which another thread may have added in the meantime.
  func add(_ square: TrainingPosts.Square, shorterSide: Int) -> Int {
    state.withLock { state in
      if let place = state.places[square.identity] { return place }
      state.places[square.identity] = state.squares.count
      state.squares.append(square)
      state.shorterSides.append(shorterSide)
      return state.squares.count - 1
    }
  }

  var squares: [TrainingPosts.Square] { state.withLock { $0.squares } }

  /// The shorter side of the picture at an index, in pixels.
  func shorterSide(at place: Int) -> Int { state.withLock { $0.shorterSides[place] } }
}

extension PictureFile {
  /// The picture's shorter side in pixels, read from the file's header.
  fileprivate func shorterSide(limits: PictureLimits) throws(PictureFileError) -> Int {
    do throws(PictureError) {
      let header = try PictureDecoder.header(bytes, limits: limits)
      return min(header.width, header.height)
    } catch {
      throw PictureFileError(path: path, problem: error)
    }
  }
}

/// The corpus from which threads take rows, and their results.
private final class RowQueue: Sendable {
  typealias Row = Result<TrainingPosts.Post, RowFaultError>

  private struct State: ~Copyable {
    var corpus: CorpusReader
    var taken = 0
    var rows = 0
    /// For each batch in progress, the bytes of the corpus before it.
    var underWay: [Int: Int] = [:]
    var results: [(place: Int, rows: [Row])] = []
    var failure: (any Error)?
  }

  private let state: Mutex<State>

  init(_ corpus: consuming sending CorpusReader) { state = Mutex(State(corpus: consume corpus)) }

  /// The next rows and the index of their batch; nil at the end, or when a thread failed.
  func next(_ count: Int) throws -> (place: Int, rows: [CorpusRow])? {
    try state.withLock { state in
      guard state.failure == nil else { return nil }
      let before = state.corpus.bytesRead
      var rows: [CorpusRow] = []
      while rows.count < count, let row = try state.corpus.next() { rows.append(row) }
      guard !rows.isEmpty else { return nil }
      defer { state.taken += 1 }
      state.underWay[state.taken] = before
      return (state.taken, rows)
    }
  }

  func add(_ rows: [Row], at place: Int, _ observe: (_ rows: Int, _ share: Double?) -> Void) {
    state.withLock { state in
      state.results.append((place, rows))
      state.rows += rows.count
      state.underWay[place] = nil
      // Batches of other threads are not done.
      let done = state.underWay.values.min() ?? state.corpus.bytesRead
      let share = state.corpus.totalBytes.flatMap { total in
        total > 0 ? min(1, Double(done) / Double(total)) : nil
      }
      observe(state.rows, share)
    }
  }

  func fail(_ error: any Error) { state.withLock { $0.failure = $0.failure ?? error } }

  /// All rows in the order of the corpus, and its notices.
  func results() throws -> (rows: [Row], notices: [String]) {
    try state.withLock { state in
      if let failure = state.failure { throw failure }
      let ordered = state.results.sorted { $0.place < $1.place }
      return (ordered.flatMap(\.rows), state.corpus.notices.map(\.description))
    }
  }
}
