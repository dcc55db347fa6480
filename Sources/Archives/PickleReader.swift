internal import Bytes

/// Reads a pickle of protocol 2 to 4 as data: a stack machine for tables of tensors and the values saved with them.
/// Nothing is imported and nothing is called: a value of an unknown kind is kept as its name and its parts.
///
/// O(bytes) time; each instruction creates at most one value, and there may be `valueLimit` of them.
struct PickleReader {
  /// The maximum length of a pickle; that of a published model has 50 KB.
  static let byteLimit = 32 * 1_048_576
  /// The maximum number of values.
  static let valueLimit = 1 << 20

  private let bytes: UnsafeRawBufferPointer
  /// The next byte.
  private(set) var at: Int
  private let end: Int
  var stack: [PickleValue] = []
  private var marks: [Int] = []
  private var memo: [Int: PickleValue] = [:]
  private var valueCount = 0
  /// The members of tuples and lists.
  var sequences: [[PickleValue]] = []
  /// The keys and values of dictionaries, in their order.
  var dictionaries: [[(key: PickleValue, value: PickleValue)]] = []
  var storages: [PickledStorage] = []
  var storageKeys: [ByteText: Int] = [:]
  var tensors: [PickledTensor] = []
  var objects: [PickledObject] = []

  /// A reader of the pickle that begins at the first byte of `range`, and may end before its last.
  init(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>) {
    (self.bytes, at) = (bytes, range.lowerBound)
    end = min(range.upperBound, range.lowerBound + Self.byteLimit)
  }

  /// Runs to the pickle's end, and returns its value.
  mutating func read() throws(ArchiveError) -> PickleValue {
    stack.removeAll()
    marks.removeAll()
    memo.removeAll()
    let start = at
    while true {
      let place = at
      let byte: UInt8 = try take()
      guard let opcode = PickleOpcode(rawValue: byte) else {
        throw .instruction(PickleOpcode.name(byte), at: place)
      }
      if opcode == .stop {
        guard marks.isEmpty, stack.count == 1, let value = stack.popLast() else { throw fault(opcode, place) }
        return value
      }
      guard (opcode == .proto) == (place == start) else { throw fault(opcode, place) }
      try run(opcode, place)
      valueCount += 1
      guard valueCount <= Self.valueLimit else { throw .tooManyValues(limit: Self.valueLimit) }
    }
  }

  func fault(_ opcode: PickleOpcode, _ place: Int) -> ArchiveError {
    .operands(PickleOpcode.name(opcode.rawValue), at: place)
  }

