import Synchronization

/// Resizes pictures as Pillow 12.0 does with `resize((width, height), BILINEAR)` or `BICUBIC`, byte for byte.
///
/// Rows are resized first and rounded to 8 bits, then columns; a direction whose size does not change is skipped. Here
/// both are done in one pass over the rows that matter: a resized row is added to the sums of the output rows that it
/// affects (two or three if the picture shrinks), so memory depends only on the result, whatever the picture's height.
package struct PictureResampler: Sendable {
  private let kernels = ResampleKernelCache()

  /// Creates a resampler. Copies share their tables; it may be used by several threads at once.
  package init() {}

  /// The picture at another size, not necessarily with the same proportions.
  ///
  /// O(input pixels + output pixels) time, 12 bytes an output pixel of memory in addition to the result.
  ///
  /// - Precondition: `width` and `height` are positive.
  package func resize(_ picture: Picture, width: Int, height: Int, filter: ResampleFilter = .bilinear) -> Picture {
    resize(picture, width: width, height: height, columns: 0..<width, rows: 0..<height, filter: filter)
  }

  /// A part of the picture at another size: some of its columns and rows, with the same bytes as in the whole.
  ///
  /// Time and memory depend only on the part.
  ///
  /// - Precondition: `width` and `height` are positive, `columns` and `rows` within them and not empty.
  package func resize(
    _ picture: Picture, width: Int, height: Int, columns part: Range<Int>, rows lines: Range<Int>,
    filter: ResampleFilter
  ) -> Picture {
    precondition(!part.isEmpty && !lines.isEmpty, "A picture has at least one pixel.")
    precondition(part.lowerBound >= 0 && part.upperBound <= width, "The part is of the picture.")
    precondition(lines.lowerBound >= 0 && lines.upperBound <= height, "The part is of the picture.")
    let keepsColumns = width == picture.width && part.count == width
    let keepsRows = height == picture.height && lines.count == height
    if keepsColumns && keepsRows { return picture }
    let columns =
      keepsColumns ? nil : kernels.kernel(input: picture.width, output: width, made: part, filter: filter)
    let rows = keepsRows ? nil : kernels.kernel(input: picture.height, output: height, made: lines, filter: filter)
    let (width, height) = (part.count, lines.count)
    let pixels = [UInt8](unsafeUninitializedCapacity: 3 * width * height) { result, count in
      picture.pixels.withUnsafeBufferPointer { source in
        let walk = RowResampler(source: source, stride: 3 * picture.width, columns: columns, width: width)
        if let rows {
          walk.resizeRows(by: rows, into: result)
        } else {
          for y in 0..<height {
            walk.row(
              y, into: UnsafeMutableBufferPointer(rebasing: result[3 * width * y..<3 * width * (y + 1)]))
          }
        }
      }
      count = 3 * width * height
    }
    return Picture(width: width, height: height, pixels: pixels)
  }
}

/// A picture's rows, each resized on request.
private struct RowResampler {
  /// The picture's samples.
  let source: UnsafeBufferPointer<UInt8>
  /// Samples of a source row.
  let stride: Int
  /// The kernel along a row; `nil` if the width stays.
  let columns: ResampleKernel?
  /// Pixels of a resized row.
  let width: Int

  /// Writes source row `y`, resized, to `row`, which has `3 × width` samples.
  func row(_ y: Int, into row: UnsafeMutableBufferPointer<UInt8>) {
    let from = UnsafeBufferPointer(rebasing: source[stride * y..<stride * (y + 1)])
    if let columns {
      resizeRow(from, by: columns, into: row)
    } else {
      _ = row.update(from: from)
    }
  }

  /// Resizes the columns of the resized rows: `result` has `rows.output × width × 3` samples.
  func resizeRows(by rows: ResampleKernel, into result: UnsafeMutableBufferPointer<UInt8>) {
    let samples = 3 * width
    withUnsafeTemporaryAllocation(of: Int32.self, capacity: samples * rows.output) { sums in
      sums.initialize(repeating: half)
      withUnsafeTemporaryAllocation(of: UInt8.self, capacity: samples) { row in
        row.initialize(repeating: 0)
        // Windows only move down, and so does the first output that still waits for rows.
        var first = 0
        for y in rows.starts[0]..<rows.end(of: rows.output - 1) {
          while rows.end(of: first) <= y { first += 1 }
          self.row(y, into: row)
          var o = first
          while o < rows.output && rows.starts[o] <= y {
            let sum = UnsafeMutableBufferPointer(rebasing: sums[samples * o..<samples * (o + 1)])
            add(row, times: rows.weights[rows.offsets[o] + y - rows.starts[o]], to: sum)
            o += 1
          }
        }
      }
      for i in 0..<samples * rows.output { result[i] = clipped(sums[i]) }
    }
  }
}

