import Bytes

/// Keeps bare numbers out of the store where the model has names: codes differ between copies of a corpus.
package struct LabelCheck: Sendable {
  private let names: [String]

  package init(names: [String]) {
    self.names = names
  }

  /// The label to store; `nil` for a bare integer that is no name of the model's.
  package func name(_ label: String) -> String? {
    if names.contains(where: { $0.hasSameBytes(as: label) }) { return label }
    return Int(label) == nil ? label : nil
  }
}
