internal import Bytes
internal import Dispatch
internal import Inputs
internal import Models
internal import Preparation
internal import Synchronization
internal import Tensors

/// A model that encodes the two sides of posts.
package protocol PostTeacher: Sendable {
  /// The width of a vector.
  var width: Int { get }
  /// The hash of everything that vectors depend on, other than their inputs: 32 bytes.
  var identity: [UInt8] { get }
  /// How the vectors were computed, for the file's metadata.
  var remark: String { get }

  /// Encodes the inputs missing from `cache` and adds them to it; the bits do not depend on the number of threads.
  /// `observe` is called on any thread, but never concurrently.
  func encode(
    _ posts: TeachingPosts, reusing cache: SentenceCache, threads: Int, shouldStop: @escaping @Sendable () -> Bool,
    observe: @escaping @Sendable (_ done: Int, _ of: Int) -> Void
  ) throws -> TeacherOutput
}

/// The vectors of the distinct texts and pictures of posts.
package struct TeacherOutput: Sendable {
  /// A normalised vector for each text.
  let texts: [[Float]]
  /// The same for each picture; an empty one for an unreadable picture.
  let images: [[Float]]
  /// For each picture, the index of the first one that is the same.
  let firstOfImage: [Int]
  /// Why a picture is unreadable, by its index.
  let faults: [Int: PictureFileError]
  /// The number of different texts that were encoded.
  let sentences: Int
  /// The number of different pictures that were encoded.
  let pictures: Int
  /// The number of those, encoded now, whose file ends early.
  let cutPictures: Int
  /// The number of both that were already encoded.
  let reused: Int
  /// The number of texts that were truncated.
  let cut: Int

  init(
    texts: [[Float]], images: [[Float]], firstOfImage: [Int]? = nil, faults: [Int: PictureFileError] = [:],
    sentences: Int, pictures: Int = 0, cutPictures: Int = 0, reused: Int, cut: Int
  ) {
    (self.texts, self.images, self.faults) = (texts, images, faults)
    self.firstOfImage = firstOfImage ?? Array(images.indices)
    (self.sentences, self.pictures, self.reused, self.cut) = (sentences, pictures, reused, cut)
    self.cutPictures = cutPictures
  }
}

extension PictureLimits {
  /// What vectors depend on of these limits, as part of a teacher's identity.
  var identity: String { truncated == .fault ? "" : " truncated" }
}

/// The identity that tells one teacher's vectors from another's.
enum TeacherIdentity {
  /// The hash of these files of a folder, of the LoRA adapter that changes it, of this machine's arithmetic, and of
  /// anything else that matters.
  static func hash(
    of names: [String], in folder: String, adapter: String? = nil, _ more: String = ""
  ) -> [UInt8] {
    var hash = SHA256()
    func add(_ names: [String], _ folder: String) {
      for name in names {
        guard let file = try? MappedFile(path: "\(folder)/\(name)") else { continue }
        hash.update(data: Array("\(name) \(file.count)\n".utf8))
        file.withBytes { hash.update(bufferPointer: $0) }
      }
    }
    add(names, folder)
    if let adapter { add(HubTextEncoder.adapterFiles(of: adapter), adapter) }
    hash.update(data: Array("\(OneDNN.version) \(OneDNN.instructionSet)\(more)".utf8))
    return Array(hash.finalize())
  }
}

