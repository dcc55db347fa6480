import Bytes
import Evaluation

extension Estimate {
  /// The number, its interval and its posts, as a run's history has them.
  var recordJSON: JSON {
    .members([("value", .real(value)), ("low", .real(low)), ("high", .real(high)), ("posts", .integer(count))])
  }

  init?(record json: JSON) {
    guard let value = json["value"]?.asNumber, let low = json["low"]?.asNumber, let high = json["high"]?.asNumber,
      let posts = json["posts"]?.asInteger
    else { return nil }
    self.init(value: value, low: low, high: high, count: posts)
  }
}

extension SpaceGeometry.Side {
  /// The measures, as a run's history has them.
  var recordJSON: JSON {
    .members([
      ("vectors", .integer(count)), ("dimensions", .integer(dimensions)), ("meanCosine", .real(meanCosine)),
      ("effectiveRank", .real(effectiveRank)), ("uniformity", .real(uniformity)),
    ])
  }

  init?(record json: JSON) {
    guard let count = json["vectors"]?.asInteger, let dimensions = json["dimensions"]?.asInteger,
      let meanCosine = json["meanCosine"]?.asNumber, let effectiveRank = json["effectiveRank"]?.asNumber,
      let uniformity = json["uniformity"]?.asNumber
    else { return nil }
    self.init(
      count: count, dimensions: dimensions, meanCosine: meanCosine, effectiveRank: effectiveRank,
      uniformity: uniformity)
  }
}
