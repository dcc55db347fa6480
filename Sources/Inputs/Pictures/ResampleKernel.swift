/// The weights by which samples along one axis become fewer or more: a filter as wide as the step between two outputs
/// where the axis shrinks, as that between two inputs where it grows, times the filter's own support.
///
/// The numbers are those of Pillow 12.0: with `scale = input / output`, `step = max(scale, 1)` and `support` that of the
/// filter times `step`, output `o` is centred at `c = (o + ½)·scale`, takes the inputs from `⌊c − support + ½⌋` to
/// `⌊c + support + ½⌋` exclusive that exist, and weighs input `i` by the filter at `(i − c + ½) / step`, normalised to a sum of
/// 1 in double precision, then rounded to `fractionBits` binary places.
struct ResampleKernel: Sendable {
  /// Binary places of a weight: 8 bits of a sample and two of head room leave 22 of 32.
  static let fractionBits: Int32 = 32 - 8 - 2

  /// Inputs along the axis.
  let input: Int
  /// Outputs along the axis that are made.
  let output: Int
  /// First input of each output.
  let starts: [Int]
  /// Where each output's weights start in `weights`; one entry more than there are outputs.
  let offsets: [Int]
  /// The weights of the first output, then of the next; about `2·max(input, output)` in all.
  let weights: [Int32]

  /// Computes the weights; both counts are positive. `made`: the outputs to make, nil for all.
  init(input: Int, output: Int, made: Range<Int>? = nil, filter: ResampleFilter = .bilinear) {
    let made = made ?? 0..<output
    var starts: [Int] = []
    var offsets = [0]
    var weights: [Int32] = []
    let scale = Double(input) / Double(output)
    let step = max(scale, 1)
    let support = filter.support * step
    let narrowing = 1 / step
    var window: [Double] = []
    for o in made {
      let centre = (Double(o) + 0.5) * scale
      let start = max(0, Int(centre - support + 0.5))
      let end = min(input, Int(centre + support + 0.5))
      window.removeAll(keepingCapacity: true)
      var sum = 0.0
      for i in start..<end {
        let weight = filter.weight((Double(i) - centre + 0.5) * narrowing)
        window.append(weight)
        sum += weight
      }
      starts.append(start)
      for weight in window {
        let share = sum == 0 ? weight : weight / sum
        weights.append(Int32((share < 0 ? -0.5 : 0.5) + share * Double(1 << Self.fractionBits)))
      }
      offsets.append(weights.count)
    }
    self.input = input
    self.output = made.count
    self.starts = starts
    self.offsets = offsets
    self.weights = weights
  }

  /// Past the last input of an output.
  func end(of o: Int) -> Int { starts[o] + offsets[o + 1] - offsets[o] }

  /// Memory the tables take.
  var bytes: Int { weights.count * 4 + (starts.count + offsets.count) * 8 }
}
