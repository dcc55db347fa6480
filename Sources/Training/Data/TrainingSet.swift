package import Bytes
package import Models
internal import Preparation
internal import Evaluation

/// Posts with their label indices and their teacher's vectors: examples by index.
package struct TrainingSet: Sendable {
  /// The labels, in the order of the model's outputs.
  package let labels: LabelSet
  package let posts: TrainingPosts
  private let places: [Int]
  /// Each post's probabilities in the order of the labels; nil for a post with a label of its own.
  private let distributions: [[Double]?]
  private let teacher: TeacherCache?
  /// The index of each post's vectors in the teacher's cache.
  private let taught: [Int?]

  /// Combines the parts of the examples.
  ///
  /// - Parameters:
  ///   - posts: the posts.
  ///   - labels: the labels of the model; for validation posts, those of the training posts.
  ///   - teacher: the teacher's vectors by the posts' keys; nil for training without alignment.
  /// - Throws: `noPosts`; `unknownLabels`.
  package init(
    _ posts: TrainingPosts, labels: LabelSet, teacher: TeacherCache? = nil
  ) throws(TrainingDataError) {
    guard posts.count > 0 else { throw posts.emptyError }
    try labels.check(posts)
    (self.posts, self.labels, self.teacher) = (posts, labels, teacher)
    places = posts.posts.compactMap { labels[$0.label] }
    let order = try labels.places(of: posts.softLabels)
    distributions = posts.posts.map { post in
      post.distribution.map { found in
        var own = [Double](repeating: 0, count: labels.count)
        for (place, value) in zip(order, found.probabilities) { own[place] = value }
        return own
      }
    }
    taught = posts.posts.map { teacher?.place(of: $0.key) }
  }

  /// The number of examples.
  package var count: Int { places.count }
  /// The number of posts for each label, in the labels' order; a post with probabilities counts for the most probable.
  package var classCounts: [Int] {
    places.reduce(into: [Int](repeating: 0, count: labels.count)) { $0[$1] += 1 }
  }
  /// Whether there is a teacher.
  var hasTeacher: Bool { teacher != nil }
  /// The number of posts without teacher's vectors: they are left out of the alignment loss.
  package var untaught: Int { taught.count { $0 == nil } }

  /// The post's key.
  package func key(of index: Int) -> String { posts.posts[index].key.text }
  /// The index of the post's label; of a post with probabilities the most probable one.
  package func label(of index: Int) -> Int { places[index] }
  /// The probabilities of the post's labels, which add up to 1; nil for a post with a label of its own.
  package func distribution(of index: Int) -> [Double]? { distributions[index] }
  /// Whether any post has a picture.
  package var hasPictures: Bool { (0..<count).contains(where: hasPicture) }
  /// Whether the post has a picture.
  package func hasPicture(_ index: Int) -> Bool { posts.posts[index].picture != nil }
  /// The pieces of the post's text and knowledge, and the lexicon's biases; no picture.
  func words(of index: Int) -> PostInputs { posts.posts[index].words }
  /// What tells the post's text from others; nil if it has none.
  func textIdentity(of index: Int) -> Int? { posts.posts[index].textHash }
  /// The hash of the post's picture file; nil if it has none.
  func pictureIdentity(of index: Int) -> [UInt8]? {
    posts.posts[index].picture.map { posts.pictures[$0].identity }
  }
  /// The teacher's vectors of the post; nil if it has none.
  func teacher(of index: Int) -> TeacherVectors? {
    taught[index].flatMap { teacher?.vectors(at: $0, streams: posts.streams) }
  }
  /// The number of posts whose texts and picture also occur in another set.
  package func shared(with other: TrainingSet) -> Int {
    let seen = Set((0..<other.count).map(other.content))
    return (0..<count).count { seen.contains(content($0)) }
  }
  /// The number of posts whose text a post of another set has.
  package func sharingTexts(with other: TrainingSet) -> Int {
    let seen = Set((0..<other.count).compactMap(other.textIdentity))
    return (0..<count).count { textIdentity(of: $0).map(seen.contains) ?? false }
  }
  /// The number of posts whose picture file a post of another set has.
  package func sharingPictures(with other: TrainingSet) -> Int {
    let seen = Set((0..<other.count).compactMap(other.pictureIdentity))
    return (0..<count).count { pictureIdentity(of: $0).map(seen.contains) ?? false }
  }
  /// The number of posts without a text.
  package var withoutText: Int { (0..<count).count { textIdentity(of: $0) == nil } }
  private func content(_ index: Int) -> [[Int32]] {
    let words = words(of: index)
    return [words.text, words.knowledge ?? [], (pictureIdentity(of: index) ?? []).map(Int32.init)]
      + words.features.map { ($0?.values ?? []).map { Int32(bitPattern: $0.bitPattern) } }
  }
  /// The number of pieces of the post's text and knowledge together: its cost in a batch, apart from the picture.
  package func tokens(of index: Int) -> Int {
    posts.posts[index].words.text.count + (posts.posts[index].words.knowledge?.count ?? 0)
  }

  /// An example, whose picture is converted again; safe on any thread.
  ///
  /// - Parameters:
  ///   - index: from 0 to ``count``.
  ///   - pictured: false hides the picture, as if the post had none.
  /// - Returns: the example; `pictureIdentity` is the hash of the picture's file.
  package subscript(index: Int, pictured pictured: Bool = true) -> Example {
    let post = posts.posts[index], picture = pictured ? post.picture.map { posts.pictures[$0] } : nil
    var inputs = post.words
    inputs.pixels = picture.map { posts.reader.numbers(of: $0.samples) }
    inputs.pictureIdentity = picture?.identity
    return Example(
      inputs: inputs, label: places[index], distribution: distributions[index], teacher: teacher(of: index))
  }
}

