/// How a picture file becomes the pixels that are then resized.
public enum PictureDecoding: String, Sendable, CaseIterable {
  /// A JPEG much larger than the model's square is decoded at a half, a quarter or an eighth of its size, which
  /// the format allows at a fraction of the cost.
  case scaled
  /// Every pixel is decoded: equal to Pillow to the byte.
  case exact

  /// The shortest side that a decoder may reduce a picture to, for a square of `size`; `nil` for no reduction.
  func least(for size: Int) -> Int? { self == .scaled ? size : nil }
}
