/// Where each sequence lies among tokens that are packed one sequence after another, without padding.
public struct RowSpans: Sendable, Equatable {
  /// The first token of each sequence, and the number of all tokens at the end.
  private let starts: [Int]

  /// Sequences of these lengths, in this order.
  public init(lengths: some Sequence<Int>) {
    var starts = [0], end = 0
    for length in lengths {
      precondition(length >= 0, "a sequence has no negative length")
      end += length
      starts.append(end)
    }
    self.starts = starts
  }

  /// How many sequences there are.
  public var count: Int { starts.count - 1 }

  /// How many tokens they have together.
  public var tokens: Int { starts[starts.count - 1] }

  /// The tokens of sequence `index`.
  public subscript(index: Int) -> Range<Int> { starts[index]..<starts[index + 1] }

  /// The sequences in `range`, counted from their own first token.
  public subscript(range: Range<Int>) -> RowSpans { RowSpans(lengths: range.map { self[$0].count }) }

  /// The tokens of the sequences in `range`.
  public func tokens(of range: Range<Int>) -> Range<Int> {
    starts[range.lowerBound]..<starts[range.upperBound]
  }
}