  private mutating func run(_ opcode: PickleOpcode, _ place: Int) throws(ArchiveError) {
    switch opcode {
    case .stop: break
    case .proto:
      let version: UInt8 = try take()
      guard (2...4).contains(version) else { throw .pickleProtocol(Int(version)) }
    case .frame:
      let length: UInt64 = try take()
      guard length <= UInt64(end - at) else { throw .pickleCutShort(at: end) }
    case .mark: marks.append(stack.count)
    case .byteInteger: stack.append(.integer(Int(try take() as UInt8)))
    case .shortInteger: stack.append(.integer(Int(try take() as UInt16)))
    case .integer: stack.append(.integer(Int(try take() as Int32)))
    case .longInteger: stack.append(try longInteger())
    case .real:
      _ = try take() as UInt64
      stack.append(.plain)
    case .bytes: try skip(UInt64(try take() as UInt32))
    case .shortBytes: try skip(UInt64(try take() as UInt8))
    case .longBytes: try skip(try take())
    case .none: stack.append(.none)
    case .yes: stack.append(.bool(true))
    case .no: stack.append(.bool(false))
    case .text: stack.append(.text(try text(UInt64(try take() as UInt32))))
    case .shortText: stack.append(.text(try text(UInt64(try take() as UInt8))))
    case .longText: stack.append(.text(try text(try take())))
    case .emptyTuple: push([], as: PickleValue.tuple)
    case .tuple: push(try sinceMark(opcode, place), as: PickleValue.tuple)
    case .tuple1: push(try last(1, opcode, place), as: PickleValue.tuple)
    case .tuple2: push(try last(2, opcode, place), as: PickleValue.tuple)
    case .tuple3: push(try last(3, opcode, place), as: PickleValue.tuple)
    case .emptyList, .emptySet: push([], as: PickleValue.list)
    case .frozenSet: push(try sinceMark(opcode, place), as: PickleValue.list)
    case .append: try append(try last(1, opcode, place), opcode, place)
    case .appends, .addItems: try append(try sinceMark(opcode, place), opcode, place)
    case .emptyDictionary: pushDictionary()
    case .setItem: try set(try last(2, opcode, place), opcode, place)
    case .setItems: try set(try sinceMark(opcode, place), opcode, place)
    case .global: stack.append(try global(try line(), try line(), place))
    case .stackGlobal:
      let names = try last(2, opcode, place)
      guard case .text(let module) = names[0], case .text(let name) = names[1] else { throw fault(opcode, place) }
      stack.append(try global(module, name, place))
    case .persistent:
      let declared = try last(1, opcode, place)[0]
      stack.append(.storage(try storage(declared, opcode, place)))
    case .call, .newObject: try call(try last(2, opcode, place), opcode, place)
    case .newObjectWithKeys:
      let values = try last(3, opcode, place)
      guard case .object = values[0] else { throw fault(opcode, place) }
      try call(Array(values[..<2]), opcode, place)
      keep([values[2]])
    case .build:
      let values = try last(2, opcode, place)
      stack.append(values[0])
      if case .object = values[0] {
        keep([values[1]])
      } else {
        // Attributes of a dictionary, such as module versions, are not needed.
        guard case .dictionary = values[0], case .dictionary = values[1] else { throw fault(opcode, place) }
      }
    case .put: try remember(Int(try take() as UInt8), opcode, place)
    case .longPut: try remember(Int(try take() as UInt32), opcode, place)
    case .memoize: try remember(memo.count, opcode, place)
    case .get: try recall(Int(try take() as UInt8), opcode, place)
    case .longGet: try recall(Int(try take() as UInt32), opcode, place)
    }
  }

  // MARK: The stack

  private var base: Int { marks.last ?? 0 }

  mutating func last(_ count: Int, _ opcode: PickleOpcode, _ place: Int) throws(ArchiveError) -> [PickleValue] {
    guard stack.count - base >= count else { throw fault(opcode, place) }
    let values = Array(stack.suffix(count))
    stack.removeLast(count)
    return values
  }

  private mutating func sinceMark(_ opcode: PickleOpcode, _ place: Int) throws(ArchiveError) -> [PickleValue] {
    guard let mark = marks.popLast() else { throw fault(opcode, place) }
    let values = Array(stack[mark...])
    stack.removeSubrange(mark...)
    return values
  }

  private mutating func push(_ values: [PickleValue], as kind: (Int) -> PickleValue) {
    stack.append(kind(sequences.count))
    sequences.append(values)
  }

  mutating func pushDictionary() {
    stack.append(.dictionary(dictionaries.count))
    dictionaries.append([])
  }

  /// Adds parts to the object on top of the stack; false if there is none.
  @discardableResult
  private mutating func keep(_ parts: [PickleValue]) -> Bool {
    guard stack.count > base, case .object(let object)? = stack.last else { return false }
    objects[object].parts += parts
    return true
  }

  private mutating func append(_ values: [PickleValue], _ opcode: PickleOpcode, _ place: Int) throws(ArchiveError) {
    if keep(values) { return }
    guard stack.count > base, case .list(let list) = stack[stack.count - 1] else { throw fault(opcode, place) }
    sequences[list] += values
  }

  private mutating func set(_ values: [PickleValue], _ opcode: PickleOpcode, _ place: Int) throws(ArchiveError) {
    if keep(values) { return }
    guard stack.count > base, case .dictionary(let dictionary) = stack[stack.count - 1],
      values.count.isMultiple(of: 2)
    else { throw fault(opcode, place) }
    for index in stride(from: 0, to: values.count, by: 2) {
      dictionaries[dictionary].append((values[index], values[index + 1]))
    }
  }

