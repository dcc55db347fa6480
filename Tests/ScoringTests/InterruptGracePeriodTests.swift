import Scoring
import Testing

@Suite struct InterruptGracePeriodTests {
  @Test func theGracePeriodIsLongerIfTheSignalIsAcknowledged() {
    var patience = InterruptGracePeriod()
    let looks = (1...100).first { _ in patience.isOver(isAcknowledged: true) }
    #expect(looks == 9)
  }

  @Test func theGracePeriodIsShorterIfTheSignalIsNotAcknowledged() {
    var patience = InterruptGracePeriod()
    let looks = (1...100).first { _ in patience.isOver(isAcknowledged: false) }
    #expect(looks == 8)
  }
}
