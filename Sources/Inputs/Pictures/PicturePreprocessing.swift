/// The preprocessing of a picture for the image encoder: resizing and cropping to a square, shifting and scaling
/// samples by channel.
///
/// `(x / 255 − mean) / std` in single precision in this order, as in the reference; a sample has only 256 values, so
/// the formula is a table.
package struct PicturePreprocessing: Sendable {
  /// The square's side in pixels.
  package let size: Int
  /// How a picture is fitted to the square.
  package let fit: PictureFit
  /// Whether pictures are turned upright first.
  package let orientation: OrientationPolicy
  /// Means of red, green and blue, of samples from 0 to 1.
  package let mean: [Float]
  /// Standard deviations of red, green and blue.
  package let std: [Float]

  private let resampler = PictureResampler()
  /// The result for each sample value: 256 for red, 256 for green, 256 for blue.
  private let table: [Float]

  /// Sets up the preprocessing of a model; `fit` is nil to squash pictures to the square bilinearly, and `orientation` is
  /// nil to ignore it.
  ///
  /// - Throws: if `size`, or the side that `fit` names and which must not be less, is not from 1 to
  ///   ``PictureLimits/side``, or `mean` and `std` are not three finite numbers, none of `std` zero.
  package init(
    size: Int, mean: [Float], std: [Float], fit: PictureFit? = nil, orientation: OrientationPolicy = .ignore
  ) throws(PicturePreprocessingError) {
    let fit = fit ?? PictureFit(sides: .squashed(size), filter: .bilinear)
    guard (1...PictureLimits.side).contains(size) else { throw .size(size) }
    guard (size...PictureLimits.side).contains(fit.side) else { throw .size(fit.side) }
    self.fit = fit
    guard mean.count == 3, mean.allSatisfy(\.isFinite) else { throw .mean(mean) }
    guard std.count == 3, std.allSatisfy({ $0.isFinite && $0 != 0 }) else { throw .std(std) }
    (self.size, self.orientation) = (size, orientation)
    self.mean = mean
    self.std = std
    self.table = zip(mean, std).flatMap { mean, std in (0..<256).map { (Float($0) / 255 - mean) / std } }
  }

  /// The numbers of a picture file, decoded as requested.
  ///
  /// - Throws: a fault with the file's path if it cannot be decoded.
  package func callAsFunction(
    _ file: PictureFile, _ decoding: PictureDecoding, limits: PictureLimits
  ) throws(PictureFileError) -> [Float] {
    numbers(of: try square(file, decoding, limits: limits).pixels)
  }

  /// The picture as `3 × size × size` numbers: the red plane, row by row, then green, then blue.
  package func callAsFunction(_ picture: Picture) -> [Float] { numbers(of: square(picture).pixels) }

  /// A picture file fitted to the square, as bytes, which take a fourth of the memory of its numbers.
  ///
  /// - Throws: a fault with the file's path if it cannot be decoded.
  package func square(
    _ file: PictureFile, _ decoding: PictureDecoding, limits: PictureLimits
  ) throws(PictureFileError) -> Picture {
    square(try decoded(file, decoding, limits: limits))
  }

  /// A picture file's pixels before they are fitted: all of them, or with `scaled` decoding as many as the square
  /// needs; upright if the model wants it.
  ///
  /// - Throws: a fault with the file's path if it cannot be decoded.
  package func decoded(
    _ file: PictureFile, _ decoding: PictureDecoding, limits: PictureLimits
  ) throws(PictureFileError) -> Picture {
    let picture = try file.decoded(limits: limits, least: decoding.least(for: fit.side))
    return orientation == .apply ? picture.upright : picture
  }

  /// The picture fitted to the square, as bytes; first it is turned upright if the model wants it.
  package func square(_ picture: Picture) -> Picture {
    let picture = orientation == .apply ? picture.upright : picture
    let (width, height) = fit.size(of: picture), (left, top) = ((width - size) / 2, (height - size) / 2)
    var square = resampler.resize(
      picture, width: width, height: height, columns: left..<left + size, rows: top..<top + size, filter: fit.filter)
    square.isCut = picture.isCut
    return square
  }

  /// The numbers of a square's samples, in the order of ``callAsFunction(_:)``.
  ///
  /// - Precondition: the samples are those of ``square(_:)``.
  package func numbers(of samples: [UInt8]) -> [Float] {
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
package enum PicturePreprocessingError: Error, Equatable, Sendable {
  /// The side of the square.
  case size(Int)
  /// The means of the channels.
  case mean([Float])
  /// The standard deviations of the channels.
  case std([Float])
}

extension PicturePreprocessingError: CustomStringConvertible {
  /// The message: the problem and how to fix it, in one line.
  package var description: String {
    switch self {
    case .size(let size):
      "a picture size of \(size) × \(size) pixels; the model's config.json must give a side from 1 to \(PictureLimits.side)"
    case .mean(let mean):
      "means \(mean) of the picture channels; the model's config.json must give three finite numbers"
    case .std(let std):
      "deviations \(std) of the picture channels; the model's config.json must give three finite numbers, none zero"
    }
  }
}

/// How a picture is fitted to a model's square: it is resized, then the central square is cropped.
package struct PictureFit: Sendable, Equatable {
  /// How the sides are resized.
  package enum Sides: Sendable, Equatable {
    /// Both become this many pixels; proportions are not kept.
    case squashed(Int)
    /// The shorter one becomes this many pixels; proportions are kept.
    case shorter(Int)
  }

  /// How the sides are resized.
  package let sides: Sides
  package let filter: ResampleFilter

  /// Sides and filter.
  package init(sides: Sides, filter: ResampleFilter) { (self.sides, self.filter) = (sides, filter) }

  /// The pixels of a side before the square is cut out.
  package var side: Int {
    switch sides {
    case .squashed(let side), .shorter(let side): side
    }
  }

  /// The size of a picture before the square is cut out.
  func size(of picture: Picture) -> (width: Int, height: Int) {
    switch sides {
    case .squashed(let side): return (side, side)
    case .shorter(let side):
      let (short, long) = (min(picture.width, picture.height), max(picture.width, picture.height))
      let longer = max(side, Int(Double(side * long) / Double(short)))
      return picture.width <= picture.height ? (side, longer) : (longer, side)
    }
  }
}

/// The filter that resizing computes pixels with, by its name in Pillow.
package enum ResampleFilter: Sendable, Hashable {
  /// Uses pixels up to one step away, the nearer the more.
  case bilinear
  /// Uses pixels up to two steps away with Keys' cubic curve, which has negative weights.
  case bicubic

  /// The maximum distance of the pixels in steps.
  var support: Double { self == .bilinear ? 1 : 2 }

  /// The weight of a pixel at a distance in steps.
  func weight(_ distance: Double) -> Double {
    let x = abs(distance)
    switch self {
    case .bilinear: return max(0, 1 - x)
    case .bicubic:
      let a = -0.5
      if x < 1 { return ((a + 2) * x - (a + 3)) * x * x + 1 }
      return x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0
    }
  }
}
