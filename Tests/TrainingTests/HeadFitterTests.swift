import Evaluation
import Foundation
import Models
import Testing
import Training

@Suite struct HeadFitterTests {
  /// Posts whose text and picture have four numbers in common, mixed into twelve and ten among noise.
  private struct Toy {
    var texts: [[Float]] = []
    var images: [[Float]] = []

    init(_ posts: Int, seed: UInt64) {
      // The mixing is the same for every seed.
      var mixing = SeededGenerator(seed: 99), random = SeededGenerator(seed: seed)
      func matrix(_ rows: Int) -> [[Float]] {
        (0..<rows).map { _ in (0..<4).map { _ in Float(mixing.number(in: -1...1)) } }
      }
      let (said, seen) = (matrix(12), matrix(10))
      for _ in 0..<posts {
        let topic = (0..<4).map { _ in Float(random.number(in: -1...1)) }
        func vector(_ rows: [[Float]]) -> [Float] {
          rows.map { zip($0, topic).reduce(Float(random.number(in: -0.3...0.3)) + 5) { $0 + $1.0 * $1.1 } }
        }
        texts.append(vector(said))
        images.append(vector(seen))
      }
    }

    var pairs: [HeadFitter.Pair] { texts.indices.map { HeadFitter.Pair(text: $0, image: $0) } }
  }

  private var settings: HeadFitter.Settings {
    var settings = HeadFitter.Settings()
    (settings.dim, settings.epochs, settings.batch, settings.learningRate) = (8, 20, 50, 1e-2)
    return settings
  }

  private func heldOut(_ heads: ProjectionHeads) throws -> PairRetrieval {
    func unit(_ vector: [Float]) -> [Float] {
      let length = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
      return vector.map { $0 / length }
    }
    let other = Toy(200, seed: 2)
    return try #require(
      PairRetrieval(texts: other.texts.map { unit(heads.text($0)) }, images: other.images.map { unit(heads.image($0)) })
    )
  }

  @Test func aCommonPartIsLearnt() throws {
    let toy = Toy(400, seed: 1)
    let fitter = try HeadFitter(texts: toy.texts, images: toy.images, settings, threads: 2)
    let before = try heldOut(fitter.heads)
    let losses = try fitter.fit(toy.pairs)
    let after = try heldOut(fitter.heads), first = try #require(after.first.first)
    #expect(losses.count == 20 && losses[19] < losses[0] / 2, "\(losses)")
    #expect(before.area.value < 0.7 && after.area.low > 0.9, "\(before.area.value), then \(after.area)")
    #expect(first.share.low > 0.2, "\(first.share)")
  }

  @Test func theNumberOfThreadsChangesNothing() throws {
    let toy = Toy(120, seed: 1)
    let heads = try [1, 3].map { threads in
      let fitter = try HeadFitter(texts: toy.texts, images: toy.images, settings, threads: threads)
      _ = try fitter.fit(toy.pairs)
      return fitter.heads
    }
    #expect(heads[0] == heads[1])
  }

  /// The vectors already have mean 0 and standard deviation 1, so the reference need not standardise them.
  @Test func gradientsEqualFiniteDifferences() throws {
    let texts: [[Float]] = [[1, 1, 1], [1, -1, -1], [-1, 1, -1], [-1, -1, 1]]
    let images: [[Float]] = [[1, -1], [-1, 1], [1, 1], [-1, -1]]
    var settings = HeadFitter.Settings()
    (settings.dim, settings.temperature) = (5, 0.5)
    let fitter = try HeadFitter(texts: texts, images: images, settings, threads: 1)
    let pairs = (0..<4).map { HeadFitter.Pair(text: $0, image: $0) }, layers = ["text_projection", "image_projection"]
    var parameters: [String: [Double]] = [:]
    for name in layers.flatMap({ [$0 + ".weight", $0 + ".bias"] }) { parameters[name] = fitter[name].map(Double.init) }

    func vectors(_ layer: String, _ inputs: [[Float]]) -> [[Double]] {
      let (weight, bias) = (parameters[layer + ".weight"] ?? [], parameters[layer + ".bias"] ?? [])
      return inputs.map { input in
        let y = bias.indices.map { row in
          input.indices.reduce(bias[row]) { $0 + weight[row * input.count + $1] * Double(input[$1]) }
        }
        let length = y.reduce(0) { $0 + $1 * $1 }.squareRoot()
        return y.map { $0 / length }
      }
    }
    func loss() -> Double {
      let (a, b) = (vectors(layers[0], texts), vectors(layers[1], images))
      let scores = a.map { a in b.map { zip(a, $0).reduce(0) { $0 + $1.0 * $1.1 } / 0.5 } }
      return (0..<4).reduce(0) { sum, own in
        let row = log(scores[own].reduce(0) { $0 + exp($1) }), column = log(scores.reduce(0) { $0 + exp($1[own]) })
        return sum + (row + column - 2 * scores[own][own]) / 8
      }
    }

    #expect(abs(try fitter.learn(pairs) - loss()) < 1e-6)
    let h = 1e-6
    for (name, values) in parameters {
      let gradient = fitter.gradient(name)
      #expect(gradient.contains { abs($0) > 1e-3 })
      for index in values.indices {
        parameters[name]?[index] = values[index] + h
        let above = loss()
        parameters[name]?[index] = values[index] - h
        let slope = (above - loss()) / (2 * h)
        parameters[name]?[index] = values[index]
        #expect(abs(Double(gradient[index]) - slope) < 1e-5, "\(name)[\(index)]: \(gradient[index]), not \(slope)")
      }
    }
  }

  @Test func nothingOccursTwiceInABatch() throws {
    // Three captions for each of 20 pictures, and one caption of two pictures.
    var pairs = (0..<60).map { HeadFitter.Pair(text: $0, image: $0 / 3) }
    pairs.append(HeadFitter.Pair(text: 0, image: 19))
    var settings = HeadFitter.Settings()
    settings.batch = 8
    let batches = HeadFitter.batches(pairs, epoch: 3, settings)
    #expect(batches.count >= 6 && batches.joined().count <= 61)
    for batch in batches {
      #expect(batch.count >= 4 && batch.count <= 8)
      #expect(Set(batch.map(\.text)).count == batch.count && Set(batch.map(\.image)).count == batch.count)
    }
    #expect(Set(batches.joined().map { $0.text * 100 + $0.image }).count == batches.joined().count)
    #expect(batches != HeadFitter.batches(pairs, epoch: 4, settings))
    // A step takes all pairs if there are fewer than a batch.
    settings.batch = 256
    #expect(HeadFitter.batches(Toy(9, seed: 1).pairs, epoch: 0, settings).map(\.count) == [9])
  }

  @Test func onePictureTeachesNothing() throws {
    let toy = Toy(6, seed: 1)
    let fitter = try HeadFitter(texts: toy.texts, images: toy.images, settings, threads: 1)
    #expect(throws: TeachingError.tooFewPairs(pairs: 6)) {
      try fitter.fit((0..<6).map { HeadFitter.Pair(text: $0, image: 0) })
    }
  }
}
