/// How a camera held a picture: EXIF's orientation, numbered as in the file.
package enum PictureOrientation: Int, Sendable, CaseIterable {
  /// As it should be seen.
  case upright = 1
  /// To be mirrored, left to right.
  case mirrored
  /// To be turned by 180°.
  case upsideDown
  /// To be mirrored, top to bottom.
  case mirroredUpsideDown
  /// To be mirrored along the diagonal from the top left.
  case transposed
  /// To be turned by 90° clockwise.
  case turnedLeft
  /// To be mirrored along the diagonal from the top right.
  case transversed
  /// To be turned by 90° counter-clockwise.
  case turnedRight

  /// Whether width and height change places.
  package var swapsSides: Bool { rawValue >= PictureOrientation.transposed.rawValue }

  /// Turns a grid of values, given row by row, so that it is upright.
  ///
  /// - Parameters:
  ///   - values: `width × height` elements of `size` values each.
  ///   - width: the elements in a row.
  ///   - size: the values of an element, which stay together.
  /// - Returns: as many values; rows have `height` elements if ``swapsSides``.
  /// - Precondition: `width` and `size` are positive, and rows are whole.
  package func upright<Value>(_ values: [Value], width: Int, size: Int = 1) -> [Value] {
    precondition(width > 0 && size > 0 && values.count % (width * size) == 0, "A grid has whole rows.")
    let height = values.count / (width * size)
    guard self != .upright, height > 0 else { return values }
    // The first element of the result, and the steps in the given grid for a step to the right and a step down.
    let (left, right, top, bottom) = (0, width - 1, 0, (height - 1) * width)
    let (start, across, down) =
      switch self {
      case .upright: (left + top, 1, width)
      case .mirrored: (right + top, -1, width)
      case .upsideDown: (right + bottom, -1, -width)
      case .mirroredUpsideDown: (left + bottom, 1, -width)
      case .transposed: (left + top, width, 1)
      case .turnedLeft: (left + bottom, -width, 1)
      case .transversed: (right + bottom, -width, -1)
      case .turnedRight: (right + top, width, -1)
      }
    let (columns, rows) = swapsSides ? (height, width) : (width, height)
    return values.withUnsafeBufferPointer { values in
      [Value](unsafeUninitializedCapacity: values.count) { turned, count in
        for row in 0..<rows {
          for column in 0..<columns {
            let from = (start + row * down + column * across) * size
            for i in 0..<size { turned.initializeElement(at: count + i, to: values[from + i]) }
            count += size
          }
        }
      }
    }
  }
}

/// What is done about the orientation that a picture's EXIF data give.
package enum OrientationPolicy: String, Sendable, CaseIterable {
  /// Nothing: the model sees the picture as it is stored, as the reference does.
  case ignore
  /// The picture is turned upright before the model sees it.
  case apply
}
