package import Tensors

/// A hub's picture encoder on its own: a picture's vector is its class token, if it has one, and the mean of its patches,
/// both after the last norm.
///
/// An immutable value, shared by all workers. A picture's vector has the same bits in any company.
package struct PictureEncoder: Sendable {
  /// The encoder's sizes.
  package let configuration: ModelConfiguration.Image
  /// How many pictures are best encoded together.
  package let picturesTogether: Int
  private let encoder: ImageEncoder

  /// Packs the weights of a hub's folder, for products in f32; `path` is the folder, for messages.
  ///
  /// The error is also about an encoder for which a picture would take too much memory.
  package init(_ hub: HubImageEncoder, path: String) throws(ModelError) {
    configuration = hub.configuration
    let need = hub.configuration.need(["image_size", "patch_size", "hidden_size"])
    do throws(ConfigurationError) {
      try ModelConfiguration.check(need)
    } catch {
      throw .configuration(path: HubFolder(path: path).file("config.json"), error)
    }
    picturesTogether = ModelConfiguration.together(need, most: max(4, min(16, 2048 / hub.configuration.tokens)))
    encoder = try ImageEncoder(ModelWeights(hub.tensors, format: .f32)["image_encoder"], hub.configuration)
  }

  /// The numbers of a vector.
  package var width: Int { configuration.hiddenSize * (configuration.hasClassToken ? 2 : 1) }

  /// The vectors of pictures, each 3 · size² numbers, channel by channel; not of unit length.
  ///
  /// The error is about pictures of another size, or about memory.
  package func callAsFunction(
    _ pixels: [[Float]], using workspace: Workspace
  ) throws(ModelError) -> [[Float]] {
    for (index, picture) in pixels.enumerated() where picture.count != encoder.pixelCount {
      throw .inputs(index: index, .pixelCount(found: picture.count, expected: encoder.pixelCount))
    }
    guard !pixels.isEmpty else { return [] }
    let (tokens, first) = (configuration.tokens, configuration.classTokens)
    do throws(TensorError) {
      return try workspace.temporarily { () throws(TensorError) in
        let x = try encoder(pixels, using: workspace).view
        return pixels.indices.map { index in
          let start = index * tokens
          let patches = VectorMath.mean(x.rows(start + first..<start + configuration.places))
          return (configuration.hasClassToken ? x.values(ofRow: start) : []) + patches
        }
      }
    } catch {
      throw .tensors(error)
    }
  }
}
