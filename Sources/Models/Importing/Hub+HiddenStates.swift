internal import Tensors

extension HubTextEncoder {
  /// What the encoder makes of texts by itself, in f32: for each text, tokens × width, to be compared with the program
  /// that it comes from.
  package func hiddenStates(_ texts: [[Int32]]) throws(ModelError) -> [[Float]] {
    for (index, pieces) in texts.enumerated() {
      if let fault = PostInputs.fault(in: pieces, "text", configuration) { throw .inputs(index: index, fault) }
    }
    OneDNN.useOneThread()
    let encoder = try TextEncoder(ModelWeights(tensors, format: .f32)["text_encoder"], configuration)
    let spans = RowSpans(lengths: texts.map(\.count)), workspace = Workspace()
    do throws(TensorError) {
      let hidden = try encoder(texts, spans, using: workspace).view
      return (0..<spans.count).map { index in spans[index].flatMap { hidden.values(ofRow: $0) } }
    } catch {
      throw .tensors(error)
    }
  }
}

extension HubImageEncoder {
  /// What the encoder makes of pictures by itself, in f32: for each picture, tokens × width, registers last.
  package func hiddenStates(_ pictures: [[Float]]) throws(ModelError) -> [[Float]] {
    OneDNN.useOneThread()
    let encoder = try ImageEncoder(ModelWeights(tensors, format: .f32)["image_encoder"], configuration)
    for (index, pixels) in pictures.enumerated() where pixels.count != encoder.pixelCount {
      throw .inputs(index: index, .pixelCount(found: pixels.count, expected: encoder.pixelCount))
    }
    let workspace = Workspace(), tokens = configuration.tokens
    do throws(TensorError) {
      let hidden = try encoder(pictures, using: workspace).view
      return pictures.indices.map { index in
        (index * tokens..<(index + 1) * tokens).flatMap { hidden.values(ofRow: $0) }
      }
    } catch {
      throw .tensors(error)
    }
  }
}
