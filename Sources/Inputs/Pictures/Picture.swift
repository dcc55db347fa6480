import CImages

/// A decoded picture: 8-bit RGB, rows from the top, pixels from the left, no padding.
package struct Picture: Equatable, Sendable {
  /// Pixels in a row; at least 1.
  package let width: Int
  /// Rows; at least 1.
  package let height: Int
  /// `height × width × 3` samples: R, G, B of the first pixel of the first row, then of the next pixel, and so on.
  package let pixels: [UInt8]
  /// How the picture is to be turned to be upright, as its file says.
  package var orientation = PictureOrientation.upright
  /// Whether its file ended early; the rest of the picture is then filled: see ``TruncatedPictures/accept``.
  package var isCut = false

  /// Creates a picture from its samples.
  ///
  /// - Precondition: `width` and `height` are positive and `pixels` holds three samples for each pixel.
  package init(width: Int, height: Int, pixels: [UInt8]) {
    precondition(
      width > 0 && height > 0 && pixels.count == 3 * width * height, "A picture has three samples a pixel.")
    self.width = width
    self.height = height
    self.pixels = pixels
  }
}

extension Picture {
  /// The picture as it should be seen. O(pixels), unless it is upright already.
  package var upright: Picture {
    guard orientation != .upright else { return self }
    var turned = Picture(
      width: orientation.swapsSides ? height : width, height: orientation.swapsSides ? width : height,
      pixels: orientation.upright(pixels, width: width, size: 3))
    turned.isCut = isCut
    return turned
  }

  /// The quality of thumbnail JPEGs: artefacts are not visible at their display size.
  package static let smallQuality = 80

  /// The picture with its longer side reduced to at most `side` pixels and unchanged proportions; a smaller one stays
  /// as it is.
  ///
  /// O(input pixels + output pixels).
  ///
  /// - Precondition: `side` is positive.
  package func fitted(within side: Int) -> Picture {
    precondition(side > 0, "A picture has at least one pixel.")
    let longer = max(width, height)
    guard longer > side else { return self }
    // Uses only integers, so that every machine rounds alike: halves away from 0.
    func scaled(_ length: Int) -> Int { max(1, (2 * length * side + longer) / (2 * longer)) }
    return PictureResampler().resize(self, width: scaled(width), height: scaled(height))
  }

  /// The picture as a baseline JPEG with subsampled colour, without a date or a name; equal pixels give equal bytes
  /// with one version of libjpeg.
  ///
  /// - Parameter quality: from 1 to 100, libjpeg's own scale.
  /// - Returns: The file; `nil` if there is not enough memory or a side exceeds ``PictureLimits/side``.
  package func jpeg(quality: Int = Self.smallQuality) -> [UInt8]? {
    guard max(width, height) <= PictureLimits.side else { return nil }
    // At a high quality, noise takes more bytes than its pixels.
    var count = 6 * width * height + 4096
    var isWhole = false
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { room, written in
      isWhole =
        cimages_jpeg_encode(pixels, UInt32(width), UInt32(height), Int32(quality), room.baseAddress, &count)
        == CIMAGES_OK
      written = isWhole ? count : 0
    }
    return isWhole ? bytes : nil
  }
}
