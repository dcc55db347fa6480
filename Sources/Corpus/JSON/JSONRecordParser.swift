import Bytes

/// Parses one record, a JSON object, to columns: RFC 8259, and `NaN` and `Infinity` as Python writes them.
///
/// The members of objects are columns with dotted names; a list is one column, its text as in the file. Strings are
/// decoded; numbers, `true` and `false` are as in the file; `null` and `NaN` are empty. Checks everything but whether the
/// values are valid UTF-8, which making strings of them does.
struct JSONRecordParser: ~Copyable {
  /// The maximum nesting of lists and objects.
  static let nestingLimit = 64

  /// The value of a column; its bytes are in the record, or in ``decoded`` if it had escapes.
  struct Field {
    enum Form { case value, list, object }

    var column: Int
    var range: Range<Int>
    /// An object only where a role's value is expected: otherwise its members are the columns.
    var form: Form
    var isDecoded: Bool
    /// Whether an escape stands for a NUL character; JSON allows none otherwise.
    var hasNUL: Bool
  }

  /// The columns found so far.
  private(set) var table: MemberTable
  /// The values of the last record, also of one that is damaged: those before the damage.
  private(set) var fields: [Field] = []
  /// Decoded strings of the last record.
  private(set) var decoded: [UInt8] = []
  /// The number of values over the limit that were left empty since nothing reads them.
  private(set) var omitted = 0
  /// How often the columns that are not the file's were forgotten; their numbers are used again.
  private(set) var resets = 0
  /// The number of records parsed so far.
  private var record = 0
  private let limits: RecordLimits
  /// The table that is left when too many keys were met: with the file's columns alone.
  private var base: MemberTable

  private var text = UnsafeRawBufferPointer(start: nil, count: 0)
  private var at = 0
  /// Whether the last decoded string has a NUL character.
  private var hasNUL = false
  private var fault: RecordFault?

  init(_ uses: MemberUses, limits: RecordLimits) {
    table = MemberTable(uses)
    base = table
    self.limits = limits
  }

  /// Declares the columns found so far, and others by name, to be those of the file, which keep their numbers.
  mutating func fixColumns(adding names: [ByteText] = []) {
    if !names.isEmpty { table = base }
    for name in names { table.add(name) }
    base = table
  }

  /// Parses a record; its fault, if it is damaged.
  mutating func parse(_ text: UnsafeRawBufferPointer) -> RecordFault? {
    if table.count > base.count + 2 * limits.columns {
      table = base
      resets += 1
    }
    self.text = text
    fields.removeAll(keepingCapacity: true)
    decoded.removeAll(keepingCapacity: true)
    (at, fault, omitted) = (0, nil, 0)
    record += 1
    skipBlanks()
    if byte != UInt8(ascii: "{") {
      let kind = JSONBytes.kind(byte)
      if skipValue(depth: 0) { _ = fail(.notAnObject(kind)) }
      return fault
    }
    if object(MemberTable.root, depth: 0, isInList: false) {
      skipBlanks()
      if at < text.count { _ = fail(.syntax(.end, at: at + 1)) }
    }
    return fault
  }

