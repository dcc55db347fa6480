import Foundation
import Scoring
import Testing

@Suite struct BoundedQueueTests {
  @Test func keepsTheOrderBetweenThreads() {
    let queue = BoundedQueue<Int>(capacity: 3)
    Thread.detachNewThread {
      for number in 0..<1000 { _ = queue.push(number) }
      queue.close()
    }
    var seen: [Int] = []
    while case .element(let number) = queue.next() { seen.append(number) }
    #expect(seen == Array(0..<1000))
  }

  @Test func signalsTheEnd() {
    let queue = BoundedQueue<Int>(capacity: 1)
    guard case .nothingYet = queue.next(within: 0.01) else {
      Issue.record("an empty open queue has nothing yet")
      return
    }
    queue.close()
    guard case .ended = queue.next() else {
      Issue.record("an empty closed queue has ended")
      return
    }
    #expect(!queue.push(1))
  }

  @Test func cancelDropsElementsAndWakesProducers() {
    let queue = BoundedQueue<Int>(capacity: 1)
    #expect(queue.push(1))
    let isDone = DispatchSemaphore(value: 0)
    Thread.detachNewThread {
      _ = queue.push(2)
      isDone.signal()
    }
    queue.cancel()
    isDone.wait()
    guard case .ended = queue.next() else {
      Issue.record("a cancelled queue has ended")
      return
    }
  }
}