/// One half at the position where sums are cut off, so that cutting rounds.
private let half: Int32 = 1 << (ResampleKernel.fractionBits - 1)

/// A sum as a sample.
@inline(__always)
private func clipped(_ sum: Int32) -> UInt8 {
  UInt8(truncatingIfNeeded: min(max(sum >> ResampleKernel.fractionBits, 0), 255))
}

/// `sum += row · weight`. The weights of an output sum to 2²² and samples are bytes, so the sum fits 32 bits.
@inline(__always)
private func add(
  _ row: UnsafeMutableBufferPointer<UInt8>, times weight: Int32, to sum: UnsafeMutableBufferPointer<Int32>
) {
  let count = row.count
  guard let row = row.baseAddress, let sum = sum.baseAddress else { return }
  for i in 0..<count { sum[i] &+= Int32(row[i]) &* weight }
}

/// Resizes one row: `from` has `3 × kernel.input` samples, `to` `3 × kernel.output`.
private func resizeRow(
  _ from: UnsafeBufferPointer<UInt8>, by kernel: ResampleKernel, into to: UnsafeMutableBufferPointer<UInt8>
) {
  kernel.weights.withUnsafeBufferPointer { weights in
    guard let from = from.baseAddress, let to = to.baseAddress, let weights = weights.baseAddress else {
      return
    }
    for o in 0..<kernel.output {
      var pixel = from + 3 * kernel.starts[o]
      var (red, green, blue) = (half, half, half)
      for w in kernel.offsets[o]..<kernel.offsets[o + 1] {
        let weight = weights[w]
        red &+= Int32(pixel[0]) &* weight
        green &+= Int32(pixel[1]) &* weight
        blue &+= Int32(pixel[2]) &* weight
        pixel += 3
      }
      to[3 * o] = clipped(red)
      to[3 * o + 1] = clipped(green)
      to[3 * o + 2] = clipped(blue)
    }
  }
}

/// The weights for resizing along one axis: a filter whose width is its support times the step, which is the distance
/// between two outputs if the axis shrinks and between two inputs if it grows.
///
/// The numbers are those of Pillow 12.0: with `scale = input / output`, `step = max(scale, 1)` and `support` that of the
/// filter times `step`, output `o` is centred at `c = (o + ½)·scale`, takes the inputs from `⌊c − support + ½⌋` to
/// `⌊c + support + ½⌋` exclusive that exist, and weighs input `i` by the filter at `(i − c + ½) / step`, normalised to a sum of
/// 1 in double precision, then rounded to `fractionBits` binary places.
struct ResampleKernel: Sendable {
  /// Binary places of a weight: 8 bits of a sample and two bits of headroom leave 22 of 32.
  static let fractionBits: Int32 = 32 - 8 - 2

  /// Inputs along the axis.
  let input: Int
  /// Outputs along the axis that are made.
  let output: Int
  /// The first input of each output.
  let starts: [Int]
  /// The position of each output's weights in `weights`; one entry more than there are outputs.
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

/// A cache of kernels: the pictures of a corpus share a few sizes.
///
/// Holds at most `capacity` bytes; when it is full, everything is dropped.
final class ResampleKernelCache: Sendable {
  private struct Key: Hashable {
    let input: Int
    let output: Int
    let made: Range<Int>
    let filter: ResampleFilter
  }
  private struct State {
    var kernels: [Key: ResampleKernel] = [:]
    var bytes = 0
  }

  private let capacity: Int
  private let state = Mutex(State())

  init(capacity: Int = 8 << 20) {
    self.capacity = capacity
  }

  /// The kernel of two counts for some of the outputs, computed unless it is cached. Computing holds no lock.
  func kernel(input: Int, output: Int, made: Range<Int>, filter: ResampleFilter) -> ResampleKernel {
    let key = Key(input: input, output: output, made: made, filter: filter)
    if let known = state.withLock({ $0.kernels[key] }) { return known }
    let kernel = ResampleKernel(input: input, output: output, made: made, filter: filter)
    state.withLock {
      if $0.bytes + kernel.bytes > capacity { $0 = State() }
      if kernel.bytes <= capacity, $0.kernels.updateValue(kernel, forKey: key) == nil {
        $0.bytes += kernel.bytes
      }
    }
    return kernel
  }
}
