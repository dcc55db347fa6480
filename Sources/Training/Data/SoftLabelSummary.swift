internal import Bytes
internal import Glibc

/// What a run learns from probabilities of labels, in numbers.
package struct SoftLabelSummary: Sendable, Equatable {
  /// Where the probabilities come from.
  package var source: String
  /// The number of posts to learn from.
  package var posts: Int
  /// The number of posts to validate with that have probabilities instead of a label of their own.
  package var validationPosts: Int
  /// The mean entropy of the probabilities that are learnt, in nats: the loss cannot fall below it.
  package var entropy: Double

  /// The summary of a run's posts; nil if it learns labels.
  init?(_ training: TrainingSet, _ validation: TrainingSet) {
    guard let soft = training.posts.softLabels else { return nil }
    let learnt = (0..<training.count).compactMap(training.distribution)
    let judged = (0..<validation.count).count { validation.distribution(of: $0) != nil }
    let sum = learnt.reduce(0) { $0 + $1.reduce(0) { $1 > 0 ? $0 - $1 * log($1) : $0 } }
    self.init(
      source: soft.source, posts: learnt.count, validationPosts: judged, entropy: sum / Double(max(learnt.count, 1)))
  }

  private init(source: String, posts: Int, validationPosts: Int, entropy: Double) {
    (self.source, self.posts, self.validationPosts, self.entropy) = (source, posts, validationPosts, entropy)
  }

  /// Remarks on the posts of a run; none if it learns labels.
  static func notices(_ training: TrainingSet, _ validation: TrainingSet) -> [String] {
    guard let summary = Self(training, validation) else { return [] }
    let posts = training.posts.posts, normalized = posts.count { $0.distribution?.wasNormalized == true }
    let own = posts.compactMap(\.agrees), agreeing = own.count { $0 }
    var notices = [
      "the labels are probabilities from \(summary.source), with a mean entropy of \(decimal(summary.entropy)) of at most "
        + "\(decimal(log(Double(training.labels.count)))); numbers of posts, class weights, accuracy and F1 go by the "
        + "most probable label"
    ]
    if summary.entropy == 0 {
      notices[0] = "the labels are those of \(summary.source), without probabilities, so each is learnt as certain"
    }
    if normalized > 0 {
      notices.append(
        "the numbers of \(normalized) \(normalized == 1 ? "post" : "posts") did not add up to 1, and were divided by their "
          + "sum")
    }
    if !own.isEmpty {
      notices.append(
        "\(own.count) \(own.count == 1 ? "post" : "posts") to learn from also \(own.count == 1 ? "has" : "have") a label "
          + "in the corpus, which is not learnt; it is the most probable one in \(agreeing) of \(own.count)")
    }
    if summary.validationPosts == validation.count {
      notices.append(
        "no post to validate with has a label of its own, so accuracy and F1 say how well the model repeats "
          + "\(summary.source), not how often it is right")
    } else if summary.validationPosts > 0 {
      notices.append(
        "\(summary.validationPosts) of \(validation.count) posts to validate with have no label of their own; their most "
          + "probable label counts")
    }
    return notices
  }

  private static func decimal(_ value: Double) -> String {
    let hundredths = Int((value * 100).rounded())
    return "\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100)"
  }

  /// The line of a model's card.
  var card: String {
    "Labels: probabilities from \(source); mean entropy \(Self.decimal(entropy)). The numbers of posts above, class "
      + "weights, accuracy and F1 go by the most probable label. \(validationPosts) of the posts for choosing the epoch "
      + "have probabilities instead of a label."
  }
}

extension SoftLabelSummary {
  var json: JSON {
    .members([
      ("source", .string(source)), ("posts", .integer(posts)), ("validationPosts", .integer(validationPosts)),
      ("entropy", .real(entropy)),
    ])
  }

  init?(_ json: JSON) {
    guard let source = json["source"]?.asString, let posts = json["posts"]?.asInteger,
      let validationPosts = json["validationPosts"]?.asInteger, let entropy = json["entropy"]?.asNumber
    else { return nil }
    self.init(source: source, posts: posts, validationPosts: validationPosts, entropy: entropy)
  }
}
