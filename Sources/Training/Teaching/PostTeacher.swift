internal import Bytes
internal import Dispatch
internal import Inputs
internal import Models
internal import Preparation
internal import Synchronization
internal import Tensors

/// Whoever says where the two sides of posts lie.
package protocol PostTeacher: Sendable {
  /// The numbers of a vector.
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
  /// A vector of unit length for each text.
  let texts: [[Float]]
  /// The same for each picture; an empty one for a picture that is none.
  let images: [[Float]]
  /// For each picture the place of the first one that is the same.
  let firstOfImage: [Int]
  /// Why a picture is none, by its place.
  let faults: [Int: PictureFileError]
  /// How many different texts went through the teacher.
  let sentences: Int
  /// How many different pictures did.
  let pictures: Int
  /// How many of both were known before.
  let reused: Int
  /// How many texts were longer than the teacher reads, and were cut.
  let cut: Int

  init(
    texts: [[Float]], images: [[Float]], firstOfImage: [Int]? = nil, faults: [Int: PictureFileError] = [:],
    sentences: Int, pictures: Int = 0, reused: Int, cut: Int
  ) {
    (self.texts, self.images, self.faults) = (texts, images, faults)
    self.firstOfImage = firstOfImage ?? Array(images.indices)
    (self.sentences, self.pictures, self.reused, self.cut) = (sentences, pictures, reused, cut)
  }
}

/// The identity that tells one teacher's vectors from another's.
enum TeacherIdentity {
  /// The hash of a folder's files of these names, of this machine's arithmetic, and of what else matters.
  static func hash(of names: [String], in folder: String, _ more: String = "") -> [UInt8] {
    var hash = SHA256()
    for name in names {
      guard let file = try? MappedFile(path: "\(folder)/\(name)") else { continue }
      hash.update(data: Array("\(name) \(file.count)\n".utf8))
      file.withBytes { hash.update(bufferPointer: $0) }
    }
    hash.update(data: Array("\(OneDNN.version) \(OneDNN.instructionSet)\(more)".utf8))
    return Array(hash.finalize())
  }
}

/// A BERT that says where posts' words lie: its tokenizer and its encoder, on all cores.
package struct SentenceTeacher: PostTeacher {
  private let tower: SentenceTower
  /// The hash of everything that a sentence's vector follows from: the folder's files, and this machine's arithmetic.
  package var identity: [UInt8] { tower.identity }

  /// The numbers of a sentence's vector.
  package var width: Int { tower.width }

  /// Reads a hub's folder.
  ///
  /// - Throws: `HubError`; any error of reading the vocabulary.
  package init(folder: String) throws { tower = try SentenceTower(folder: folder, head: nil) }

  /// How the vectors were computed, for the file's metadata.
  package var remark: String { tower.remark }

  /// Encodes the words of both sides that are not in `cache` yet, each text once.
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
    // Like lengths together, the longest first, so that no thread is left with much at the end.
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

/// Work on many things, some at a time, on several threads, each with a workspace of its own.
enum BatchRunner {
  /// Works until all is done, a thread fails, or a stop is requested.
  ///
  /// - Parameters:
  ///   - places: what there is to do, in the order in which it is begun.
  ///   - size: how many places a batch has.
  ///   - threads: how many batches are worked on at once.
  ///   - shouldStop: asked between batches.
  ///   - makeWorkspace: makes a thread's workspace.
  ///   - body: does a batch.
  /// - Throws: what the first failing batch throws; `TeachingError.interrupted` if something is left.
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

  /// How far the work has come.
  private struct State: Sendable {
    var taken = 0
    var done = 0
    var failure: (any Error)?

    /// The next places; nil at the end, or when a thread failed.
    mutating func take(_ count: Int, of all: Int) -> Range<Int>? {
      guard failure == nil, taken < all else { return nil }
      defer { taken = min(taken + count, all) }
      return taken..<min(taken + count, all)
    }
  }
}
