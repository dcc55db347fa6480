/// Counts the steps that a tokenizer takes, so that tests can show how they grow with the text.
package struct WorkCount: Sendable {
  /// Bytes, scalars, heap moves and table steps so far.
  package private(set) var steps = 0

  /// No step yet.
  package init() {}

  /// Adds steps.
  mutating func add(_ steps: Int = 1) { self.steps += steps }
}
