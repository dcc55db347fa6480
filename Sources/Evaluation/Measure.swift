/// A number about some posts, with what it is about and how sure it is.
public struct Measure: Equatable, Sendable {
  /// Its name for machines, such as `macro_f1`.
  public var name: String
  /// The label it is about; empty where it is about all.
  public var label: String
  /// The posts it is about: `all`, `both_sides`, `without_picture`, `column=value`, `against RUN`.
  public var slice: String
  /// The value, and how many ratios under it were 0/0.
  public var score: Score
  /// Where 95 % of the draws lie; nil where there is no such interval, or the draws do not change the value.
  public var interval: MatrixBootstrap.Interval?
  /// How many posts are under it.
  public var count: Int

  /// A measure.
  public init(
    name: String, label: String = "", slice: String, score: Score, interval: MatrixBootstrap.Interval? = nil, count: Int
  ) {
    (self.name, self.label, self.slice) = (name, label, slice)
    (self.score, self.interval, self.count) = (score, interval, count)
  }
}

/// How intervals are drawn.
public struct Resampling: Equatable, Sendable {
  /// How often posts are drawn anew; 0 for no intervals.
  public var draws: Int
  /// What all chance begins with.
  public var seed: UInt64

  /// The usual thousand draws.
  public init(draws: Int = 1000, seed: UInt64 = 2022) { (self.draws, self.seed) = (draws, seed) }
}
