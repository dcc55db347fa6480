public import Models

/// A post to learn from.
public struct Example: Sendable {
  /// What the model reads of it.
  public var inputs: PostInputs
  /// Its label's place among the configuration's names.
  public var label: Int
  /// Where its text and its picture should lie in the shared space; nil leaves the post out of the alignment loss.
  public var teacher: TeacherVectors?

  /// An example of these parts.
  public init(inputs: PostInputs, label: Int, teacher: TeacherVectors? = nil) {
    (self.inputs, self.label, self.teacher) = (inputs, label, teacher)
  }
}

/// What the teacher makes of a post: D numbers each, of any length.
public struct TeacherVectors: Sendable, Equatable {
  /// The text's vector.
  public var text: [Float]
  /// The picture's vector.
  public var image: [Float]
  /// The vectors of the model's streams of features, in their order; nil leaves the post out of a stream's alignment
  /// loss, and so does a list that ends before it.
  public var features: [[Float]?]

  /// The vectors of one post.
  public init(text: [Float], image: [Float], features: [[Float]?] = []) {
    (self.text, self.image, self.features) = (text, image, features)
  }

  /// The vector of a stream of features, by its place in the model's list.
  func features(in stream: Int) -> [Float]? { features.indices.contains(stream) ? features[stream] : nil }
}
