internal import Bytes
internal import Evaluation
internal import Inputs
internal import Models
package import Preparation
internal import Synchronization
internal import Tensors

/// Two encoders that say where posts' texts and their picture files lie: on all cores, each text and each picture once.
package struct PairTeacher: PostTeacher {
  private let texts: any TextTower
  private let pictures: any PictureTower
  private let folders: PictureFolders
  package let identity: [UInt8]
  package let remark: String
  /// The numbers of a vector; those of the narrower encoder, if one is, are followed by zeros.
  package let width: Int

  /// Brings together two encoders that share a space, which may be one and the same.
  ///
  /// - Parameters:
  ///   - texts: the encoder of texts.
  ///   - pictures: the encoder of pictures.
  ///   - folders: where pictures are.
  /// - Throws: `TeachingError.differentWidths`.
  package init(
    texts: any TextTower, pictures: any PictureTower, folders: PictureFolders
  ) throws(TeachingError) {
    guard texts.width == pictures.width else {
      throw .differentWidths(text: texts.width, image: pictures.width)
    }
    self.init(features: texts, pictures, folders: folders)
  }

  /// Brings together two encoders that need not share a space.
  init(features texts: any TextTower, _ pictures: any PictureTower, folders: PictureFolders) {
    (self.texts, self.pictures, self.folders) = (texts, pictures, folders)
    width = max(texts.width, pictures.width)
    let isOne = texts.identity == pictures.identity
    identity = isOne ? texts.identity : Array(SHA256.hash(data: texts.identity + pictures.identity))
    remark = texts.remark == pictures.remark ? texts.remark : "texts \(texts.remark), pictures \(pictures.remark)"
  }

  package func encode(
    _ posts: TeachingPosts, reusing cache: SentenceCache, threads: Int, shouldStop: @escaping @Sendable () -> Bool,
    observe: @escaping @Sendable (_ done: Int, _ of: Int) -> Void
  ) throws -> TeacherOutput {
    let work = Work(posts: posts, cache: cache, observe: observe)
    try read(work, threads: threads, shouldStop)
    try look(work, threads: threads, shouldStop)
    return work.state.withLock { $0.result(of: posts) }
  }

  /// The vector at length 1, as wide as the teacher's.
  private func padded(_ vector: [Float]) -> [Float] {
    UnitVector.orSame(vector) + repeatElement(0, count: width - vector.count)
  }

  /// State shared by the threads.
  private final class Work: Sendable {
    let posts: TeachingPosts
    let cache: SentenceCache
    let state: Mutex<State>
    private let observe: @Sendable (_ done: Int, _ of: Int) -> Void

    init(posts: TeachingPosts, cache: SentenceCache, observe: @escaping @Sendable (_ done: Int, _ of: Int) -> Void) {
      (self.posts, self.cache, self.observe) = (posts, cache, observe)
      state = Mutex(State(texts: posts.texts.count, images: posts.images.count))
    }

    /// Counts what is done, and keeps vectors that are new, under the lock that the cache needs.
    func finish(
      _ count: Int, _ fresh: [(key: [UInt8], vector: [Float])], _ change: (inout State) -> Void
    ) throws(ModelError) {
      try state.withLock { (state) throws(ModelError) in
        try cache.add(keyed: fresh)
        change(&state)
        state.done += count
        observe(state.done, posts.texts.count + posts.images.count)
      }
    }
  }

  /// How far the work has come.
  private struct State: Sendable {
    var pieces: [TokenizedText]
    var texts: [[Float]]
    var images: [[Float]]
    /// For each picture the first that was met with the same bytes.
    var firstOfImage: [Int]
    var placeByHash: [[UInt8]: Int] = [:]
    var faults: [Int: PictureFileError] = [:]
    var done = 0
    var reused = 0

    init(texts: Int, images: Int) {
      pieces = [TokenizedText](repeating: TokenizedText(ids: [], pieces: 0, unknown: 0, truncated: 0), count: texts)
      self.texts = [[Float]](repeating: [], count: texts)
      self.images = [[Float]](repeating: [], count: images)
      firstOfImage = Array(0..<images)
    }

    /// The place of the first picture with these bytes; `place` itself if the bytes are new.
    mutating func first(of hash: [UInt8], at place: Int) -> Int {
      let first = placeByHash[hash] ?? place
      placeByHash[hash] = first
      firstOfImage[place] = first
      return first
    }

    /// The finished vectors; identical pictures share the vector of the first.
    func result(of posts: TeachingPosts) -> TeacherOutput {
      var faults = faults
      for (place, first) in firstOfImage.enumerated() where place != first {
        if let fault = faults[first] {
          faults[place] = PictureFileError(path: posts.images[place].cell, problem: fault.problem)
        }
      }
      let different = Set(firstOfImage.indices.filter { faults[$0] == nil }.map { firstOfImage[$0] })
      return TeacherOutput(
        texts: texts, images: firstOfImage.map { images[$0] }, firstOfImage: firstOfImage, faults: faults,
        sentences: texts.count, pictures: different.count, reused: reused,
        cut: pieces.count { $0.truncated > 0 })
    }
  }

  /// Texts: first into pieces, then like lengths together, the longest first, so that no thread is left with much at
  /// the end.
  private func read(_ work: Work, threads: Int, _ shouldStop: @Sendable () -> Bool) throws {
    let words = work.posts.texts
    try BatchRunner.run(
      Array(words.indices), of: 256, threads: threads, shouldStop: shouldStop, { Workspace() }
    ) { batch, _ in
      let read = batch.map { (texts.pieces(of: words[$0]), work.cache[words[$0]]) }
      try work.finish(read.count { $0.1 != nil }, []) { state in
        for (place, (pieces, known)) in zip(batch, read) {
          state.pieces[place] = pieces
          state.texts[place] = known ?? []
          state.reused += known == nil ? 0 : 1
        }
      }
    }
    let (pieces, order) = work.state.withLock { state in
      let lengths = state.pieces.map(\.ids.count)
      let left = words.indices.filter { state.texts[$0].isEmpty }
      return (state.pieces.map(\.ids), left.sorted { (lengths[$1], $0) < (lengths[$0], $1) })
    }
    try BatchRunner.run(
      order, of: texts.textsTogether, threads: threads, shouldStop: shouldStop, { Workspace() }
    ) { batch, workspace in
      let vectors = try texts.vectors(ofTexts: batch.map { pieces[$0] }, using: workspace).map(padded)
      for (place, vector) in zip(batch, vectors) where !vector.allSatisfy(\.isFinite) {
        throw TeachingError.notFinite(of: "text \"\(words[place].prefix(40))\"")
      }
      try work.finish(batch.count, zip(batch, vectors).map { (SentenceCache.key(of: words[$0]), $1) }) { state in
        for (place, vector) in zip(batch, vectors) { state.texts[place] = vector }
      }
    }
  }

  /// Pictures, in the order of the corpus, as they probably lie on the disk.
  private func look(_ work: Work, threads: Int, _ shouldStop: @Sendable () -> Bool) throws {
    try BatchRunner.run(
      Array(work.posts.images.indices), of: pictures.picturesTogether, threads: threads,
      shouldStop: shouldStop, { Workspace() }
    ) { batch, workspace in
      var new: [(place: Int, key: [UInt8])] = [], pixels: [[Float]] = []
      for place in batch {
        do throws(PictureFileError) {
          guard let picture = try fresh(place, of: work) else { continue }
          new.append((place, picture.key))
          pixels.append(picture.pixels)
        } catch {
          work.state.withLock { $0.faults[place] = error }
        }
      }
      let vectors = try pictures.vectors(ofPictures: pixels, using: workspace).map(padded)
      for (one, vector) in zip(new, vectors) where !vector.allSatisfy(\.isFinite) {
        throw TeachingError.notFinite(of: "picture \(work.posts.images[one.place].cell)")
      }
      try work.finish(batch.count, zip(new, vectors).map { ($0.key, $1) }) { state in
        for (one, vector) in zip(new, vectors) { state.images[one.place] = vector }
      }
    }
  }

  /// A picture's numbers and the key of its vector; nil if one with the same bytes was met, now or in an earlier turn.
  private func fresh(
    _ place: Int, of work: Work
  ) throws(PictureFileError) -> (key: [UInt8], pixels: [Float])? {
    let image = work.posts.images[place]
    let file = try folders[image.file].load(image.cell), key = SentenceCache.key(ofPicture: file.sha256)
    let isNew = work.state.withLock { state in
      guard state.first(of: file.sha256, at: place) == place else { return false }
      guard let known = work.cache[key: key] else { return true }
      state.images[place] = known
      state.reused += 1
      return false
    }
    return isNew ? (key, try pictures.pixels(of: file)) : nil
  }
}
