import Models
import Tensors
import Testing

@Suite struct EncoderCacheTests {
  /// Posts of a golden model, each picture with an identity, and some of them twice, with parts exchanged.
  private static func posts(_ golden: Golden) throws -> [PostInputs] {
    var posts = try golden.posts()
    for index in posts.indices {
      posts[index].pictureIdentity = posts[index].pixels.map { _ in [UInt8(index)] }
      posts[index].selfBias = nil
      posts[index].crossBias = nil
    }
    var crossed = posts
    for index in crossed.indices {
      let other = posts[(index + 1) % posts.count]
      (crossed[index].pixels, crossed[index].pictureIdentity) = (other.pixels, other.pictureIdentity)
    }
    return posts + crossed + posts
  }

  private static func bits(_ scores: PostScores) -> [UInt32] {
    (scores.logits + scores.vectors.flatMap { $0.values ?? [] }).map(\.bitPattern)
  }

  /// With a cache or without, in one batch or many: the same bits, and less work.
  @Test(arguments: Golden.all, Precision.allCases.filter(\.isSupported))
  func whatIsReusedHasTheSameBits(golden: Golden, precision: Precision) throws {
    let classifier = try golden.classifier(precision), posts = try Self.posts(golden)
    let workspace = classifier.makeWorkspace()
    let expected = try classifier(posts, using: workspace).map(Self.bits)
    let alone = workspace.operations
    for size in [posts.count, 5, 1] {
      let cache = EncoderCache(bytes: 1 << 24)
      workspace.operations = 0
      var found: [[UInt32]] = []
      for start in stride(from: 0, to: posts.count, by: size) {
        let batch = Array(posts[start..<min(start + size, posts.count)])
        found += try classifier(batch, reusing: cache, using: workspace).map(Self.bits)
      }
      #expect(found == expected, "batches of \(size)")
      #expect(workspace.operations < alone * 2 / 3)
      #expect(cache.tally.texts >= 12 && cache.tally.pictures > 0)
    }
  }

  /// A picture that is encoded needs no pixels.
  @Test func cachedTokensReplacePixels() throws {
    let golden = Golden(name: "mean-2")
    let classifier = try golden.classifier(), workspace = classifier.makeWorkspace()
    var post = try #require(try Self.posts(golden).first { $0.pixels != nil })
    let cache = EncoderCache(bytes: 1 << 24)
    let expected = try classifier([post], reusing: cache, using: workspace).map(Self.bits)
    post.encodedPicture = cache.picture(try #require(post.pictureIdentity))
    post.pixels = nil
    #expect(post.encodedPicture != nil)
    #expect(try classifier([post], reusing: cache, using: workspace).map(Self.bits) == expected)
    #expect(cache.picture([99]) == nil)
  }

  /// Recently used entries stay, older ones are evicted, and the bound holds.
  @Test func theMemoryLimitHolds() throws {
    let golden = Golden(name: "mean-2")
    let classifier = try golden.classifier(), workspace = classifier.makeWorkspace()
    let post = try #require(try Self.posts(golden).first { $0.pixels != nil })
    // A picture of this model is 17 tokens of 32 numbers or so: room for about eight.
    let tokens = classifier.configuration.image.tokens * classifier.configuration.dim * 4
    let cache = EncoderCache(bytes: 8 * tokens)
    func score(_ identity: UInt8) throws {
      var post = post
      post.pictureIdentity = [identity]
      post.text = [2, Int32(identity) + 5, 3]
      _ = try classifier([post], reusing: cache, using: workspace)
    }
    for identity in 0..<100 as Range<UInt8> {
      try score(identity)
      #expect(cache.picture([0]) != nil, "asked for every time")
    }
    let kept = (0..<100 as Range<UInt8>).filter { cache.picture([$0]) != nil }
    #expect(kept.count <= 8 && kept.contains(99) && !kept.contains(50))
    #expect(EncoderCache(bytes: 0).picture([0]) == nil)
  }
}
