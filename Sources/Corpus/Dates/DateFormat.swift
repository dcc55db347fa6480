/// A form of dates as `strptime` writes it: `%d/%m/%Y %H:%M`.
package struct DateFormat: Sendable, Equatable {
  /// The format as the user gave it.
  package let pattern: String
  private let parts: [Part]

  private enum Part: Sendable, Equatable {
    case literal(UInt8)
    /// Any number of blanks, also none.
    case blanks
    /// The letter of a directive.
    case directive(UInt8)
  }

  /// Reads a format.
  ///
  /// The directives are those of Python's `strptime`, and `%D`, `%e`, `%F`, `%k`, `%l`, `%R`, `%s` and `%T` of C. A
  /// format must give a whole day.
  package init(parsing pattern: String) throws(OptionError) {
    var parts: [Part] = []
    var bytes = Array(pattern.utf8)[...]
    while let byte = bytes.popFirst() {
      guard byte == UInt8(ascii: "%") else {
        if isBlank(byte) {
          if parts.last != .blanks { parts.append(.blanks) }
        } else {
          parts.append(.literal(byte))
        }
        continue
      }
      guard let letter = bytes.popFirst() else { throw .malformedDateFormat(pattern, "%") }
      switch letter {
      case UInt8(ascii: "D"): bytes = Array("%m/%d/%y".utf8) + bytes
      case UInt8(ascii: "F"): bytes = Array("%Y-%m-%d".utf8) + bytes
      case UInt8(ascii: "R"): bytes = Array("%H:%M".utf8) + bytes
      case UInt8(ascii: "T"): bytes = Array("%H:%M:%S".utf8) + bytes
      case UInt8(ascii: "n"), UInt8(ascii: "t"): parts.append(.blanks)
      case UInt8(ascii: "%"): parts.append(.literal(letter))
      case UInt8(ascii: "e"): parts += [.blanks, .directive(UInt8(ascii: "d"))]
      case UInt8(ascii: "k"): parts += [.blanks, .directive(UInt8(ascii: "H"))]
      case UInt8(ascii: "l"): parts += [.blanks, .directive(UInt8(ascii: "I"))]
      case UInt8(ascii: "h"): parts.append(.directive(UInt8(ascii: "b")))
      case _ where "YymdHIMSfpzZjbBaAs".utf8.contains(letter): parts.append(.directive(letter))
      default: throw .malformedDateFormat(pattern, "%" + String(Unicode.Scalar(letter)))
      }
    }
    (self.pattern, self.parts) = (pattern, parts)
    func has(_ letters: String) -> Bool { letters.utf8.contains { parts.contains(.directive($0)) } }
    guard has("s") || (has("Yy") && (has("j") || (has("mbB") && has("d")))) else {
      throw .malformedDateFormat(pattern, "")
    }
  }

  /// Seconds since 1970 of a text; `nil` if it does not have this form to its end.
  package func seconds(of text: String) -> Int? { seconds(Array(text.utf8)) }

  func seconds(_ bytes: [UInt8]) -> Int? {
    var reader = FormatReader(bytes: bytes)
    for part in parts {
      switch part {
      case .literal(let byte): guard reader.take(byte) else { return nil }
      case .blanks: reader.skipBlanks()
      case .directive(let letter): guard reader.read(letter) else { return nil }
      }
    }
    return reader.seconds
  }
}

/// The reading of one text by a format.
private struct FormatReader {
  let bytes: [UInt8]
  private var at = 0
  private var year = 0, month = 1, day = 1, dayOfYear: Int?
  private var hour = 0, minute = 0, second = 0, offset = 0
  private var isAfternoon: Bool?, weekday: Int?, epoch: Int?

  init(bytes: [UInt8]) { self.bytes = bytes }

  /// The time, if the text ends here and the time exists.
  var seconds: Int? {
    guard at == bytes.count else { return nil }
    if let epoch { return epoch }
    let civil = dayOfYear.map { CivilTime(year: year, dayOfYear: $0) } ?? CivilTime(year: year, month: month, day: day)
    guard var date = civil,
      let time = CivilTime.time(hour: hour, minute: minute, second: second, isAfternoon: isAfternoon)
    else { return nil }
    if let weekday, date.weekday != weekday { return nil }
    date.time = time
    return date.seconds - offset
  }