  /// Calls `body` with a value's bytes; `text` is the record.
  func withBytes<Result>(
    of field: Field, in text: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer) -> Result
  ) -> Result {
    guard field.isDecoded else { return body(UnsafeRawBufferPointer(rebasing: text[field.range])) }
    return decoded.withUnsafeBytes { body(UnsafeRawBufferPointer(rebasing: $0[field.range])) }
  }

  /// A value where the cell of a role is expected, if it is an object or a list that cannot be one.
  func nested(_ field: Field, in text: UnsafeRawBufferPointer) -> NestedValue? {
    guard field.form != .value else { return nil }
    return withBytes(of: field, in: text) {
      NestedValue(
        $0, name: table.names[field.column].text, role: table.kinds[field.column].role, isList: field.form == .list)
    }
  }

  // MARK: Values that become columns

  private mutating func value(_ node: Int, depth: Int, isInList: Bool) -> Bool {
    switch byte {
    case UInt8(ascii: "{"):
      guard table.isRole(node) else { return object(node, depth: depth, isInList: isInList) }
      let start = at
      // Its column is before those of its members.
      _ = table.column(of: node, isInList: isInList)
      guard object(node, depth: depth, isInList: isInList) else { return false }
      return add(node, start..<at, .object, isInList: isInList)
    case UInt8(ascii: "["):
      let start = at
      guard list(node, depth: depth) else { return false }
      return add(node, start..<at, .list, isInList: isInList)
    case UInt8(ascii: "\""):
      guard let (range, isDecoded) = string(of: node) else { return false }
      return add(node, range, isDecoded: isDecoded, isInList: isInList)
    default:
      let start = at
      guard skipValue(depth: depth) else { return false }
      // A missing number, in the words of Python.
      let isMissing = text[start] == UInt8(ascii: "n") || text[start] == UInt8(ascii: "N")
      return add(node, isMissing ? start..<start : start..<at, isInList: isInList)
    }
  }

  private mutating func object(_ node: Int, depth: Int, isInList: Bool) -> Bool {
    guard depth < Self.nestingLimit else { return fail(.tooDeep(limit: Self.nestingLimit)) }
    at += 1
    table.begin(node)
    skipBlanks()
    if take(UInt8(ascii: "}")) { return true }
    repeat {
      skipBlanks()
      guard byte == UInt8(ascii: "\"") else { return fail(.syntax(.key, at: at + 1)) }
      guard let child = key(below: node) else { return false }
      guard table.enter(child, record: record) else {
        return fail(table.isText(child) ? .repeatedMember(table.name(of: child).text) : .keyNotText)
      }
      skipBlanks()
      guard take(UInt8(ascii: ":")) else { return fail(.syntax(.colon, at: at + 1)) }
      skipBlanks()
      guard value(child, depth: depth + 1, isInList: isInList) else { return false }
      skipBlanks()
    } while take(UInt8(ascii: ","))
    return take(UInt8(ascii: "}")) || fail(.syntax(.commaOrBrace, at: at + 1))
  }

  /// A list, and those of its elements that a column's name asks for.
  private mutating func list(_ node: Int, depth: Int) -> Bool {
    let picks = table.picks(of: node)
    if picks.isEmpty { return skipValue(depth: depth) }
    guard depth < Self.nestingLimit else { return fail(.tooDeep(limit: Self.nestingLimit)) }
    at += 1
    skipBlanks()
    if take(UInt8(ascii: "]")) { return true }
    var element = 0
    repeat {
      skipBlanks()
      if let pick = picks.first(where: { $0.index == element }) {
        guard value(pick.node, depth: depth + 1, isInList: true) else { return false }
      } else if !skipValue(depth: depth + 1) {
        return false
      }
      element += 1
      skipBlanks()
    } while take(UInt8(ascii: ","))
    return take(UInt8(ascii: "]")) || fail(.syntax(.commaOrBracket, at: at + 1))
  }

  private mutating func add(
    _ node: Int, _ range: Range<Int>, _ form: Field.Form = .value, isDecoded: Bool = false, isInList: Bool
  ) -> Bool {
    guard let column = table.column(of: node, isInList: isInList) else { return true }
    guard table.fill(column, record: record) else { return fail(.repeatedMember(table.names[column].text)) }
    guard fields.count < limits.columns else { return fail(.tooManyMembers(limit: limits.columns)) }
    var field = Field(column: column, range: range, form: form, isDecoded: isDecoded, hasNUL: isDecoded && hasNUL)
    let use = table.kinds[column].use
    if range.count > limits.fieldBytes, !withBytes(of: field, in: text, use.allowsLong) {
      guard use == .unread else { return fail(.tooLong(table.names[column].text, limit: limits.fieldBytes)) }
      (field.range, field.hasNUL) = (range.lowerBound..<range.lowerBound, false)
      omitted += 1
    }
    fields.append(field)
    return true
  }

  private mutating func key(below parent: Int) -> Int? {
    let start = at + 1
    guard let hasEscapes = skipString() else { return nil }
    if !hasEscapes { return table.child(of: parent, UnsafeRawBufferPointer(rebasing: text[start..<at - 1])) }
    let end = decoded.count
    guard decode(start..<at - 1, member: nil) else { return nil }
    defer { decoded.removeLast(decoded.count - end) }
    return decoded[end...].withUnsafeBytes { table.child(of: parent, $0) }
  }

  private mutating func string(of node: Int) -> (Range<Int>, isDecoded: Bool)? {
    let start = at + 1
    guard let hasEscapes = skipString() else { return nil }
    guard hasEscapes else { return (start..<at - 1, false) }
    let first = decoded.count
    return decode(start..<at - 1, member: node) ? (first..<decoded.count, true) : nil
  }
}

