import Bytes

/// The preprocessing of pictures in a hub's `preprocessor_config.json`.
///
/// It supports Pillow's bilinear and bicubic filters, resizing to a square or to a shorter side, and cropping the
/// centre. Everything else is rejected with its name.
struct HubPreprocessing {
  /// The processor families, with defaults for settings that a file leaves out.
  enum Family: String, CaseIterable {
    case vit = "ViT"
    case deit = "DeiT"
    case bit = "Bit"
    case clip = "CLIP"
    case siglip = "Siglip"

    var cutsMiddle: Bool { self != .vit && self != .siglip }
    var isBicubic: Bool { self != .vit }
    /// Whether a single number for a size means the shorter side.
    var takesShortSide: Bool { self == .bit || self == .clip }

    /// Means and standard deviations of red, green and blue: CLIP's, or 0.5.
    var colours: (mean: [Double], std: [Double]) {
      switch self {
      case .vit, .deit, .siglip: ([0.5, 0.5, 0.5], [0.5, 0.5, 0.5])
      case .bit, .clip:
        ([0.481_454_66, 0.457_827_5, 0.408_210_73], [0.268_629_54, 0.261_302_58, 0.275_777_11])
      }
    }

    static let endings = ["ImageProcessor", "FeatureExtractor", "ImageProcessorFast", "ImageProcessorPil"]
    static let names = endings.flatMap { ending in allCases.map { $0.rawValue + ending } }
  }

  /// A size as given in the file.
  private enum Side {
    case square(Int)
    case short(Int)
  }

  /// Reads the file. `usual`: the family if the file names none; `side`: the size from `config.json`, if this file has
  /// none; `asked`: another size to scale everything to.
  static func read(
    _ reader: inout ConfigurationReader, usual: Family, side: Int, asked: Int? = nil
  ) throws(ConfigurationError) -> Preprocessing {
    for key in nullable { reader.dropNull(key) }
    let family = try family(&reader) ?? usual
    try reader.refuse("do_resize", false)
    try reader.refuse("do_rescale", false)
    try reader.refuse("do_pad", true)
    let resized = try self.side("size", &reader, family) ?? (family.takesShortSide ? .short(side) : .square(side))
    let cut: Int?
    if try reader.boolean("do_center_crop", family.cutsMiddle) {
      if case .square(let size)? = try self.side("crop_size", &reader, .vit) { cut = size } else { cut = side }
    } else {
      cut = nil
    }
    var preprocessing = try channels(&reader, family)
    let resample = try reader.integer("resample", family.isBicubic ? 3 : 2, in: 2...3)
    preprocessing.resample = resample == 3 ? .bicubic : .bilinear
    let to: Int
    switch resized {
    case .square(let size): (to, preprocessing.size) = (size, cut ?? size)
    case .short(let size):
      guard let cut else {
        throw .outOfRange(
          key: reader.name("do_center_crop"), value: "false", allowed: "true where size has a shortest_edge")
      }
      (to, preprocessing.size, preprocessing.resize) = (size, cut, .shortSide)
    }
    guard to >= preprocessing.size else {
      throw .outOfRange(key: reader.name("size"), value: "\(to)", allowed: "crop_size, \(preprocessing.size), or more")
    }
    preprocessing.resizeTo = to == preprocessing.size ? nil : to
    if let asked, asked != preprocessing.size {
      preprocessing.resizeTo = preprocessing.resizeTo.map { max(asked, $0 * asked / preprocessing.size) }
      preprocessing.size = asked
    }
    return preprocessing
  }

  private static let nullable = [
    "do_normalize", "image_mean", "image_std", "rescale_factor", "do_resize", "do_rescale", "do_pad", "size",
    "crop_size",
    "do_center_crop", "resample", "image_processor_type", "feature_extractor_type",
  ]

  private static func family(
    _ reader: inout ConfigurationReader
  ) throws(ConfigurationError) -> Family? {
    for key in ["image_processor_type", "feature_extractor_type"] {
      if let name = try reader.optionalWord(key, of: Family.names) {
        return Family.allCases.first { name.utf8.starts(with: $0.rawValue.utf8) }
      }
    }
    return nil
  }

  private static func side(
    _ key: String, _ reader: inout ConfigurationReader, _ family: Family
  ) throws(ConfigurationError) -> Side? {
    guard let value = reader.take(key) else { return nil }
    switch value {
    case .integer(let size) where (1...4096).contains(size):
      return family.takesShortSide ? .short(size) : .square(size)
    case .object:
      var inner = try ConfigurationReader(value, path: reader.name(key))
      let short = try inner.optionalInteger("shortest_edge", in: 1...4096)
      let height = try inner.optionalInteger("height", in: 1...4096)
      let width = try inner.optionalInteger("width", in: 1...4096)
      try inner.finish()
      if let short, height == nil, width == nil { return .short(short) }
      guard let size = height ?? width, short == nil, (width ?? size) == size else {
        throw .outOfRange(
          key: reader.name(key), value: "\(height ?? 0) x \(width ?? 0)", allowed: "a square or a shortest_edge")
      }
      return .square(size)
    default: throw .wrongKind(key: reader.name(key), expected: "a side or an object of sides", found: value.kind)
    }
  }

  private static func channels(
    _ reader: inout ConfigurationReader, _ family: Family
  ) throws(ConfigurationError) -> Preprocessing {
    _ = try reader.real("rescale_factor", 1.0 / 255, in: 0.0039...0.0040)
    var preprocessing = Preprocessing()
    guard try reader.boolean("do_normalize", true) else {
      (preprocessing.mean, preprocessing.std) = ([0, 0, 0], [1, 1, 1])
      return preprocessing
    }
    let (mean, std) = family.colours
    preprocessing.mean = (try reader.channels("image_mean", in: -1000...1000) ?? mean).map { Float($0) }
    preprocessing.std = (try reader.channels("image_std", in: 1e-6...1000) ?? std).map { Float($0) }
    return preprocessing
  }
}
