/// What a grid's settings may differ by; the raw value is what people write.
public enum AblationKey: String, Sendable, CaseIterable {
  /// The weight of the alignment losses.
  case alpha
  /// The weight of the classification loss.
  case beta
  /// What the alignment's cosines are divided by.
  case temperature
  /// How many fusion layers.
  case fusionLayers = "fusion-layers"
  /// How the streams become one vector.
  case aggregation
  /// How the text's tokens become one vector.
  case pooling
  /// Whether there is a third stream.
  case knowledge
  /// The highest learning rate.
  case rate
  /// The share of numbers dropped.
  case dropout
  /// The encoders that stay as they are.
  case freeze
  /// Whether the lexicon biases attention.
  case lexicon
  /// The share of posts whose picture is hidden.
  case pictureDropout = "picture-dropout"

  /// Whether it makes another model, which one to train on does not allow.
  public var changesModel: Bool {
    switch self {
    case .fusionLayers, .aggregation, .pooling, .knowledge: true
    case .alpha, .beta, .temperature, .rate, .dropout, .freeze, .lexicon, .pictureDropout: false
    }
  }
}
