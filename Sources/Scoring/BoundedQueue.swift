import Foundation

/// A first-in, first-out queue between threads that makes the faster side wait.
///
/// Its capacity bounds memory: nothing upstream runs further ahead than that.
package final class BoundedQueue<Element: Sendable>: @unchecked Sendable {
  /// What a reader of the queue finds.
  package enum Next {
    case element(Element)
    case nothingYet
    case ended
  }

  private let capacity: Int
  private let condition = NSCondition()
  private var elements: [Element] = []
  private var isClosed = false

  package init(capacity: Int) {
    precondition(capacity > 0, "A queue holds at least one element.")
    self.capacity = capacity
  }

  /// Appends an element, waiting for room; once the queue is closed it drops it and says `false`.
  package func push(_ element: Element) -> Bool {
    condition.lock()
    defer { condition.unlock() }
    while elements.count >= capacity && !isClosed { condition.wait() }
    guard !isClosed else { return false }
    elements.append(element)
    condition.broadcast()
    return true
  }

  /// Takes the oldest element, waiting up to `seconds` for one, or as long as it takes.
  package func next(within seconds: Double? = nil) -> Next {
    let deadline = seconds.map { Date(timeIntervalSinceNow: $0) }
    condition.lock()
    defer { condition.unlock() }
    while elements.isEmpty && !isClosed {
      guard let deadline else {
        condition.wait()
        continue
      }
      if !condition.wait(until: deadline) { return .nothingYet }
    }
    guard !elements.isEmpty else { return .ended }
    let element = elements.removeFirst()
    condition.broadcast()
    return .element(element)
  }

  /// Says that no element will follow; those inside can still be taken.
  package func close() {
    condition.withLock {
      isClosed = true
      condition.broadcast()
    }
  }

  /// Closes the queue and drops what is inside.
  package func cancel() {
    condition.withLock {
      isClosed = true
      elements = []
      condition.broadcast()
    }
  }
}
