internal import Archives
internal import Models

/// One side of the posts: what is different there, and which of it each post has.
struct Side {
  /// What is different, by its places among all.
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
  func shapeable(_ vectors: [[Float]]) -> VectorShape.Side {
    VectorShape.Side(vectors: different.map { vectors[$0] }, weights: counts)
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

    /// The numbers of a vector; there is one.
    var width: Int { text.count / ids.count }

    /// Writes the file; it appears when it is whole.
    func write(_ path: String, remarks: [Safetensors.Remark]) throws(ModelError) {
      try SafetensorsTeacher.write(path, ids: ids, text: text, image: image, width: width, remarks: remarks)
    }
  }

  /// The posts' vectors in a shape, each of length 1; posts with one that points nowhere are left out.
  ///
  /// `texts` and `images` hold a vector for each place that the sides name.
  func shaped(_ shape: VectorShape, texts textVectors: [[Float]], images imageVectors: [[Float]]) -> Shaped {
    let vectors = shape.apply(to: [texts.shapeable(textVectors), images.shapeable(imageVectors)])
    var shaped = Shaped()
    for (index, key) in keys.enumerated() {
      guard let said = vectors[0][texts.places[index]], let seen = vectors[1][images.places[index]] else { continue }
      shaped.ids.append(key)
      shaped.text += said
      shaped.image += seen
    }
    return shaped
  }
}

extension VectorShape {
  /// What was done to vectors of some kind, for the file.
  func words(after kind: String) -> String {
    ([kind] + (centres ? ["centred"] : []) + (whitened.map { ["whitened to \($0)"] } ?? [])).joined(separator: ", ")
  }
}
