import Bytes
import Foundation
import Store
import Testing

/// Compares the kernel with a simple counterpart in double.
@Suite struct CosineProbeTests {
  /// The cosine by its formula.
  private func plain(_ left: [Float], _ right: [Float]) -> Double {
    var dot = 0.0, first = 0.0, second = 0.0
    for (a, b) in zip(left, right) {
      dot += Double(a) * Double(b)
      first += Double(a) * Double(a)
      second += Double(b) * Double(b)
    }
    return dot / (first.squareRoot() * second.squareRoot())
  }

  private func numbers(_ count: Int, seed: UInt64) -> [Float] {
    var state = seed
    return (0..<count).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Float(Int32(truncatingIfNeeded: state >> 32)) / Float(Int32.max)
    }
  }

  /// Compares with a vector at an odd address, as vectors in a page are.
  private func compare(_ probe: [Float], _ other: [Float]) -> CosineProbe.Outcome? {
    var bytes: [UInt8] = [7]
    for value in other { withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes += $0 } }
    return CosineProbe(probe).flatMap { probe in
      bytes.withUnsafeBytes { bytes in bytes.baseAddress.map { probe.compare($0 + 1) } }
    }
  }

  @Test(arguments: [1, 2, 15, 16, 17, 31, 64, 100, 512, 1023])
  func equalsTheTwin(width: Int) throws {
    for seed in 1...20 as ClosedRange<UInt64> {
      let (left, right) = (numbers(width, seed: seed), numbers(width, seed: seed + 1000))
      guard case .cosine(let cosine) = try #require(compare(left, right)) else {
        Issue.record("no cosine")
        continue
      }
      #expect(abs(cosine - plain(left, right)) < 1e-6)
    }
  }

  @Test(arguments: [3, 16, 512])
  func aVectorIsNearestToItselfAndFarthestFromItsOpposite(width: Int) {
    for scale in [1, 1e-30, 1e-19, 1e15, 3e37] as [Float] {
      let vector = numbers(width, seed: 5).map { $0 * scale }
      #expect(compare(vector, vector) == .cosine(1), "\(scale)")
      #expect(compare(vector, vector.map { -$0 }) == .cosine(-1), "\(scale)")
    }
  }

  @Test(arguments: [1e-30, 1e25] as [Float])
  func lengthsThatAFloatDoesNotHoldAreNoError(scale: Float) throws {
    let (left, right) = (numbers(100, seed: 1), numbers(100, seed: 2))
    guard case .cosine(let cosine) = try #require(compare(left.map { $0 * scale }, right.map { $0 * scale })) else {
      Issue.record("no cosine")
      return
    }
    #expect(abs(cosine - plain(left, right)) < 1e-6)
  }

  @Test func aVectorWithoutADirectionHasNoCosine() {
    #expect(CosineProbe([0, 0, -0]) == nil && CosineProbe([]) == nil)
    #expect(CosineProbe([1, .nan]) == nil && CosineProbe([.infinity]) == nil)
    #expect(compare([1, 2], [0, -0]) == .zeroLength)
    #expect(compare([1, 2], [.nan, 1]) == .notFinite && compare([1, 2], [1, .infinity]) == .notFinite)
  }
}

@Suite struct NearestPostsTests {
  /// All elements by the order that is promised, cut to the limit.
  private func sorted(_ elements: [NearestPosts.Element], _ key: (Int64) -> String, _ limit: Int) -> [Int64] {
    elements.sorted {
      if $0.cosine != $1.cosine { return $0.cosine > $1.cosine }
      let (left, right) = (ByteText(key($0.post)), ByteText(key($1.post)))
      return left == right ? $0.post < $1.post : left < right
    }.prefix(limit).map(\.post)
  }

  @Test(arguments: [1, 2, 3, 7, 100, 1000])
  func keepsTheNearestInAnyOrder(limit: Int) {
    // Few cosines and few keys, so that most are equal to some other's.
    let key = { (post: Int64) in "k\(post * 7 % 5)" }
    let elements = (1...300).map { NearestPosts.Element(cosine: Double($0 * 31 % 11) / 11, post: Int64($0)) }
    let expected = sorted(elements, key, limit)
    var generator = SystemRandomNumberGenerator()
    for _ in 1...20 {
      var nearest = NearestPosts(limit: limit) { ByteText(key($0)) }
      for element in elements.shuffled(using: &generator) { nearest.offer(element) }
      #expect(nearest.sorted().map(\.post) == expected)
    }
  }

  @Test func keysAreReadOnlyForEqualCosines() {
    var asked = 0
    var nearest = NearestPosts(limit: 5) { post in
      asked += 1
      return ByteText("\(post)")
    }
    for post in 1...1000 as ClosedRange<Int64> {
      nearest.offer(NearestPosts.Element(cosine: Double(post * 7 % 1000), post: post))
    }
    #expect(asked == 0)
    #expect(nearest.sorted().count == 5)
  }
}
