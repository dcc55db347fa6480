import Bytes
import Store
import Testing

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
  func keepsTheNearestInWhateverOrderTheyCome(limit: Int) {
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

  @Test func asksForKeysWhereCosinesAreEqualOnly() {
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