  private mutating func remember(_ index: Int, _ opcode: PickleOpcode, _ place: Int) throws(ArchiveError) {
    guard stack.count > base, let top = stack.last else { throw fault(opcode, place) }
    memo[index] = top
  }

  private mutating func recall(_ index: Int, _ opcode: PickleOpcode, _ place: Int) throws(ArchiveError) {
    guard let value = memo[index] else { throw fault(opcode, place) }
    stack.append(value)
  }

  // MARK: The bytes

  private mutating func take<Number: FixedWidthInteger>() throws(ArchiveError) -> Number {
    guard at <= end - MemoryLayout<Number>.size, let number = bytes.number(Number.self, at: at) else {
      throw .pickleCutShort(at: end)
    }
    at += MemoryLayout<Number>.size
    return number
  }

  private mutating func text(_ length: UInt64) throws(ArchiveError) -> String {
    guard length <= UInt64(end - at) else { throw .pickleCutShort(at: end) }
    let range = at..<at + Int(length)
    guard let text = bytes.text(range) else { throw .notUTF8(at: at) }
    at = range.upperBound
    return text
  }

  /// The bytes up to the end of a line, at most the 256 that a name may have.
  private mutating func line() throws(ArchiveError) -> String {
    let start = at, limit = min(end, at + 256)
    while at < limit, bytes[at] != 0x0A { at += 1 }
    guard at < limit else { throw .pickleCutShort(at: at) }
    guard let text = bytes.text(start..<at) else { throw .notUTF8(at: start) }
    at += 1
    return text
  }

  /// A whole number of any length; one of more than 8 bytes is no size of a tensor.
  private mutating func longInteger() throws(ArchiveError) -> PickleValue {
    let length: UInt8 = try take()
    guard length <= 8 else {
      for _ in 0..<length { _ = try take() as UInt8 }
      return .plain
    }
    var value: UInt64 = 0
    for index in 0..<length { value |= UInt64(try take() as UInt8) << (8 * UInt64(index)) }
    let unused = (8 - UInt64(length)) * 8
    return .integer(length == 0 ? 0 : Int(Int64(bitPattern: value << unused) >> Int64(unused)))
  }

  /// Passes over bytes that are not needed.
  private mutating func skip(_ length: UInt64) throws(ArchiveError) {
    guard length <= UInt64(end - at) else { throw .pickleCutShort(at: end) }
    at += Int(length)
    stack.append(.plain)
  }

  private mutating func global(_ module: String, _ name: String, _ place: Int) throws(ArchiveError) -> PickleValue {
    if let known = PickleName(module: module, name: name) { return .callable(known) }
    guard !PickleName.isHostile(module: module, name: name) else { throw .global("\(module).\(name)", at: place) }
    objects.append(PickledObject(name: "\(module).\(name)", at: place))
    return .object(objects.count - 1)
  }
}

extension PickleReader {
  /// Creates the result of a supported call: an empty dictionary, a tensor, or the tensor of a parameter. The result of
  /// any other name is an object of that name.
  mutating func call(_ values: [PickleValue], _ opcode: PickleOpcode, _ place: Int) throws(ArchiveError) {
    if case .object(let called) = values[0] {
      objects.append(PickledObject(name: objects[called].name, at: objects[called].at, parts: values))
      stack.append(.object(objects.count - 1))
      return
    }
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
  ) throws(ArchiveError) -> PickledTensor {
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
  mutating func storage(_ declared: PickleValue, _ opcode: PickleOpcode, _ place: Int) throws(ArchiveError) -> Int {
    guard case .tuple(let tuple) = declared else { throw fault(opcode, place) }
    let facts = sequences[tuple]
    if facts.count > 1, case .object(let format) = facts[1] {
      throw .global(objects[format].name, at: objects[format].at)
    }
    guard (5...6).contains(facts.count), case .text(let kind) = facts[0], kind == "storage",
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
}