// What all values are made of.
extension JSONRecordParser {
  /// The next byte; 0 at the end, which no valid record contains.
  private var byte: UInt8 { at < text.count ? text[at] : 0 }

  private mutating func skipBlanks() {
    while at < text.count, text[at] == 0x20 || text[at] == 0x09 || text[at] == 0x0A || text[at] == 0x0D { at += 1 }
  }

  private mutating func take(_ wanted: UInt8) -> Bool {
    guard byte == wanted else { return false }
    at += 1
    return true
  }

  private mutating func fail(_ fault: RecordFault.JSONFault) -> Bool {
    self.fault = .json(fault)
    return false
  }

  /// Passes over a value of any kind.
  private mutating func skipValue(depth: Int) -> Bool {
    switch byte {
    case UInt8(ascii: "{"): return skipObject(depth: depth)
    case UInt8(ascii: "["): return skipList(depth: depth)
    case UInt8(ascii: "\""): return skipString() != nil
    case UInt8(ascii: "t"): return skip("true")
    case UInt8(ascii: "f"): return skip("false")
    case UInt8(ascii: "n"): return skip("null")
    case UInt8(ascii: "N"): return skip("NaN")
    case UInt8(ascii: "I"): return skip("Infinity")
    default: return skipNumber()
    }
  }

  private mutating func skipObject(depth: Int) -> Bool {
    guard depth < Self.nestingLimit else { return fail(.tooDeep(limit: Self.nestingLimit)) }
    at += 1
    skipBlanks()
    if take(UInt8(ascii: "}")) { return true }
    repeat {
      skipBlanks()
      guard byte == UInt8(ascii: "\"") else { return fail(.syntax(.key, at: at + 1)) }
      guard skipString() != nil else { return false }
      skipBlanks()
      guard take(UInt8(ascii: ":")) else { return fail(.syntax(.colon, at: at + 1)) }
      skipBlanks()
      guard skipValue(depth: depth + 1) else { return false }
      skipBlanks()
    } while take(UInt8(ascii: ","))
    return take(UInt8(ascii: "}")) || fail(.syntax(.commaOrBrace, at: at + 1))
  }

  private mutating func skipList(depth: Int) -> Bool {
    guard depth < Self.nestingLimit else { return fail(.tooDeep(limit: Self.nestingLimit)) }
    at += 1
    skipBlanks()
    if take(UInt8(ascii: "]")) { return true }
    repeat {
      skipBlanks()
      guard skipValue(depth: depth + 1) else { return false }
      skipBlanks()
    } while take(UInt8(ascii: ","))
    return take(UInt8(ascii: "]")) || fail(.syntax(.commaOrBracket, at: at + 1))
  }

