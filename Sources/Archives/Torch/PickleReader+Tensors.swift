internal import Bytes

extension PickleReader {
  /// Makes what a call would: an empty dictionary, a tensor, or the tensor of a parameter.
  mutating func call(_ opcode: PickleOpcode, _ place: Int) throws(ArchiveFault) {
    let values = try last(2, opcode, place)
    guard case .callable(let name) = values[0], case .tuple(let tuple) = values[1] else { throw fault(opcode, place) }
    let arguments = sequences[tuple]
    switch name {
    case .orderedDictionary where arguments.isEmpty: pushDictionary()
    case .tensor:
      stack.append(.tensor(tensors.count))
      tensors.append(try tensor(arguments, opcode, place))
    case .parameter:
      guard arguments.count == 3, case .tensor = arguments[0] else { throw fault(opcode, place) }
      stack.append(arguments[0])
    case .storage, .orderedDictionary: throw fault(opcode, place)
    }
  }

  /// A tensor of `(storage, offset, shape, strides, requires_grad, hooks[, metadata])`.
  private func tensor(
    _ arguments: [PickleValue], _ opcode: PickleOpcode, _ place: Int
  ) throws(ArchiveFault) -> PickledTensor {
    guard (6...7).contains(arguments.count), case .storage(let storage) = arguments[0],
      case .integer(let offset) = arguments[1], let shape = integers(arguments[2]), let strides = integers(arguments[3])
    else { throw fault(opcode, place) }
    return PickledTensor(storage: storage, offset: offset, shape: shape, strides: strides, at: place)
  }

  private func integers(_ value: PickleValue) -> [Int]? {
    guard case .tuple(let tuple) = value, sequences[tuple].count <= StoredTensor.axisLimit else { return nil }
    var integers: [Int] = []
    for value in sequences[tuple] {
      guard case .integer(let integer) = value else { return nil }
      integers.append(integer)
    }
    return integers
  }

  /// The storage of `('storage', format, key, device, count[, view])`.
  mutating func storage(_ told: PickleValue, _ opcode: PickleOpcode, _ place: Int) throws(ArchiveFault) -> Int {
    guard case .tuple(let tuple) = told else { throw fault(opcode, place) }
    let facts = sequences[tuple]
    guard (5...6).contains(facts.count), case .text(let kind) = facts[0], kind.hasSameBytes(as: "storage"),
      case .callable(.storage(let format)) = facts[1], case .text(let key) = facts[2],
      case .text = facts[3], case .integer(let count) = facts[4], count >= 0
    else { throw fault(opcode, place) }
    if facts.count == 6 {
      guard case .none = facts[5] else { throw .storageViews }
    }
    let storage = PickledStorage(key: key, format: format, count: count)
    if let known = storageKeys[ByteText(key)] {
      guard storages[known].format == format, storages[known].count == count else { throw .storageAgain(key) }
      return known
    }
    storageKeys[ByteText(key)] = storages.count
    storages.append(storage)
    return storages.count - 1
  }

  /// The tensors of a dictionary by their names, or of the one dictionary in it that training programs put them in.
  func table(_ value: PickleValue) throws(ArchiveFault) -> [(name: String, tensor: PickledTensor)] {
    guard case .dictionary(let dictionary) = value else { throw .noTensors }
    let table = named(dictionary)
    if !table.isEmpty { return table }
    let inner = dictionaries[dictionary].compactMap { member -> Int? in
      guard case .text(let key) = member.key, case .dictionary(let place) = member.value,
        Self.tables.contains(where: { $0.hasSameBytes(as: key) })
      else { return nil }
      return place
    }
    guard inner.count == 1, let only = inner.first else { throw .noTensors }
    let found = named(only)
    guard !found.isEmpty else { throw .noTensors }
    return found
  }

  /// What training programs call the tensors among all that they save.
  private static let tables = ["state_dict", "model_state_dict", "model"]

  private func named(_ dictionary: Int) -> [(name: String, tensor: PickledTensor)] {
    dictionaries[dictionary].compactMap { member in
      guard case .text(let name) = member.key, case .tensor(let index) = member.value else { return nil }
      return (name, tensors[index])
    }
  }
}
