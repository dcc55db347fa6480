import Testing
import Training

@Suite struct EpochOrderTests {
  private static func order(_ epoch: Int, seed: UInt64 = 5, dropout: Double = 0) -> EpochOrder {
    EpochOrder(epoch: epoch, posts: 1000, seed: seed, pictureDropout: dropout)
  }

  @Test func everyEpochHasEachPostOnceInItsOwnOrder() {
    let first = Self.order(0)
    #expect(first.posts.sorted() == Array(0..<1000))
    #expect(first.posts == Self.order(0).posts)
    #expect(first.posts != Self.order(1).posts && first.posts != Self.order(0, seed: 6).posts)
  }

  @Test func theRequestedShareOfPicturesIsHidden() {
    #expect(!Self.order(0).isHidden.contains(true))
    #expect(!Self.order(0, dropout: 1).isHidden.contains(false))
    let quarter = Self.order(0, dropout: 0.25)
    #expect((200...300).contains(quarter.isHidden.count { $0 }))
    #expect(quarter.posts == Self.order(0).posts, "hiding pictures changes no order")
    #expect(quarter.isHidden != Self.order(1, dropout: 0.25).isHidden)
  }

  @Test func theLargestSeedIsAllowed() {
    #expect(Self.order(3, seed: .max).posts.sorted() == Array(0..<1000))
  }
}
