import Bytes

/// Two classifiers' labels for the same posts, beside the truth.
public struct PairedPredictions: Equatable, Sendable {
  /// The first classifier's labels against the truth.
  public private(set) var first: ConfusionMatrix
  /// The second classifier's.
  public private(set) var second: ConfusionMatrix
  /// The posts that got two different labels.
  public private(set) var changed = 0
  private var firstOnly = 0
  private var secondOnly = 0

  /// Starts at nothing, for classifiers of these labels.
  public init(labels: [String]) {
    first = ConfusionMatrix(labels: labels)
    second = first
  }

  /// Counts a post; labels are compared by their bytes.
  public mutating func add(truth: String, first one: String, second other: String) {
    guard first.add(truth: truth, predicted: one), second.add(truth: truth, predicted: other) else {
      preconditionFailure("both predict labels of the model")
    }
    if one.hasSameBytes(as: other) { return }
    changed += 1
    if one.hasSameBytes(as: truth) { firstOnly += 1 }
    if other.hasSameBytes(as: truth) { secondOnly += 1 }
  }

  /// The posts.
  public var total: Int { first.total }

  /// Whether both err equally often.
  public var mcNemar: McNemar { McNemar(firstOnly: firstOnly, secondOnly: secondOnly) }
}