  private mutating func skip(_ word: StaticString) -> Bool {
    let bytes = UnsafeRawBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount)
    guard at + bytes.count <= text.count,
      UnsafeRawBufferPointer(rebasing: text[at..<at + bytes.count]).elementsEqual(bytes)
    else { return fail(.syntax(.value, at: at + 1)) }
    at += bytes.count
    return true
  }

  private mutating func skipNumber() -> Bool {
    let start = at
    if take(UInt8(ascii: "-")), byte == UInt8(ascii: "I") { return skip("Infinity") }
    let first = byte, whole = skipDigits()
    guard whole > 0 else { return fail(.syntax(.value, at: start + 1)) }
    guard whole == 1 || first != UInt8(ascii: "0") else { return fail(.syntax(.noLeadingZero, at: start + 1)) }
    if take(UInt8(ascii: ".")), skipDigits() == 0 { return fail(.syntax(.digit, at: at + 1)) }
    if byte | 0x20 == UInt8(ascii: "e") {
      at += 1
      if byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-") { at += 1 }
      guard skipDigits() > 0 else { return fail(.syntax(.digit, at: at + 1)) }
    }
    return true
  }

  private mutating func skipDigits() -> Int {
    let start = at
    while at < text.count, isDigit(text[at]) { at += 1 }
    return at - start
  }

  /// Passes over a string, and checks its escapes; whether it has any. `nil` if it is damaged.
  private mutating func skipString() -> Bool? {
    at += 1
    var hasEscapes = false
    while true {
      // Eight bytes at a time, to the first that is a quote, a backslash or a control character.
      while at + 8 <= text.count {
        let marks = JSONBytes.special(text.loadUnaligned(fromByteOffset: at, as: UInt64.self).littleEndian)
        if marks != 0 {
          at += marks.trailingZeroBitCount >> 3
          break
        }
        at += 8
      }
      guard at < text.count else {
        _ = fail(.syntax(.quote, at: at + 1))
        return nil
      }
      switch text[at] {
      case UInt8(ascii: "\""):
        at += 1
        return hasEscapes
      case UInt8(ascii: "\\"):
        hasEscapes = true
        guard skipEscape() else { return nil }
      case 0..<0x20:
        _ = fail(.syntax(.noControlCharacter, at: at + 1))
        return nil
      default:
        at += 1
      }
    }
  }

  private mutating func skipEscape() -> Bool {
    at += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
      UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
      at += 1
      return true
    case UInt8(ascii: "u"):
      at += 1
      for _ in 0..<4 {
        guard JSONBytes.hexDigit(byte) != nil else { return fail(.syntax(.hexDigit, at: at + 1)) }
        at += 1
      }
      return true
    default:
      return fail(.syntax(.escape, at: at + 1))
    }
  }

  /// Appends a checked string to ``decoded`` without its escapes; false for half of a surrogate pair.
  private mutating func decode(_ range: Range<Int>, member: Int?) -> Bool {
    hasNUL = false
    var place = range.lowerBound
    while place < range.upperBound {
      let rest = UnsafeRawBufferPointer(rebasing: text[place..<range.upperBound])
      let plain = rest.firstIndex(of: UInt8(ascii: "\\")) ?? rest.count
      decoded.append(contentsOf: UnsafeRawBufferPointer(rebasing: rest[..<plain]))
      place += plain
      guard place < range.upperBound else { break }
      let letter = text[place + 1]
      place += 2
      switch letter {
      case UInt8(ascii: "b"): decoded.append(0x08)
      case UInt8(ascii: "f"): decoded.append(0x0C)
      case UInt8(ascii: "n"): decoded.append(0x0A)
      case UInt8(ascii: "r"): decoded.append(0x0D)
      case UInt8(ascii: "t"): decoded.append(0x09)
      case UInt8(ascii: "u"):
        var code = unit(place)
        place += 4
        if UTF16.isLeadSurrogate(UInt16(code)), place + 6 <= range.upperBound, text[place] == UInt8(ascii: "\\"),
          text[place + 1] == UInt8(ascii: "u"), UTF16.isTrailSurrogate(UInt16(unit(place + 2)))
        {
          code = 0x10000 + (code - 0xD800) << 10 + (unit(place + 2) - 0xDC00)
          place += 6
        }
        if code == 0 { hasNUL = true }
        guard let scalar = Unicode.Scalar(code) else {
          return fail(.halfCharacter(member.map { table.name(of: $0).text } ?? "", code))
        }
        decoded.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
      default: decoded.append(letter)
      }
    }
    return true
  }

  /// The four hexadecimal digits at a place, which were checked.
  private func unit(_ place: Int) -> UInt32 {
    (0..<4).reduce(0) { $0 << 4 | (JSONBytes.hexDigit(text[place + $1]) ?? 0) }
  }
}
