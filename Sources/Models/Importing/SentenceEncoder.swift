internal import Glibc
public import Tensors

/// A hub's BERT by itself: a sentence's vector is the mean of its tokens in the last layer, of unit length.
///
/// An immutable value, shared by all workers. A sentence's vector has the same bits in any company.
public struct SentenceEncoder: Sendable {
  /// The encoder's sizes; a vector has `hiddenSize` numbers.
  public let configuration: ModelConfiguration.Text
  /// How many sentences are best encoded together.
  package let sentencesTogether: Int
  private let encoder: TextEncoder

  /// Packs the weights of a hub's folder, for products in f32.
  ///
  /// The error is also about an encoder whose longest sentence would take too much memory.
  public init(_ hub: HubTextEncoder) throws(ModelError) {
    configuration = hub.configuration
    let need = hub.configuration.need(["max_position_embeddings", "hidden_size"])
    do throws(ConfigurationFault) {
      try ModelConfiguration.check(need)
    } catch {
      throw .configuration(path: hub.configurationPath, error)
    }
    sentencesTogether = ModelConfiguration.together(need, most: 32)
    encoder = try TextEncoder(
      ModelWeights(hub.tensors, format: .f32)["text_encoder"], hub.configuration)
  }

  /// A workspace for one worker thread, which first says `OneDNN.useOneThread()`.
  public func makeWorkspace() -> Workspace { Workspace() }

  /// The vectors of sentences, given by their pieces, `[CLS]` and `[SEP]` included.
  ///
  /// The error is about pieces that the encoder can't take, or about memory.
  public func callAsFunction(
    _ sentences: [[Int32]], using workspace: Workspace
  ) throws(ModelError) -> [[Float]] {
    for (index, pieces) in sentences.enumerated() {
      if let fault = PostInputs.fault(in: pieces, "text", configuration) { throw .inputs(index: index, fault) }
    }
    guard !sentences.isEmpty else { return [] }
    let spans = RowSpans(lengths: sentences.map(\.count))
    do throws(TensorError) {
      return try workspace.temporarily { () throws(TensorError) in
        let tokens = try encoder(sentences, spans, using: workspace).view
        return (0..<spans.count).map { Self.unit(Vectors.mean(tokens.rows(spans[$0]))) }
      }
    } catch {
      throw .tensors(error)
    }
  }

  /// The vector at length 1; one of zeros stays.
  private static func unit(_ vector: [Float]) -> [Float] {
    let length = sqrt(vector.reduce(0.0) { $0 + Double($1) * Double($1) })
    return length > 0 ? vector.map { Float(Double($0) / length) } : vector
  }
}
