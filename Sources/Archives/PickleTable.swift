import Bytes

/// The table of tensors in a pickle, and what was saved with it.
struct PickleTable {
  /// The tensors by their names.
  private(set) var tensors: [(name: String, tensor: PickledTensor)] = []
  /// The keys of the values that are not tensors of the table, such as `epoch`, in their order.
  private(set) var otherKeys: [String] = []

  /// A dictionary, and the keys that lead to it.
  private typealias Place = (keys: [String], dictionary: Int)

  /// The usual keys of the table in the checkpoints of training programs.
  private static let usual = ["state_dict", "model_state_dict", "model"]
  /// How many dictionaries may be around the table.
  private static let depth = 3

  /// Finds the one dictionary of tensors in the value of a pickle: under a usual key, the value itself, or a dictionary
  /// in it.
  ///
  /// - Throws: `global` if a value of an unknown kind would be needed for the tensors; `severalTables`; `noTensors`.
  init(_ value: PickleValue, in reader: PickleReader) throws(ArchiveError) {
    if case .object(let object) = value { throw reader.needed(object) }
    guard case .dictionary(let root) = value else { throw .noTensors }
    guard let place = try Self.place(root, reader) else { throw Self.absence(in: root, reader) }
    var search = TensorSearch(reader)
    for (key, value) in reader.dictionaries[place.dictionary] {
      guard case .text(let name) = key else { continue }
      switch value {
      case .tensor(let index): tensors.append((name, reader.tensors[index]))
      case .object(let object) where search.finds(in: object): throw reader.needed(object)
      default: otherKeys.append(name)
      }
    }
    guard let first = place.keys.first else { return }
    for (key, value) in reader.dictionaries[root] {
      guard case .text(let name) = key else { continue }
      if case .dictionary(place.dictionary) = value { continue }
      if ByteText(name) != ByteText(first) { otherKeys.append(name) }
    }
  }

  private static func place(_ root: Int, _ reader: PickleReader) throws(ArchiveError) -> Place? {
    var seen: Set<Int> = [root], level = inner(of: ([], root), reader, &seen)
    let usual = level.filter { place in
      reader.holdsNumbers(place.dictionary)
        && Self.usual.contains { ByteText($0) == ByteText(place.keys.last ?? "") }
    }
    if !usual.isEmpty { return try only(usual) }
    if reader.holdsNumbers(root) { return ([], root) }
    for _ in 0..<depth {
      let tables = level.filter { reader.holdsNumbers($0.dictionary) }
      if !tables.isEmpty { return try only(tables) }
      level = level.flatMap { inner(of: $0, reader, &seen) }
    }
    // Tensors of whole numbers alone are a table, too.
    return reader.namesTensors(root) ? ([], root) : nil
  }

  private static func only(_ places: [Place]) throws(ArchiveError) -> Place {
    guard places.count == 1 else { throw .severalTables(places.map { $0.keys.joined(separator: ".") }) }
    return places[0]
  }

  /// The dictionaries in a dictionary that were not seen before.
  private static func inner(of outer: Place, _ reader: PickleReader, _ seen: inout Set<Int>) -> [Place] {
    var places: [Place] = []
    for member in reader.dictionaries[outer.dictionary] {
      guard case .text(let key) = member.key, case .dictionary(let place) = member.value, seen.insert(place).inserted
      else { continue }
      places.append((outer.keys + [key], place))
    }
    return places
  }

  /// Why there is no table: a value of an unknown kind, which may have held it, or none.
  private static func absence(in root: Int, _ reader: PickleReader) -> ArchiveError {
    let objects = reader.dictionaries[root].compactMap { member -> Int? in
      if case .object(let object) = member.value { object } else { nil }
    }
    var search = TensorSearch(reader)
    guard let object = objects.first(where: { search.finds(in: $0) }) ?? objects.first else { return .noTensors }
    return reader.needed(object)
  }
}

extension PickleReader {
  /// The error for an object that would be needed for the tensors.
  fileprivate func needed(_ object: Int) -> ArchiveError { .global(objects[object].name, at: objects[object].at) }

  /// Whether a dictionary names a tensor of numbers with a fraction.
  fileprivate func holdsNumbers(_ dictionary: Int) -> Bool {
    dictionaries[dictionary].contains { member in
      guard case .text = member.key, case .tensor(let index) = member.value else { return false }
      return storages[tensors[index].storage].format.isFloating
    }
  }

  fileprivate func namesTensors(_ dictionary: Int) -> Bool {
    dictionaries[dictionary].contains { member in
      if case .text = member.key, case .tensor = member.value { true } else { false }
    }
  }
}

/// Searches objects for tensors, or the numbers of one, that they were made from.
private struct TensorSearch {
  private let reader: PickleReader
  /// What was searched without a find.
  private var objects: Set<Int> = []
  private var sequences: Set<Int> = []
  private var dictionaries: Set<Int> = []

  init(_ reader: PickleReader) { self.reader = reader }

  /// Whether there is one in `object`, at any depth. All searches until the first find take O(values of the pickle).
  mutating func finds(in object: Int) -> Bool {
    var waiting: [PickleValue] = [.object(object)]
    while let value = waiting.popLast() {
      switch value {
      case .tensor, .storage: return true
      case .object(let index): if objects.insert(index).inserted { waiting += reader.objects[index].parts }
      case .tuple(let index), .list(let index):
        if sequences.insert(index).inserted { waiting += reader.sequences[index] }
      case .dictionary(let index):
        if dictionaries.insert(index).inserted {
          waiting += reader.dictionaries[index].flatMap { [$0.key, $0.value] }
        }
      case .none, .bool, .integer, .plain, .text, .callable: break
      }
    }
    return false
  }
}
