/// A picture as the image encoder wants it: resized and cut to a square, samples shifted and scaled by channel.
///
/// `(x / 255 − mean) / std` in single precision in that order, as the reference computes it; a sample has 256 values, so
/// the formula is a table.
public struct PicturePreprocessing: Sendable {
  /// The square's side in pixels.
  public let size: Int
  /// How a picture comes to the square.
  public let fit: PictureFit
  /// Means of red, green and blue, of samples from 0 to 1.
  public let mean: [Float]
  /// Standard deviations of red, green and blue.
  public let std: [Float]

  private let resampler = PictureResampler()
  /// The result for each sample value: 256 for red, 256 for green, 256 for blue.
  private let table: [Float]

  /// Sets up the preprocessing of a model; `fit` is nil for pictures squashed to the square, bilinearly.
  ///
  /// - Throws: where `size`, or the side that `fit` names and which must not be less, is not from 1 to
  ///   ``PictureLimits/side``, or `mean` and `std` are not three finite numbers, none of `std` zero.
  public init(
    size: Int, mean: [Float], std: [Float], fit: PictureFit? = nil
  ) throws(PicturePreprocessingError) {
    let fit = fit ?? PictureFit(sides: .squashed(size), filter: .bilinear)
    guard (1...PictureLimits.side).contains(size) else { throw .size(size) }
    guard (size...PictureLimits.side).contains(fit.side) else { throw .size(fit.side) }
    self.fit = fit
    guard mean.count == 3, mean.allSatisfy(\.isFinite) else { throw .mean(mean) }
    guard std.count == 3, std.allSatisfy({ $0.isFinite && $0 != 0 }) else { throw .std(std) }
    self.size = size
    self.mean = mean
    self.std = std
    self.table = zip(mean, std).flatMap { mean, std in (0..<256).map { (Float($0) / 255 - mean) / std } }
  }

  /// The numbers of a picture file, decoded as asked for.
  ///
  /// - Throws: a fault with the file's path where it cannot be decoded.
  public func callAsFunction(
    _ file: PictureFile, _ decoding: PictureDecoding, limits: PictureLimits
  ) throws(PictureFault) -> [Float] {
    numbers(of: try square(file, decoding, limits: limits).pixels)
  }

  /// The picture as `3 × size × size` numbers: the red plane, row by row, then green, then blue.
  public func callAsFunction(_ picture: Picture) -> [Float] { numbers(of: square(picture).pixels) }

  /// A picture file fit to the square, still in bytes: a fourth of the memory of its numbers.
  ///
  /// - Throws: a fault with the file's path where it cannot be decoded.
  public func square(
    _ file: PictureFile, _ decoding: PictureDecoding, limits: PictureLimits
  ) throws(PictureFault) -> Picture {
    square(try decoded(file, decoding, limits: limits))
  }

  /// A picture file's pixels before they are fit: all of them, or with `scaled` decoding as many as the square needs.
  ///
  /// - Throws: a fault with the file's path where it cannot be decoded.
  public func decoded(
    _ file: PictureFile, _ decoding: PictureDecoding, limits: PictureLimits
  ) throws(PictureFault) -> Picture {
    try file.decoded(limits: limits, least: decoding.least(for: fit.side))
  }

  /// The picture fit to the square, still in bytes.
  public func square(_ picture: Picture) -> Picture {
    let (width, height) = fit.size(of: picture), (left, top) = ((width - size) / 2, (height - size) / 2)
    return resampler.resize(
      picture, width: width, height: height, columns: left..<left + size, rows: top..<top + size, filter: fit.filter)
  }

  /// The numbers of a square's samples, in the order of ``callAsFunction(_:)``.
  ///
  /// - Precondition: the samples are those of ``square(_:)``.
  public func numbers(of samples: [UInt8]) -> [Float] {
    let plane = size * size
    precondition(samples.count == 3 * plane, "A square has three samples a pixel.")
    return [Float](unsafeUninitializedCapacity: 3 * plane) { planes, count in
      samples.withUnsafeBufferPointer { samples in
        table.withUnsafeBufferPointer { table in
          for i in 0..<plane {
            for channel in 0..<3 {
              planes[channel * plane + i] = table[channel << 8 | Int(samples[3 * i + channel])]
            }
          }
        }
      }
      count = 3 * plane
    }
  }
}

/// Why a model's picture settings cannot be used.
public enum PicturePreprocessingError: Error, Equatable, Sendable {
  /// The side of the square.
  case size(Int)
  /// The means of the channels.
  case mean([Float])
  /// The standard deviations of the channels.
  case std([Float])
}

extension PicturePreprocessingError: CustomStringConvertible {
  /// What is wrong and what mends it, in one line.
  public var description: String {
    switch self {
    case .size(let size):
      "pictures of \(size) × \(size) pixels; the model's config.json must give a side from 1 to \(PictureLimits.side)"
    case .mean(let mean):
      "means \(mean) of the picture channels; the model's config.json must give three finite numbers"
    case .std(let std):
      "deviations \(std) of the picture channels; the model's config.json must give three finite numbers, none zero"
    }
  }
}
