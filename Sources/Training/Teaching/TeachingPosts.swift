internal import Archives
import Bytes
package import Corpus
internal import Models

/// Each post's text and picture, from two columns of a corpus; the picture is a description or a path.
package struct TeachingPosts: Sendable {
  /// A post, with its text and its picture as indices into `texts` and `images`.
  struct Post: Sendable {
    var position: RowPosition
    var key: ByteText
    var text: Int
    var image: Int
  }

  /// A picture, as given in a row.
  struct Image: Sendable {
    /// The cell: words, or the path of a file.
    var cell: String
    /// The corpus file of the row.
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
  /// Rows that repeat an earlier row with the same key.
  package private(set) var repeated = 0
  /// Rows that contradict an earlier row with the same key; the earlier one counts.
  package private(set) var contradicting = 0
  private(set) var posts: [Post] = []
  /// All texts, each once.
  private(set) var texts: [String] = []
  /// All pictures, each once.
  private(set) var images: [Image] = []
  private let imagesAreFiles: Bool

  /// Reads a whole corpus.
  ///
  /// - Parameters:
  ///   - paths: the corpus' files.
  ///   - options: how the files are read; the column of texts holds the posts' texts, the column of pictures their
  ///     descriptions or paths.
  ///   - imagesAreFiles: whether they are paths, so that equal cells in two files may mean different pictures.
  ///   - observe: called from time to time with the number of rows read, and the share of the files if their size is
  ///     known.
  /// - Throws: errors of the corpus; `TeachingError.noPosts`.
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
    // No path contains a NUL.
    let name = ByteText(imagesAreFiles ? "\(image.file)\0\(image.cell)" : image.cell)
    if let place = places.images[name] { return place }
    places.images[name] = images.count
    images.append(image)
    return images.count - 1
  }
}

/// One side of the posts: its distinct items, and the item of each post.
struct Side {
  /// The distinct items, by their indices among all.
  private(set) var different: [Int] = []
  /// For each post, the index of its item.
  private(set) var places: [Int] = []
  private var counts: [Double] = []

  /// `isWeighted`: whether each item counts as often as posts have it, or once.
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

  /// The side's distinct vectors.
  func shapeable(_ vectors: [[Float]]) -> VectorTransform.Side {
    VectorTransform.Side(vectors: different.map { vectors[$0] }, weights: counts)
  }
}

/// The posts with their items on both sides.
struct PostSides {
  let keys: [String]
  let texts: Side
  let images: Side

  /// Vectors in the form of the file, one after the other.
  struct Shaped {
    var ids: [String] = []
    var text: [Float] = []
    var image: [Float] = []
    /// For each which text and which picture it has.
    var textPlaces: [Int] = []
    var imagePlaces: [Int] = []

    /// The width of a vector; there is at least one vector.
    var width: Int { text.count / ids.count }

    /// Writes the file; it appears when it is complete.
    func write(_ path: String, remarks: [Safetensors.MetadataEntry]) throws(ModelError) {
      try SafetensorsTeacher.write(path, ids: ids, text: text, image: image, width: width, remarks: remarks)
    }
  }

  /// The posts' transformed vectors, each normalised; posts with a vector without direction are left out.
  ///
  /// `texts` and `images` hold a vector for each index used by the sides.
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
  /// The transformation of one side's vectors in words, for the file's metadata.
  func words(after kind: String) -> String {
    ([kind] + (centres ? ["centred"] : []) + (whitened.map { ["whitened to \($0)"] } ?? [])).joined(separator: ", ")
  }
}
