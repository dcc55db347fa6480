package import Inputs
internal import Models
package import Preparation
internal import Synchronization
internal import Tensors

/// A CLIP or a SigLIP as a teacher: encodes posts' texts and pictures on all cores, each text and each picture once.
package struct ClipTeacher: PostTeacher {
  private let tokenizer: SubwordTokenizer
  private let preprocessing: PicturePreprocessing
  private let encoder: ClipEncoder
  private let folders: PictureFolders
  private let decoding: PictureDecoding
  private let limits: PictureLimits
  package let identity: [UInt8]

  /// Types of models of texts and pictures that are not supported as teachers.
  private static let others = [
    "align", "altclip", "blip", "blip-2", "chinese_clip", "clip_text_model", "clip_vision_model", "clipseg", "flava",
    "metaclip_2", "siglip2", "siglip_text_model", "siglip_vision_model", "xclip",
  ]

  /// Whether a hub folder is a CLIP's or a SigLIP's; false if the folder does not say.
  ///
  /// - Throws: `TeachingError.unsupportedTeacher` for a related model that is not supported.
  package static func reads(_ folder: String) throws(TeachingError) -> Bool {
    guard let type = ClipEncoder.modelType(of: folder) else { return false }
    if others.contains(type) { throw .unsupportedTeacher(path: "\(folder)/config.json", type: type) }
    return ClipConfiguration.types.contains(type)
  }

  /// Reads a hub's folder.
  ///
  /// - Parameters:
  ///   - folder: config.json, weights, tokenizer.json, preprocessor_config.json.
  ///   - folders: the folders of the pictures.
  ///   - decoding: how picture files are decoded.
  ///   - limits: the maximum size of a picture.
  /// - Throws: `ClipError`; any error of the tokenizer; `TeachingError.otherEnd`.
  package init(
    folder: String, folders: PictureFolders, decoding: PictureDecoding, limits: PictureLimits
  ) throws {
    encoder = try ClipEncoder(folder: folder)
    tokenizer = try Self.tokenizer(encoder)
    guard encoder.hasExpectedEnd(tokenizer.encode("", limit: 2).ids) else {
      throw TeachingError.otherEnd(path: encoder.tokenizerPath)
    }
    preprocessing = try PicturePreprocessing(encoder.preprocessing, size: encoder.configuration.imageSize)
    (self.folders, self.decoding, self.limits) = (folders, decoding, limits)
    identity = TeacherIdentity.hash(of: ClipEncoder.files(of: folder), in: folder, " \(decoding.rawValue)")
  }

  private static func tokenizer(_ encoder: ClipEncoder) throws -> SubwordTokenizer {
    let path = encoder.tokenizerPath, rows = encoder.configuration.vocabularySize, bytes: [UInt8]
    do {
      bytes = try MappedFile(path: path, limit: SubwordTokenizer.byteLimit).copy()
    } catch .missingFile {
      throw ClipError.hub(.missing(path: path))
    }
    do {
      let tokenizer = try SubwordTokenizer(json: bytes)
      guard tokenizer.count <= rows else {
        throw PreparationError.vocabularyTooLong(path: path, pieces: tokenizer.count, rows: rows)
      }
      return tokenizer
    } catch let fault as TokenizerError {
      throw PreparationError.tokenizer(path: path, fault)
    }
  }

  package var width: Int { encoder.configuration.dim }

  package var remark: String { encoder.configuration.isFilled ? "pooled by SigLIP" : "projected by CLIP" }

  package func encode(
    _ posts: TeachingPosts, reusing cache: SentenceCache, threads: Int, shouldStop: @escaping @Sendable () -> Bool,
    observe: @escaping @Sendable (_ done: Int, _ of: Int) -> Void
  ) throws -> TeacherOutput {
    let work = Work(posts: posts, cache: cache, observe: observe)
    try read(work, threads: threads, shouldStop)
    try look(work, threads: threads, shouldStop)
    return work.state.withLock { $0.result(of: posts) }
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

    /// Counts completed items, and keeps new vectors, under the lock that the cache needs.
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

  /// The progress of the work.
  private struct State: Sendable {
    var pieces: [TokenizedText]
    var texts: [[Float]]
    var images: [[Float]]
    /// For each picture, the first one with the same bytes.
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

    /// The index of the first picture with these bytes; `place` itself if the bytes are new.
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

  /// Texts are first split into pieces; then those of similar length are encoded together, the longest first, so that
  /// no thread is left with much work at the end.
  private func read(_ work: Work, threads: Int, _ shouldStop: @Sendable () -> Bool) throws {
    let texts = work.posts.texts, most = encoder.configuration.maxPieces
    try BatchRunner.run(
      Array(texts.indices), of: 256, threads: threads, shouldStop: shouldStop, encoder.makeWorkspace
    ) { batch, _ in
      let read = batch.map { (tokenizer.encode(texts[$0], limit: most), work.cache[texts[$0]]) }
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
      let left = texts.indices.filter { state.texts[$0].isEmpty }
      return (state.pieces.map(\.ids), left.sorted { (lengths[$1], $0) < (lengths[$0], $1) })
    }
    try BatchRunner.run(
      order, of: encoder.configuration.textsTogether, threads: threads, shouldStop: shouldStop, encoder.makeWorkspace
    ) { batch, workspace in
      let vectors = try encoder.vectors(ofTexts: batch.map { pieces[$0] }, using: workspace).map(\.atUnitLength)
      for (place, vector) in zip(batch, vectors) where !vector.allSatisfy(\.isFinite) {
        throw TeachingError.notFinite(of: "text \"\(texts[place].prefix(40))\"")
      }
      try work.finish(batch.count, zip(batch, vectors).map { (SentenceCache.key(of: texts[$0]), $1) }) { state in
        for (place, vector) in zip(batch, vectors) { state.texts[place] = vector }
      }
    }
  }

  /// Pictures are encoded in the order of the corpus, which is probably their order on the disk.
  private func look(_ work: Work, threads: Int, _ shouldStop: @Sendable () -> Bool) throws {
    try BatchRunner.run(
      Array(work.posts.images.indices), of: encoder.configuration.picturesTogether, threads: threads,
      shouldStop: shouldStop, encoder.makeWorkspace
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
      let vectors = try encoder.vectors(ofPictures: pixels, using: workspace).map(\.atUnitLength)
      for (one, vector) in zip(new, vectors) where !vector.allSatisfy(\.isFinite) {
        throw TeachingError.notFinite(of: "picture \(work.posts.images[one.place].cell)")
      }
      try work.finish(batch.count, zip(new, vectors).map { ($0.key, $1) }) { state in
        for (one, vector) in zip(new, vectors) { state.images[one.place] = vector }
      }
    }
  }

  /// A picture's numbers and the key of its vector; nil if one with the same bytes was encoded before, now or by an
  /// earlier command.
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
    return isNew ? (key, try preprocessing(file, decoding, limits: limits)) : nil
  }
}
