import Bytes
import Foundation

/// The reading of a cell with a date.
package enum DateReading: Equatable, Sendable {
  /// The time in UTC, in ISO 8601: `2026-01-31T12:00:00Z`.
  case time(String)
  /// The same from a spreadsheet's number of days since 30 December 1899.
  case dayNumber(String)
  /// Day and month, or month and day: `10/11/2018`.
  case twoOrders
  /// A zone's abbreviation with several meanings, or a local time that its zone has twice or never.
  case unclearZone
  /// No date that is known.
  case unknown

  /// The time, if there is one.
  package var text: String? {
    switch self {
    case .time(let text), .dayNumber(let text): text
    case .twoOrders, .unclearZone, .unknown: nil
    }
  }
}

/// Reads the dates of data dumps: every form that has one meaning, and formats for the others.
///
/// It is written by hand because the library's parsers accept a valid beginning and ignore the rest. A time without a
/// zone counts as UTC, a date without a time as its midnight; fractions of a second are dropped.
package struct DateParser: Sendable {
  private let formats: [DateFormat]

  /// Creates a parser. With formats, day and month in figures are read by these alone.
  package init(formats: [DateFormat] = []) { self.formats = formats }

  /// Reads a cell.
  package func read(_ text: String) -> DateReading {
    let bytes = Self.normalized(text)
    guard !bytes.isEmpty, bytes.count <= 100 else { return .unknown }
    for format in formats {
      if let seconds = format.seconds(bytes) { return Self.reading(seconds) }
    }
    if let number = Self.number(bytes) { return number }
    var scanner = DateScanner(bytes, readsOrders: formats.isEmpty)
    return scanner.read()
  }

  /// The time in UTC; `nil` if the text has none or several meanings.
  package static func iso8601(_ text: String) -> String? { DateParser().read(text).text }

  /// From 1900 to 2200.
  private static let known = -2_208_988_800..<7_289_654_400

  static func reading(_ seconds: Int) -> DateReading {
    // An offset may lead out of the years that are read.
    guard known.contains(seconds) else { return .unknown }
    return .time(Timestamp.utc(Date(timeIntervalSince1970: Double(seconds))))
  }

  /// The bytes without blanks at the ends; other blanks and the marks between date and time are blanks.
  private static func normalized(_ text: String) -> [UInt8] {
    var bytes: [UInt8] = []
    for scalar in text.unicodeScalars {
      switch scalar.value {
      case 0x09...0x0D, 0xA0, 0x2007, 0x2009, 0x202F, 0xB7, 0x2022, 0x2013, 0x2014: bytes.append(0x20)
      // Marks of direction around dates in Arabic and Hebrew exports.
      case 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069: continue
      default: bytes.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
      }
    }
    return Array(bytes.drop { $0 == 0x20 }.reversed().drop { $0 == 0x20 }.reversed())
  }

  // MARK: Numbers alone

  /// The plausible years of a post, as seconds since 1970: 1990 to 2100; and as days of a spreadsheet.
  private static let plausible = 631_152_000..<4_102_444_800, plausibleDays = 32_874.0..<73_051.0

  /// Seconds, milliseconds, microseconds or nanoseconds since 1970; `20181010` and `20181010201924`; a spreadsheet's day.
  ///
  /// No number is plausible as two of these.
  private static func number(_ bytes: [UInt8]) -> DateReading? {
    guard
      bytes.allSatisfy({
        isDigit($0) || $0 == UInt8(ascii: ".") || $0 | 0x20 == UInt8(ascii: "e") || $0 == UInt8(ascii: "+")
      }),
      isDigit(bytes[0]), let value = Double(String(decoding: bytes, as: UTF8.self))
    else { return nil }
    if plausibleDays.contains(value) {
      let seconds = ((value - 25_569) * 86_400).rounded()
      return .dayNumber(Timestamp.utc(Date(timeIntervalSince1970: seconds)))
    }
    var digits = bytes.prefix(while: isDigit)
    if let letter = bytes.firstIndex(where: { $0 | 0x20 == UInt8(ascii: "e") }) {
      // `1.539202764E9` is exact to the second, `1.54E+12` is rounded. Java writes no plus and no zeros at the end, so
      // `1.5418512E9` is exact, too; spreadsheets, R and Python write a plus.
      let parts = bytes[..<letter].split(separator: UInt8(ascii: ".")), isSigned = bytes.contains(UInt8(ascii: "+"))
      guard parts.count == 2, parts[1].count >= (isSigned ? 9 : 5), value < 9e18 else { return .unknown }
      digits = Array(String(Int(value.rounded())).utf8)[...]
    }
    guard let number = Int(String(decoding: digits, as: UTF8.self)) else { return .unknown }
    if digits.count >= 9 {
      for unit in [1, 1000, 1_000_000, 1_000_000_000] where plausible.contains(number / unit) {
        return reading(number / unit)
      }
    }
    guard digits.count == bytes.count, digits.count == 8 || digits.count == 14 else { return .unknown }
    let (date, clock) = digits.count == 8 ? (number, 0) : (number / 1_000_000, number % 1_000_000)
    guard let time = CivilTime.time(hour: clock / 10_000, minute: clock / 100 % 100, second: clock % 100),
      let day = CivilTime(year: date / 10_000, month: date / 100 % 100, day: date % 100, time: time)
    else { return .unknown }
    return reading(day.seconds)
  }
}
