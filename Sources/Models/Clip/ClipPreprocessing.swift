import Bytes

/// How a CLIP's pictures become numbers, as `preprocessor_config.json` says: resized by Pillow's bicubic or bilinear, the
/// middle cut out, then (colour / 255 − mean) / std.
public struct ClipPreprocessing: Sendable, Equatable {
  /// The side of the square that is cut out.
  public let size: Int
  /// What the shorter side becomes, or, where `squashes`, both.
  public let side: Int
  /// Whether both sides become `side`, whatever the proportions.
  public let squashes: Bool
  /// Whether pixels are made by Pillow's bicubic; by its bilinear otherwise.
  public let isBicubic: Bool
  /// Means of red, green and blue.
  public let mean: [Float]
  /// Standard deviations of red, green and blue.
  public let std: [Float]

  /// Reads the file for a model of pictures of this size; an object without members gives CLIP's own way.
  init(_ reader: inout ConfigurationReader, imageSize: Int) throws(ConfigurationFault) {
    for key in Self.nullable { reader.dropNull(key) }
    try reader.refuse("do_resize", false)
    try reader.refuse("do_rescale", false)
    _ = try reader.real("rescale_factor", 1.0 / 255, in: 0.0039...0.0040)
    let resized = try Self.side("size", &reader) ?? (side: imageSize, isSquare: false)
    (side, squashes) = resized
    if try reader.boolean("do_center_crop", true) {
      size = try Self.side("crop_size", &reader)?.side ?? imageSize
    } else {
      guard squashes else {
        throw .outOfRange(
          key: reader.name("do_center_crop"), value: "false", allowed: "true where size is that of the shorter side")
      }
      size = side
    }
    guard size == imageSize else {
      throw .outOfRange(
        key: reader.name("crop_size"), value: "\(size)", allowed: "\(imageSize), the image_size of config.json")
    }
    guard side >= size else {
      throw .outOfRange(key: reader.name("size"), value: "\(side)", allowed: "crop_size, \(size), or more")
    }
    isBicubic = try reader.integer("resample", 3, in: 2...3) == 3
    guard try reader.boolean("do_normalize", true) else {
      (mean, std) = ([0, 0, 0], [1, 1, 1])
      return
    }
    mean = try reader.channels("image_mean", Self.mean, in: -1000...1000).map { Float($0) }
    std = try reader.channels("image_std", Self.std, in: 1e-6...1000).map { Float($0) }
  }

  /// The colours of the pictures that CLIP was trained on.
  private static let mean = [0.481_454_66, 0.457_827_5, 0.408_210_73]
  private static let std = [0.268_629_54, 0.261_302_58, 0.275_777_11]

  private static let nullable = [
    "do_resize", "do_rescale", "rescale_factor", "size", "do_center_crop", "crop_size", "resample", "do_normalize",
    "image_mean", "image_std",
  ]

  /// A number, or an object of one number for the shorter side or two equal ones for both.
  private static func side(
    _ key: String, _ reader: inout ConfigurationReader
  ) throws(ConfigurationFault) -> (side: Int, isSquare: Bool)? {
    guard let value = reader.take(key) else { return nil }
    let range = 1...4096
    switch value {
    case .integer(let side) where range.contains(side): return (side, false)
    case .object:
      var inner = try ConfigurationReader(value, path: reader.name(key))
      if inner.has("shortest_edge") { return (try inner.integer("shortest_edge", 0, in: range), false) }
      try inner.require(["height", "width"])
      let height = try inner.integer("height", 0, in: range), width = try inner.integer("width", 0, in: range)
      guard height == width else {
        throw .outOfRange(
          key: reader.name(key), value: "\(height) × \(width)", allowed: "a square, or shortest_edge")
      }
      return (height, true)
    default:
      throw .outOfRange(
        key: reader.name(key), value: value.kind, allowed: "a side from 1 to 4096, or an object of sides")
    }
  }
}
