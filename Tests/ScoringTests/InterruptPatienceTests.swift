import Scoring
import Testing

@Suite struct InterruptPatienceTests {
  @Test func aThreadThatHearsDoesNotKeepAnotherBusyForEver() {
    var patience = InterruptPatience()
    let looks = (1...100).first { _ in patience.isOver(isHeard: true) }
    #expect(looks == 20)
  }

  @Test func whereNobodyHearsTheEndComesEarlier() {
    var patience = InterruptPatience()
    let looks = (1...100).first { _ in patience.isOver(isHeard: false) }
    #expect(looks == 8)
  }
}
