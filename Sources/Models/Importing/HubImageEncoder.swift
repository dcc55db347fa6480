/// A picture encoder as hubs hand it out, or as Google published its ViTs, under our names.
///
/// ViT, DeiT, DINOv2 and DINOv2 with registers. Tensors may carry the kind as a prefix, such as `vit.`. Poolers,
/// classifiers and mask tokens are not read.
public struct HubImageEncoder: Sendable {
  /// The encoder's sizes.
  public let configuration: ModelConfiguration.Image
  /// How a picture becomes numbers; nil where the folder does not say.
  public let preprocessing: Preprocessing?
  let tensors: HubTensors

  /// Reads a folder or a `.npz`: configuration, the tensors' names and shapes, how pictures become numbers. The numbers
  /// stay on disk.
  ///
  /// `size`: the side of the pictures; nil for what `preprocessor_config.json` says, else `config.json`. Where that is
  /// not what the table of positions is for, the table is resized bicubically.
  public static func load(_ path: String, size: Int? = nil) throws(HubError) -> HubImageEncoder {
    if path.utf8.suffix(4).elementsEqual(".npz".utf8) {
      let (configuration, tensors) = try NumpyVision.read(try ForeignTensors(path: path), size: size)
      // Such a file says nothing of how pictures become numbers.
      return HubImageEncoder(configuration: configuration, preprocessing: nil, tensors: tensors)
    }
    let folder = HubFolder(path: path)
    guard let (kind, trained) = try folder.read("config.json", HubImageKind.configuration) else {
      preconditionFailure("config.json is not optional")
    }
    var image = trained
    let settings = try folder.read("preprocessor_config.json", isOptional: true) {
      (reader) throws(ConfigurationFault) in
      try HubPreprocessing.read(&reader, usual: kind.family, side: trained.size, asked: size)
    }
    image.size = size ?? settings?.size ?? trained.size
    guard image.patchSize <= image.size else {
      throw .configuration(
        path: folder.file("config.json"),
        .outOfRange(key: "patch_size", value: "\(image.patchSize)", allowed: "1 to \(image.size)"))
    }
    let tensors = try HubTensors(try folder.weights(), image.tensors) { kind.recipe($0, image, trained: trained) }
    return HubImageEncoder(configuration: image, preprocessing: settings, tensors: tensors)
  }

  /// The numbers of a tensor, given by our name, such as `image_encoder.patch.weight`.
  public func values(_ name: String) throws(HubError) -> [Float] { try tensors.values(name) }
}

extension ModelConfiguration.Image {
  /// The encoder's tensors, under our names.
  var tensors: [ModelConfiguration.TensorShape] {
    var model = ModelConfiguration(labelNames: [])
    model.image = self
    return model.tensors.filter { $0.name.utf8.starts(with: "image_encoder.".utf8) }
  }
}
