internal import Glibc
import Models
internal import Tensors

/// Parallel co-attention, plainly: what its tokens have to do with each other, and how they are weighed.
struct PlainCoAttention: Sendable {
  private let affinity: PlainLinear
  private let text: PlainLinear
  private let image: PlainLinear
  private let textScore: PlainLinear
  private let imageScore: PlainLinear

  init(_ folder: ModelFolder) throws(ExplanationError) {
    let dim = folder.configuration.dim
    func linear(_ name: String) throws(ExplanationError) -> PlainLinear {
      try PlainLinear(folder, "join.\(name)", inputs: dim, biased: false)
    }
    affinity = try linear("affinity")
    text = try linear("text")
    image = try linear("image")
    textScore = try linear("text_score")
    imageScore = try linear("image_score")
  }

  /// Joins a text's tokens, T × D, and a picture's, P × D.
  ///
  /// - Returns: the maps, and the post's vector, D.
  func callAsFunction(_ words: Rows, _ picture: Rows) -> (maps: CoAttentionMaps, fused: [Float]) {
    let (said, seen, asked) = (text(words), image(picture), affinity(words))
    var related = [Float](repeating: 0, count: words.count * picture.count)
    for (row, column) in pairs(words, picture) {
      related[row * picture.count + column] = tanh(dot(asked.row(row), picture.row(column)))
    }
    var ofText = said, ofPicture = seen
    for (row, column) in pairs(words, picture) {
      let weight = related[row * picture.count + column]
      for place in 0..<words.width {
        ofText.values[row * words.width + place] += weight * seen.values[column * words.width + place]
        ofPicture.values[column * words.width + place] += weight * said.values[row * words.width + place]
      }
    }
    let pieceWeights = textScore(ofText.map { tanh($0) }).values.softmax()
    let tokenWeights = imageScore(ofPicture.map { tanh($0) }).values.softmax()
    let fused = zip(weighed(words, pieceWeights), weighed(picture, tokenWeights)).map { $0 + $1 }
    let maps = CoAttentionMaps(
      affinity: PatchMap(tokens: picture.count, values: related), pieceWeights: pieceWeights, tokenWeights: tokenWeights
    )
    return (maps, fused)
  }

  private func pairs(_ a: Rows, _ b: Rows) -> [(Int, Int)] {
    (0..<a.count).flatMap { row in (0..<b.count).map { (row, $0) } }
  }

  private func dot(_ a: [Float], _ b: [Float]) -> Float { Vectors.dot(a, b, count: a.count) }

  private func weighed(_ rows: Rows, _ weights: [Float]) -> [Float] {
    (0..<rows.width).map { column in
      weights.indices.reduce(Float(0)) { $0 + weights[$1] * rows.values[$1 * rows.width + column] }
    }
  }
}
