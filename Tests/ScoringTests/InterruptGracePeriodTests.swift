import Scoring
import Testing

@Suite struct InterruptGracePeriodTests {
  @Test func aThreadThatHearsDoesNotKeepAnotherBusyForEver() {
    var patience = InterruptGracePeriod()
    let looks = (1...100).first { _ in patience.isOver(isAcknowledged: true) }
    #expect(looks == 9)
  }

  @Test func whereNobodyHearsTheEndComesEarlier() {
    var patience = InterruptGracePeriod()
    let looks = (1...100).first { _ in patience.isOver(isAcknowledged: false) }
    #expect(looks == 8)
  }
}
