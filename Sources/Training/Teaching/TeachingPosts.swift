internal import Archives
import Bytes
package import Corpus
internal import Models

/// Each post's text and picture, from two columns of a corpus; the picture is a description or a path.
package struct TeachingPosts: Sendable {
  /// A post, its text and its picture by their places in `texts` and `images`.
  struct Post: Sendable {
    var position: RowPosition
    var key: ByteText
    var text: Int
    var image: Int
  }

  /// A picture, as a row says it.
  struct Image: Sendable {
    /// The cell: words, or a file's path.
    var cell: String
    /// The corpus' file that says so.
    var file: ByteText
  }

  /// The corpus' files as faults name them.
  package let files: [String]
  /// The rows that cannot be read, in the order of the corpus.
  package private(set) var faults: [RowFault] = []
  /// Warnings about the corpus; none of them stops the run.
  package private(set) var notices: [String] = []
  /// How many rows were read.
  package private(set) var rows = 0
  /// Rows that lack one side.
  package private(set) var oneSided = 0
  /// Rows that say what an earlier row of the same key said.
  package private(set) var repeated = 0
  /// Rows that say something else than an earlier row of the same key; that one stays.
  package private(set) var contradicting = 0
  private(set) var posts: [Post] = []
  /// All texts, each once.
  private(set) var texts: [String] = []
  /// All pictures, each once.
  private(set) var images: [Image] = []
  private let imagesAreFiles: Bool

  /// Reads a corpus to its end.
  ///
  /// - Parameters:
  ///   - paths: the corpus' files.
  ///   - options: how the files are read; the column of texts holds the posts' words, the column of pictures the
  ///     pictures' in words, or their paths.
  ///   - imagesAreFiles: whether they are paths, so that each of the corpus' files may mean others.
  ///   - observe: called now and then with the number of rows read, and the share of the files where their size is known.
  /// - Throws: what the corpus throws; `TeachingError.noPosts`.
  package init(
    paths: [String], options: CorpusOptions, imagesAreFiles: Bool = false,
    observe: (_ rows: Int, _ share: Double?) -> Void = { _, _ in }
  ) throws {
    var corpus = try CorpusReader(paths: paths, options: options)
    files = corpus.files
    self.imagesAreFiles = imagesAreFiles
    var places = Places()
    while let row = try corpus.next() {
      if options.shouldStop() { throw TeachingError.interrupted }
      rows += 1
      if rows.isMultiple(of: 1000) {
        observe(rows, corpus.totalBytes.map { $0 > 0 ? min(1, Double(corpus.bytesRead) / Double($0)) : 1 })
      }
      switch row {
      case .fault(let fault): faults.append(fault)
      case .post(let post): add(post, &places)
      }
    }
    notices = corpus.notices.map(\.description)
    guard !posts.isEmpty else {
      throw TeachingError.noPosts(files: files, oneSided: oneSided, faulted: faults.count)
    }
  }

  /// The indices of texts and pictures in the lists, and the keys seen so far.
  private struct Places {
    var texts: [ByteText: Int] = [:]
    var images: [ByteText: Int] = [:]
    var keys: [ByteText: Int] = [:]
  }

  private mutating func add(_ post: Corpus.Post, _ places: inout Places) {
    guard let image = post.image, !image.isBlank, !post.text.isBlank else {
      oneSided += 1
      return
    }
    let new = Post(
      position: post.position, key: post.key, text: place(ofText: post.text, &places),
      image: place(of: Image(cell: image, file: post.position.file), &places))
    guard let earlier = places.keys[post.key].map({ posts[$0] }) else {
      places.keys[post.key] = posts.count
      posts.append(new)
      return
    }
    if (earlier.text, earlier.image) == (new.text, new.image) { repeated += 1 } else { contradicting += 1 }
  }

  private mutating func place(ofText text: String, _ places: inout Places) -> Int {
    if let place = places.texts[ByteText(text)] { return place }
    places.texts[ByteText(text)] = texts.count
    texts.append(text)
    return texts.count - 1
  }

  private mutating func place(of image: Image, _ places: inout Places) -> Int {
    // No path has a NUL in it.
    let name = ByteText(imagesAreFiles ? "\(image.file)\0\(image.cell)" : image.cell)
    if let place = places.images[name] { return place }
    places.images[name] = images.count
    images.append(image)
    return images.count - 1
  }
}

/// One side of the posts: what is different there, and which of it each post has.
struct Side {
  /// The distinct items, by their places among all.
  private(set) var different: [Int] = []
  /// For each post the place of what it has here.
  private(set) var places: [Int] = []
  private var counts: [Double] = []

  /// `isWeighted`: each counts as often as posts have it, not once.
  init(of posts: [Int], isWeighted: Bool) {
    var known: [Int: Int] = [:]
    for one in posts {
      let place = known[one] ?? different.count
      if place == different.count {
        known[one] = place
        different.append(one)
        counts.append(0)
      }
      counts[place] = isWeighted ? counts[place] + 1 : 1
      places.append(place)
    }
  }

  /// The side's vectors, each once.
  func shapeable(_ vectors: [[Float]]) -> VectorTransform.Side {
    VectorTransform.Side(vectors: different.map { vectors[$0] }, weights: counts)
  }
}

/// Posts and what each has on either side.
struct PostSides {
  let keys: [String]
  let texts: Side
  let images: Side

  /// Vectors as the file has them, one after the other.
  struct Shaped {
    var ids: [String] = []
    var text: [Float] = []
    var image: [Float] = []
    /// For each which text and which picture it has.
    var textPlaces: [Int] = []
    var imagePlaces: [Int] = []

    /// The numbers of a vector; there is one.
    var width: Int { text.count / ids.count }

    /// Writes the file; it appears when it is whole.
    func write(_ path: String, remarks: [Safetensors.MetadataEntry]) throws(ModelError) {
      try SafetensorsTeacher.write(path, ids: ids, text: text, image: image, width: width, remarks: remarks)
    }
  }

  /// The posts' vectors in a shape, each of length 1; posts with one that points nowhere are left out.
  ///
  /// `texts` and `images` hold a vector for each place that the sides name.
  func shaped(_ shape: VectorTransform, texts textVectors: [[Float]], images imageVectors: [[Float]]) -> Shaped {
    let vectors = shape.apply(to: [texts.shapeable(textVectors), images.shapeable(imageVectors)])
    var shaped = Shaped()
    for (index, key) in keys.enumerated() {
      guard let said = vectors[0][texts.places[index]], let seen = vectors[1][images.places[index]] else { continue }
      shaped.ids.append(key)
      shaped.text += said
      shaped.image += seen
      shaped.textPlaces.append(texts.places[index])
      shaped.imagePlaces.append(images.places[index])
    }
    return shaped
  }
}

extension VectorTransform {
  /// The transformation of one kind of vector in words, for the file's metadata.
  func words(after kind: String) -> String {
    ([kind] + (centres ? ["centred"] : []) + (whitened.map { ["whitened to \($0)"] } ?? [])).joined(separator: ", ")
  }
}
