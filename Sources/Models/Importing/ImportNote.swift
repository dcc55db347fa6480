import Bytes

/// What was done with a file of weights that its user may not expect; none of it stops an import.
package enum ImportNote: Equatable, Sendable {
  /// The prefix that the tensors' names had and the model's have not.
  case prefix(path: String, prefix: String)
  /// Values that were saved with the tensors, by their keys; `objects`: the Python names among them.
  case passedOver(path: String, keys: [String], objects: [String])
  /// Tensors that the user left out.
  case ignored(path: String, names: [String])
  /// Settings that were taken from the `config.json` next to the weights.
  case configured(path: String, settings: [String])
  /// A `config.json` next to the weights that belongs to a model of other sizes.
  case otherConfiguration(path: String)
  /// Numbers of attention heads that nothing tells: each is the part's width / 64.
  case guessedHeads([Heads])
  /// A LoRA adapter that was added to its base.
  case merged(adapter: String, base: String, matrices: Int, others: Int)

  /// The number of attention heads of a part.
  package struct Heads: Equatable, Sendable {
    let part: HubError.Part
    let count: Int
  }
}

extension ImportNote: CustomStringConvertible {
  /// The notice for the user, without a full stop.
  package var description: String {
    switch self {
    case .prefix(let path, let prefix):
      "\(path.printable): the tensors' names begin with \"\(prefix.printable(upTo: 60))\", which is cut off"
    case .passedOver(let path, let keys, let objects):
      "\(path.printable): passed over beside the tensors: \(keys.listed(most: 12))"
        + (objects.isEmpty ? "" : "; Python objects in the file, none of which was run: \(objects.listed(most: 8))")
    case .ignored(let path, let names):
      "\(path.printable): \(names.count) \(names.count == 1 ? "tensor" : "tensors") left out: \(names.listed(most: 8))"
    case .configured(let path, let settings): "\(path.printable) gives \(settings.listed())"
    case .otherConfiguration(let path):
      "\(path.printable) describes a model of other sizes than these weights; it is not used"
    case .guessedHeads(let heads):
      "the weights do not show the number of attention heads; taken as width / 64: "
        + heads.map { "\($0.part.rawValue) \($0.count)" }.joined(separator: ", ")
    case .merged(let adapter, let base, let matrices, let others):
      "\(adapter.printable): \(matrices) LoRA \(matrices == 1 ? "change" : "changes") added to the matrices of \(base.printable)"
        + (others == 0 ? "" : ", and \(others) whole \(others == 1 ? "tensor" : "tensors") taken from the adapter")
    }
  }
}