/// A post for training.
package struct Example: Sendable {
  package var inputs: PostInputs
  /// The index of its label among the configuration's names.
  package var label: Int
  /// The probability of each label, if they are learnt instead of the label, which is then the most probable one.
  package var distribution: [Double]?
  /// The targets of its text and picture in the shared space; nil leaves the post out of the alignment loss.
  package var teacher: TeacherVectors?

  /// An example of these parts.
  package init(
    inputs: PostInputs, label: Int, distribution: [Double]? = nil, teacher: TeacherVectors? = nil
  ) {
    (self.inputs, self.label, self.distribution, self.teacher) = (inputs, label, distribution, teacher)
  }
}

/// The teacher's vectors of one post, D numbers each, not necessarily normalised.
package struct TeacherVectors: Sendable, Equatable {
  /// The text's vector.
  package var text: [Float]
  /// The picture's vector.
  package var image: [Float]
  /// The vectors of the model's feature streams, in their order; nil leaves the post out of a stream's alignment loss,
  /// and so does a list that is too short.
  package var features: [[Float]?]

  /// The vectors of one post.
  package init(text: [Float], image: [Float], features: [[Float]?] = []) {
    (self.text, self.image, self.features) = (text, image, features)
  }

  /// The vector of a feature stream, by its index in the model's list.
  func features(in stream: Int) -> [Float]? { features.indices.contains(stream) ? features[stream] : nil }
}

/// A model's labels, in the order of its outputs.
package struct LabelSet: Sendable {
  /// The labels' names, each once.
  package let names: [ByteText]
  private let places: [ByteText: Int]

  /// Labels in a given order.
  ///
  /// - Throws: `labelName` if a name is empty or occurs twice.
  package init(names: [ByteText]) throws(TrainingDataError) {
    var places: [ByteText: Int] = [:]
    for (index, name) in names.enumerated() {
      guard !name.isEmpty, places.updateValue(index, forKey: name) == nil else {
        throw .labelName(name.text, index: index)
      }
    }
    (self.names, self.places) = (names, places)
  }

  /// The labels of the training posts.
  ///
  /// - Parameters:
  ///   - posts: the training posts.
  ///   - names: the labels in the required order, such as those of a model to continue from; without them, the labels
  ///     that occur, or that have probabilities, in bytewise order.
  /// - Throws: `noPosts`, `oneLabel`, and for given names `labelName`, `unknownLabels` and `absentLabels`.
  package init(of posts: TrainingPosts, names: [ByteText]? = nil) throws(TrainingDataError) {
    guard posts.count > 0 else { throw posts.emptyError }
    let counts = posts.labelCounts, soft = posts.softLabels?.labels ?? []
    if let names {
      try self.init(names: names)
      try check(posts)
      let absent = names.filter { name in !counts.contains { $0.label == name } && !soft.contains(name) }
      guard absent.isEmpty else { throw .absentLabels(absent.map(\.text), files: posts.files) }
    } else {
      try self.init(names: Set(counts.map(\.label) + soft).sorted())
    }
    guard self.names.count > 1 else { throw .oneLabel(self.names.first?.text ?? "", files: posts.files) }
  }

  /// The number of labels.
  package var count: Int { names.count }

  /// The index of a label; nil if it is not one of these.
  package subscript(name: ByteText) -> Int? { places[name] }

  /// Whether every label is a bare number, which other copies of a corpus may code otherwise.
  package var areBareNumbers: Bool { names.allSatisfy { Int($0.text) != nil } }

  /// The places of the labels that have probabilities, in their order.
  ///
  /// - Throws: `unknownLabels` if one is not among these.
  func places(of soft: SoftLabels?) throws(TrainingDataError) -> [Int] {
    let labels = soft?.labels ?? [], strange = labels.filter { self[$0] == nil }
    guard strange.isEmpty else {
      throw .unknownSoftLabels(strange.map(\.text), source: soft?.source ?? "", known: names.map(\.text))
    }
    return labels.compactMap { self[$0] }
  }

  /// Throws if some posts have other labels.
  func check(_ posts: TrainingPosts) throws(TrainingDataError) {
    let strange = posts.labelCounts.filter { self[$0.label] == nil }
    guard strange.isEmpty else { throw .unknownLabels(strange, known: names.map(\.text)) }
  }
}

/// The order of an epoch's posts, and which pictures are hidden; always the same for one seed and epoch.
package struct EpochOrder {
  /// The posts' numbers.
  package let posts: [Int]
  /// Whether the picture of the post at the same place is hidden.
  package let isHidden: [Bool]

  /// `epoch` counts from 0.
  package init(epoch: Int, posts count: Int, seed: UInt64, pictureDropout: Double) {
    var random = SeededGenerator(seed: seed &+ UInt64(epoch) &* 0xd1b5_4a32_d192_ed03)
    posts = random.shuffled(0..<count)
    isHidden = posts.map { _ in pictureDropout > 0 && random.unit() < pictureDropout }
  }
}
