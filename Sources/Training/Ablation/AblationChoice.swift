import Bytes
package import Models

/// A setting that a grid can vary; the raw value is its name in flags and plans.
package enum AblationKey: String, Sendable, CaseIterable {
  /// The weight of the alignment losses.
  case alpha
  /// The weight of the classification loss.
  case beta
  /// The divisor of the alignment's cosines.
  case temperature
  /// The number of fusion layers.
  case fusionLayers = "fusion-layers"
  /// How the streams are combined into one vector.
  case aggregation
  /// How the text's tokens are pooled into one vector.
  case pooling
  /// Whether the model reads knowledge.
  case knowledge
  /// The highest learning rate.
  case rate
  /// The dropout probability.
  case dropout
  /// The frozen encoders.
  case freeze
  /// Whether the lexicon biases attention.
  case lexicon
  /// The share of posts whose picture is hidden.
  case pictureDropout = "picture-dropout"

  /// Whether it changes the model itself, which is not possible when training continues from a model.
  package var changesModel: Bool {
    switch self {
    case .fusionLayers, .aggregation, .pooling, .knowledge: true
    case .alpha, .beta, .temperature, .rate, .dropout, .freeze, .lexicon, .pictureDropout: false
    }
  }
}

/// One value of one key of a grid.
package enum AblationChoice: Sendable, Equatable {
  /// The weight of the alignment losses.
  case alpha(Double)
  /// The weight of the classification loss.
  case beta(Double)
  /// The divisor of the alignment's cosines.
  case temperature(Double)
  /// The number of fusion layers.
  case fusionLayers(Int)
  /// How the streams are combined into one vector.
  case aggregation(Aggregation)
  /// How the text's tokens are pooled into one vector.
  case pooling(Pooling)
  /// Whether the model reads knowledge.
  case knowledge(Bool)
  /// The highest learning rate.
  case rate(Double)
  /// The dropout probability.
  case dropout(Double)
  /// The frozen encoders.
  case freeze([EncoderKind])
  /// Whether the lexicon biases attention.
  case lexicon(Bool)
  /// The share of posts whose picture is hidden.
  case pictureDropout(Double)

  private static let layers = 0...64

  /// Parses a value as written in a flag or a plan.
  ///
  /// - Throws: `badValue` with the values that the key accepts.
  package init(_ key: AblationKey, _ text: String) throws(AblationError) {
    func number() throws(AblationError) -> Double {
      guard let number = Double(text), number.isFinite, number >= 0 else {
        throw .badValue(key: key.rawValue, value: text, takes: "numbers from 0")
      }
      // Avoids -0, which has another name.
      return number == 0 ? 0 : number
    }
    func named<Value>(_ values: [(String, Value)]) throws(AblationError) -> Value {
      guard let value = values.first(where: { $0.0 == text }) else {
        throw .badValue(key: key.rawValue, value: text, takes: values.map(\.0).joined(separator: ", "))
      }
      return value.1
    }
    switch key {
    case .alpha: self = .alpha(try number())
    case .beta: self = .beta(try number())
    case .temperature: self = .temperature(try number())
    case .fusionLayers:
      guard let count = Int(text), Self.layers.contains(count) else {
        throw .badValue(
          key: key.rawValue, value: text,
          takes: "whole numbers from \(Self.layers.lowerBound) to \(Self.layers.upperBound)")
      }
      self = .fusionLayers(count)
    case .aggregation: self = .aggregation(try named(Aggregation.allCases.map { ($0.rawValue, $0) }))
    case .pooling: self = .pooling(try named(Pooling.allCases.map { ($0.rawValue, $0) }))
    case .knowledge: self = .knowledge(try named(Self.switches))
    case .rate: self = .rate(try number())
    case .dropout: self = .dropout(try number())
    case .freeze: self = .freeze(try named(Self.encoders))
    case .lexicon: self = .lexicon(try named(Self.switches))
    case .pictureDropout: self = .pictureDropout(try number())
    }
  }

  /// The setting that the value belongs to.
  package var key: AblationKey {
    switch self {
    case .alpha: .alpha
    case .beta: .beta
    case .temperature: .temperature
    case .fusionLayers: .fusionLayers
    case .aggregation: .aggregation
    case .pooling: .pooling
    case .knowledge: .knowledge
    case .rate: .rate
    case .dropout: .dropout
    case .freeze: .freeze
    case .lexicon: .lexicon
    case .pictureDropout: .pictureDropout
    }
  }

  /// The value in names: a unique spelling with letters, digits, dots and hyphens.
  package var value: String {
    switch self {
    case .alpha(let number), .beta(let number), .temperature(let number), .rate(let number), .dropout(let number),
      .pictureDropout(let number):
      Self.words(number)
    case .fusionLayers(let count): "\(count)"
    case .aggregation(let aggregation): aggregation.rawValue
    case .pooling(let pooling): pooling.rawValue
    case .knowledge(let isOn), .lexicon(let isOn): isOn ? "on" : "off"
    case .freeze(let encoders): Self.encoders.first { $0.1 == encoders }?.0 ?? "none"
    }
  }

  /// `alpha=0`.
  package var name: String { "\(key.rawValue)=\(value)" }

  private static let switches = [("off", false), ("on", true)]
  private static let encoders: [(String, [EncoderKind])] = [
    ("none", []), ("text", [.text]), ("image", [.image]), ("both", [.text, .image]),
  ]

  /// The shortest text for the number, without a decimal point if it is whole.
  private static func words(_ number: Double) -> String {
    let text = "\(number)"
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }
}