  mutating func take(_ byte: UInt8) -> Bool {
    guard at < bytes.count, bytes[at] == byte || (isLetter(byte) && bytes[at] | 0x20 == byte | 0x20) else {
      return false
    }
    at += 1
    return true
  }

  mutating func skipBlanks() { while at < bytes.count, bytes[at] == 0x20 { at += 1 } }

  mutating func read(_ letter: UInt8) -> Bool {
    switch Character(Unicode.Scalar(letter)) {
    case "Y": return number(4...4, 0...9999) { $0.year = $1 }
    case "y": return number(2...2, 0...99) { $0.year = $1 + ($1 < 69 ? 2000 : 1900) }
    case "m": return number(1...2, 1...12) { $0.month = $1 }
    case "d": return number(1...2, 1...31) { $0.day = $1 }
    case "j": return number(1...3, 1...366) { $0.dayOfYear = $1 }
    case "H": return number(1...2, 0...23) { $0.hour = $1 }
    case "I":
      return number(1...2, 1...12) {
        $0.hour = $1
        $0.isAfternoon = $0.isAfternoon ?? false
      }
    case "M": return number(1...2, 0...59) { $0.minute = $1 }
    case "S": return number(1...2, 0...60) { $0.second = $1 }
    case "f": return number(1...9, 0...Int.max) { _, _ in }
    case "s": return number(1...12, 0...Int.max) { $0.epoch = $1 }
    case "b", "B":
      guard let found = CalendarNames.month(word()) else { return false }
      month = found
    case "a", "A":
      guard let found = CalendarNames.weekday(word()) else { return false }
      weekday = found
    case "p":
      let half = String(decoding: word(), as: UTF8.self)
      guard half == "am" || half == "pm" else { return false }
      isAfternoon = half == "pm"
    case "z": return readOffset()
    case "Z":
      guard let found = ZoneName.offset(String(decoding: word(), as: UTF8.self)) else { return false }
      offset = found
    default: return false
    }
    return true
  }

  private func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) || byte >= 0x80 }

  /// The letters from here on, in lower case.
  private mutating func word() -> [UInt8] {
    let start = at
    while at < bytes.count, isLetter(bytes[at]) { at += 1 }
    return Array(String(decoding: bytes[start..<at], as: UTF8.self).lowercased().utf8)
  }

  /// Reads as many figures as there may be, as `strptime` does.
  private mutating func number(
    _ count: ClosedRange<Int>, _ range: ClosedRange<Int>, _ set: (inout Self, Int) -> Void
  ) -> Bool {
    var (found, value) = (0, 0)
    while found < count.upperBound, at < bytes.count, isDigit(bytes[at]) {
      let next = value * 10 + Int(bytes[at] - 0x30)
      // Two figures only if both together are allowed: `%m` takes the 1 of `13`, and what follows decides.
      if next > range.upperBound, found >= count.lowerBound { break }
      (value, found, at) = (next, found + 1, at + 1)
    }
    guard count.contains(found), range.contains(value) else { return false }
    set(&self, value)
    return true
  }

  private mutating func readOffset() -> Bool {
    if at < bytes.count, bytes[at] | 0x20 == UInt8(ascii: "z") {
      at += 1
      return true
    }
    guard at < bytes.count, bytes[at] == UInt8(ascii: "+") || bytes[at] == UInt8(ascii: "-") else { return false }
    let sign = bytes[at] == UInt8(ascii: "-") ? -1 : 1
    at += 1
    var (hours, minutes) = (0, 0)
    guard number(2...2, 0...14, { _, value in hours = value }) else { return false }
    if at < bytes.count, bytes[at] == UInt8(ascii: ":") { at += 1 }
    guard number(2...2, 0...59, { _, value in minutes = value }) else { return false }
    offset = sign * (hours * 3600 + minutes * 60)
    return true
  }
}
