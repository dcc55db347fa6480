internal import Glibc
package import Tensors

/// A BERT from a model hub: a sentence's vector is that of its tokens in the last layer, pooled: by default their mean.
///
/// An immutable value, shared by all workers. A sentence's vector has the same bits whatever else is in the batch.
package struct SentenceEncoder: Sendable {
  /// The encoder's sizes; a vector has `hiddenSize` numbers.
  package let configuration: ModelConfiguration.Text
  /// How many sentences are best encoded together.
  package let sentencesTogether: Int
  private let encoder: TextEncoder
  private let mode: SentencePooling.Mode

  /// Packs the weights of a hub's folder, for products in f32; `mode`: how tokens are pooled.
  ///
  /// Also throws for an encoder whose longest sentence would take too much memory.
  package init(_ hub: HubTextEncoder, mode: SentencePooling.Mode = .mean) throws(ModelError) {
    self.mode = mode
    configuration = hub.configuration
    let need = hub.configuration.need(["max_position_embeddings", "hidden_size"])
    do throws(ConfigurationError) {
      try ModelConfiguration.check(need)
    } catch {
      throw .configuration(path: hub.configurationPath, error)
    }
    sentencesTogether = ModelConfiguration.together(need, most: 32)
    encoder = try TextEncoder(
      ModelWeights(hub.tensors, format: .f32)["text_encoder"], hub.configuration)
  }

  /// A workspace for one worker thread, which must first call `OneDNN.useOneThread()`.
  package func makeWorkspace() -> Workspace { Workspace() }

  /// Encodes sentences, given by their pieces including `[CLS]` and `[SEP]`.
  ///
  /// Throws for pieces that the encoder can't take, or for lack of memory.
  package func callAsFunction(
    _ sentences: [[Int32]], using workspace: Workspace
  ) throws(ModelError) -> [[Float]] {
    try pooled(sentences, using: workspace).map(Self.unit)
  }

  /// The same before they are brought to length 1.
  package func pooled(_ sentences: [[Int32]], using workspace: Workspace) throws(ModelError) -> [[Float]] {
    for (index, pieces) in sentences.enumerated() {
      if let fault = PostInputs.fault(in: pieces, "text", configuration) { throw .inputs(index: index, fault) }
    }
    guard !sentences.isEmpty else { return [] }
    let spans = RowSpans(lengths: sentences.map(\.count))
    do throws(TensorError) {
      return try workspace.temporarily { () throws(TensorError) in
        let tokens = try encoder(sentences, spans, using: workspace).view
        return (0..<spans.count).map { index in
          let span = spans[index]
          switch mode {
          case .mean: return VectorMath.mean(tokens.rows(span))
          case .cls: return tokens.values(ofRow: span.lowerBound)
          case .max:
            return span.dropFirst().reduce(tokens.values(ofRow: span.lowerBound)) { most, row in
              zip(most, tokens.values(ofRow: row)).map { max($0, $1) }
            }
          }
        }
      }
    } catch {
      throw .tensors(error)
    }
  }

  /// Normalises a vector; a vector of zeros stays.
  private static func unit(_ vector: [Float]) -> [Float] {
    let length = sqrt(vector.reduce(0.0) { $0 + Double($1) * Double($1) })
    return length > 0 ? vector.map { Float(Double($0) / length) } : vector
  }
}

extension HubTextEncoder {
  /// The text encoder's output in f32, tokens × width for each text, for comparison with the original program.
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
  /// The picture encoder's output in f32, tokens × width for each picture, registers last.
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