/// A BERT as a teacher of posts' words: its tokenizer and its encoder, on all cores.
package struct SentenceTeacher: PostTeacher {
  private let tower: SentenceTower
  /// The hash of everything that a sentence's vector follows from: the folder's files, and this machine's arithmetic.
  package var identity: [UInt8] { tower.identity }

  /// The numbers of a sentence's vector.
  package var width: Int { tower.width }

  /// Reads a hub's folder.
  ///
  /// - Parameters:
  ///   - folder: the folder, or that of a LoRA adapter.
  ///   - base: the model's folder if `folder` is an adapter's.
  ///   - isPretokenized: whether the words of texts are separated by blanks, and nothing else is to be split.
  /// - Throws: `HubError`; any error of reading the vocabulary.
  package init(folder: String, base: String? = nil, isPretokenized: Bool = false) throws {
    tower = try SentenceTower(folder: folder, base: base, isUnit: true, isPretokenized: isPretokenized)
  }

  /// How the vectors were computed, for the file's metadata.
  package var remark: String { tower.remark }

  /// Encodes the texts of both sides that are not in `cache` yet, each once.
  package func encode(
    _ posts: TeachingPosts, reusing cache: SentenceCache, threads: Int, shouldStop: @escaping @Sendable () -> Bool,
    observe: @escaping @Sendable (_ done: Int, _ of: Int) -> Void
  ) throws -> TeacherOutput {
    var places: [ByteText: Int] = [:], sentences: [String] = []
    func place(of sentence: String) -> Int {
      let place = places[ByteText(sentence)] ?? sentences.count
      if place == sentences.count {
        places[ByteText(sentence)] = place
        sentences.append(sentence)
      }
      return place
    }
    let texts = posts.texts.map(place), images = posts.images.map { place(of: $0.cell) }
    let pieces = sentences.map { tower.pieces(of: $0) }
    let known = sentences.map { cache[$0] }
    // Texts of similar length are encoded together, the longest first, so that no thread is left with much work at the
    // end.
    let order = pieces.indices.filter { known[$0] == nil }.sorted {
      (pieces[$1].ids.count, $0) < (pieces[$0].ids.count, $1)
    }
    let reused = pieces.count - order.count, all = sentences
    let state = Mutex((vectors: known.map { $0 ?? [] }, done: reused))
    try BatchRunner.run(
      order, of: tower.textsTogether, threads: threads, shouldStop: shouldStop, { Workspace() }
    ) {
      batch, workspace in
      let vectors = try tower.vectors(ofTexts: batch.map { pieces[$0].ids }, using: workspace)
      try state.withLock { state in
        try cache.add(zip(batch, vectors).map { (all[$0], $1) })
        for (place, vector) in zip(batch, vectors) { state.vectors[place] = vector }
        state.done += batch.count
        observe(state.done, all.count)
      }
    }
    let vectors = state.withLock { $0.vectors }
    return TeacherOutput(
      texts: texts.map { vectors[$0] }, images: images.map { vectors[$0] }, sentences: sentences.count,
      reused: reused, cut: pieces.count { $0.truncated > 0 })
  }
}

/// Processes many items in batches on several threads, each with its own workspace.
enum BatchRunner {
  /// Works until everything is done, a thread fails, or a stop is requested.
  ///
  /// - Parameters:
  ///   - places: the items, in the order in which they are started.
  ///   - size: the number of items in a batch.
  ///   - threads: the number of batches processed at once.
  ///   - shouldStop: called between batches.
  ///   - makeWorkspace: creates a thread's workspace.
  ///   - body: processes a batch.
  /// - Throws: the error of the first failing batch; `TeachingError.interrupted` if something is left.
  static func run(
    _ places: [Int], of size: Int, threads: Int, shouldStop: @Sendable () -> Bool,
    _ makeWorkspace: @Sendable () -> Workspace, _ body: @Sendable ([Int], Workspace) throws -> Void
  ) throws {
    let state = Mutex(State())
    DispatchQueue.concurrentPerform(iterations: max(1, threads)) { _ in
      OneDNN.useOneThread()
      let workspace = makeWorkspace()
      while !shouldStop(), let range = state.withLock({ $0.take(size, of: places.count) }) {
        do {
          try body(Array(places[range]), workspace)
          state.withLock { $0.done += range.count }
        } catch {
          state.withLock { $0.failure = $0.failure ?? error }
        }
      }
    }
    try state.withLock { state in
      if let failure = state.failure { throw failure }
      guard state.done == places.count else { throw TeachingError.interrupted }
    }
  }

  /// The progress of the work.
  private struct State: Sendable {
    var taken = 0
    var done = 0
    var failure: (any Error)?

    /// The next items; nil at the end, or when a thread failed.
    mutating func take(_ count: Int, of all: Int) -> Range<Int>? {
      guard failure == nil, taken < all else { return nil }
      defer { taken = min(taken + count, all) }
      return taken..<min(taken + count, all)
    }
  }
}
