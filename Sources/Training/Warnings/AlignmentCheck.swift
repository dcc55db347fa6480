internal import Bytes
package import Evaluation

/// What the teacher's vectors and the batch let alignment learn, found before the first step.
package struct AlignmentCheck: Sendable, Equatable {
  /// The posts whose vectors meet in the loss.
  package var batch: Int
  /// How often the teacher's own vectors bring a text closer to its own picture than to another post's, on the posts on
  /// which teaching measures it; nil if fewer than three have different texts and pictures.
  package var teacherPairs: Estimate?
  /// The expected share of posts that have the same teacher's text vector as another post of their batch.
  package var sharedTexts: Double
  /// The same of the teacher's picture vectors.
  package var sharedPictures: Double

  /// Facts that are known.
  package init(batch: Int, teacherPairs: Estimate?, sharedTexts: Double, sharedPictures: Double) {
    (self.batch, self.teacherPairs) = (batch, teacherPairs)
    (self.sharedTexts, self.sharedPictures) = (sharedTexts, sharedPictures)
  }

  /// Looks at the teacher's vectors of the posts to learn from.
  ///
  /// - Complexity: O(posts · D), and O(n² · D) for the n posts that are compared, at most 1,000.
  package init(_ training: TrainingSet, batch: Int) {
    var texts: [UInt64: Int] = [:], pictures: [UInt64: Int] = [:], pairs: [Int] = []
    for index in 0..<training.count {
      guard let teacher = training.teacher(of: index) else { continue }
      texts[Self.digest(teacher.text), default: 0] += 1
      if training.hasPicture(index) {
        pictures[Self.digest(teacher.image), default: 0] += 1
        if training.textIdentity(of: index) != nil { pairs.append(index) }
      }
    }
    let taught = pairs.compactMap(training.teacher)
    let compared = TeacherPairs.retrieval(
      keys: pairs.map(training.key), texts: pairs.map(training.textIdentity),
      images: pairs.map(training.pictureIdentity), among: []
    ) { (taught[$0].text, taught[$0].image) }
    self.init(
      batch: batch, teacherPairs: compared?.area,
      sharedTexts: Self.sharedShare(texts.values, posts: training.count, batch: batch),
      sharedPictures: Self.sharedShare(pictures.values, posts: training.count, batch: batch))
  }

  /// The expected share of posts that meet one of their own group in a batch drawn from all posts without replacement.
  ///
  /// - Parameters:
  ///   - groups: the sizes of the groups of equal vectors.
  ///   - posts: all posts, those without a vector included.
  ///   - batch: the posts drawn.
  /// - Returns: the share of the posts that have a vector.
  package static func sharedShare(_ groups: some Sequence<Int>, posts: Int, batch: Int) -> Double {
    // Groups of one size together, and in a fixed order, so that the sum has the same bits at every run.
    let sizes = groups.reduce(into: [Int: Int]()) { $0[$1, default: 0] += 1 }.sorted { $0.key < $1.key }
    let members = sizes.reduce(0) { $0 + $1.key * $1.value }
    guard members > 0, batch > 1 else { return 0 }
    var shared = 0.0
    for (size, count) in sizes where size > 1 {
      var alone = 1.0
      for drawn in 0..<min(batch, posts) - 1 {
        alone *= max(0, Double(posts - size - drawn)) / Double(posts - 1 - drawn)
        if alone == 0 { break }
      }
      shared += Double(size * count) * (1 - alone)
    }
    return shared / Double(members)
  }

  /// A hash of the vector's bits (FNV-1a over whole numbers): equal vectors have equal ones.
  private static func digest(_ vector: [Float]) -> UInt64 {
    vector.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1.bitPattern)) &* 0x0000_0100_0000_01b3 }
  }
}

extension AlignmentCheck {
  var json: JSON {
    .members([
      ("batch", .integer(batch)), ("teacherPairs", teacherPairs?.recordJSON), ("sharedTexts", .real(sharedTexts)),
      ("sharedImages", .real(sharedPictures)),
    ])
  }

  init?(_ json: JSON) {
    guard let batch = json["batch"]?.asInteger, let texts = json["sharedTexts"]?.asNumber,
      let pictures = json["sharedImages"]?.asNumber
    else { return nil }
    self.init(
      batch: batch, teacherPairs: json["teacherPairs"].flatMap(Estimate.init(record:)), sharedTexts: texts,
      sharedPictures: pictures)
  }
}
