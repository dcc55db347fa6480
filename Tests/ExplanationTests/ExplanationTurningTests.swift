import Explanation
import GoldenModels
import Inputs
import Models
import Testing

/// Maps of a picture that the model saw as it is stored, on the upright picture.
@Suite struct ExplanationTurningTests {
  @Test(arguments: PictureOrientation.allCases)
  func everyMapIsTurnedAndNothingElse(orientation: PictureOrientation) throws {
    let example = try #require(ExplainerTests.Case.all.first)
    let post = try #require(try example.posts().first { $0.pixels != nil })
    let explanation = try ExplainerTests.explain(post, Explainer(folder: example.folder(), precision: .f32))
    let upright = explanation.upright(orientation), patches = explanation.patches
    let first = patches.hasClassToken ? 1 : 0
    /// A piece's numbers as the turned picture has them, its other tokens unchanged.
    func turned(_ values: [Float]) -> [Float] {
      let end = first + patches.side * patches.side
      return values[..<first] + orientation.upright(Array(values[first..<end]), width: patches.side) + values[end...]
    }
    let (before, after) = (try #require(explanation.cosines), try #require(upright.cosines))
    #expect(patches.side > 1 && before.pieces > 1)
    for piece in 0..<before.pieces { #expect(after[piece] == turned(before[piece])) }
    guard case .attention(let layers) = explanation.looking, case .attention(let turnedLayers) = upright.looking else {
      Issue.record("no attention")
      return
    }
    #expect(layers.count == turnedLayers.count)
    for (layer, turnedLayer) in zip(layers, turnedLayers) { #expect(turnedLayer[1] == turned(layer[1])) }
    #expect(upright.probabilities == explanation.probabilities && upright.words == explanation.words)
  }

  @Test func coAttentionIsTurned() throws {
    let post = try #require(try ExplainerTests.Case(name: "co-attention-3").posts().first { $0.pixels != nil })
    let folder = try ExplainerTests.Case(name: "co-attention-3").folder()
    let explanation = try ExplainerTests.explain(post, Explainer(folder: folder, precision: .f32))
    guard case .coAttention(let maps) = explanation.looking,
      case .coAttention(let turned) = explanation.upright(.upsideDown).looking
    else {
      Issue.record("no co-attention")
      return
    }
    let first = explanation.patches.hasClassToken ? 1 : 0
    let end = first + explanation.patches.side * explanation.patches.side
    #expect(Array(turned.tokenWeights[first..<end]) == maps.tokenWeights[first..<end].reversed())
    #expect(turned.pieceWeights == maps.pieceWeights && turned.affinity.tokens == maps.affinity.tokens)
  }

  @Test func theMarginThatNoPatchCoversMovesWithThePicture() throws {
    let example = try #require(ExplainerTests.Case.all.first)
    let post = try #require(try example.posts().first { $0.pixels != nil })
    let explanation = try ExplainerTests.explain(post, Explainer(folder: example.folder(), precision: .f32))
    let places = PictureOrientation.allCases.map { orientation in
      let margin = explanation.upright(orientation).patches.margin
      return (margin.isLeft ? "left" : "right") + " " + (margin.isTop ? "top" : "bottom")
    }
    #expect(
      places == [
        "right bottom", "left bottom", "left top", "right top", "right bottom", "left bottom", "left top", "right top",
      ])
  }
}
