import Foundation
import GRDB

/// A time as SQL stores it: ISO 8601 as in `posted_at`, with or without a time zone, or seconds since 1970. It is read
/// as UTC.
struct SQLTime {
  /// Days since 1 January 1970.
  private let days: Int

  /// Reads a value; `nil` if it is not a time.
  init?(_ value: DatabaseValue.Storage) {
    switch value {
    case .string(let text):
      var text = text
      guard let seconds = text.withUTF8({ Self.seconds($0) }) else { return nil }
      days = Self.floorDivided(seconds, by: 86_400)
    case .int64(let seconds):
      // The years 1900 to 2200: anything else is a number, not a time.
      guard (-2_208_988_800..<7_289_654_400).contains(seconds) else { return nil }
      days = Self.floorDivided(Int(seconds), by: 86_400)
    case .null, .double, .blob: return nil
    }
  }

  /// `2026-01-31`.
  var day: String {
    let (year, month, day) = Self.date(days)
    return Self.digits(year, 4) + "-" + Self.digits(month, 2) + "-" + Self.digits(day, 2)
  }

  /// `2026-W05`, the week of ISO 8601: it begins on Monday, and belongs to the year that contains its Thursday.
  var week: String {
    // 1 January 1970 was a Thursday, three days after the Monday of its week.
    let monday = Self.floorDivided(days + 3, by: 7) * 7 - 3
    let thursday = monday + 3
    let year = Self.date(thursday).year
    let number = (thursday - Self.days(year, 1, 1)) / 7 + 1
    return Self.digits(year, 4) + "-W" + Self.digits(number, 2)
  }

  /// Seconds since 1970 of `YYYY-MM-DD`, optionally followed by `T` or a blank and a time, and by a time zone.
  private static func seconds(_ text: UnsafeBufferPointer<UInt8>) -> Int? {
    guard text.count >= 10, text.count <= 40, text[4] == UInt8(ascii: "-"), text[7] == UInt8(ascii: "-"),
      let year = number(text, 0, 4), let month = number(text, 5, 2), let day = number(text, 8, 2),
      (1900...2200).contains(year), (1...12).contains(month), day >= 1, day <= length(ofMonth: month, year)
    else { return nil }
    let midnight = days(year, month, day) * 86_400
    if text.count == 10 { return midnight }
    guard text[10] == UInt8(ascii: "T") || text[10] == UInt8(ascii: " "), text.count >= 16,
      text[13] == UInt8(ascii: ":"), let hour = number(text, 11, 2), hour <= 23, let minute = number(text, 14, 2),
      minute <= 59
    else { return nil }
    var (at, second) = (16, 0)
    if at < text.count, text[at] == UInt8(ascii: ":") {
      guard let value = number(text, at + 1, 2), value <= 60 else { return nil }
      (at, second) = (at + 3, value)
      if at < text.count, text[at] == UInt8(ascii: ".") {
        at += 1
        let start = at
        while at < text.count, (0x30...0x39).contains(text[at]) { at += 1 }
        guard at > start else { return nil }
      }
    }
    guard let offset = zone(text, from: at) else { return nil }
    return midnight + hour * 3600 + minute * 60 + second - offset
  }

  /// Seconds east of Greenwich; 0 without a time zone.
  private static func zone(_ text: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
    var at = start
    while at < text.count, text[at] == 0x20 { at += 1 }
    let rest = text[at...]
    if rest.isEmpty || rest.elementsEqual("Z".utf8) || rest.elementsEqual("UTC".utf8) { return 0 }
    guard text[at] == UInt8(ascii: "+") || text[at] == UInt8(ascii: "-"), let hours = number(text, at + 1, 2),
      hours <= 14
    else { return nil }
    var minutes = 0
    switch text.count - at {
    case 3: break
    case 5: minutes = number(text, at + 3, 2) ?? 60
    case 6: minutes = text[at + 3] == UInt8(ascii: ":") ? number(text, at + 4, 2) ?? 60 : 60
    default: return nil
    }
    guard minutes <= 59 else { return nil }
    return (hours * 3600 + minutes * 60) * (text[at] == UInt8(ascii: "-") ? -1 : 1)
  }

  private static func number(_ text: UnsafeBufferPointer<UInt8>, _ start: Int, _ count: Int) -> Int? {
    guard start + count <= text.count else { return nil }
    var value = 0
    for byte in text[start..<start + count] {
      guard (0x30...0x39).contains(byte) else { return nil }
      value = value * 10 + Int(byte - 0x30)
    }
    return value
  }

  private static func digits(_ value: Int, _ count: Int) -> String {
    let text = String(value)
    return String(repeating: "0", count: max(0, count - text.utf8.count)) + text
  }

  private static func length(ofMonth month: Int, _ year: Int) -> Int {
    let isLeap = year.isMultiple(of: 4) && (!year.isMultiple(of: 100) || year.isMultiple(of: 400))
    return month == 2 ? (isLeap ? 29 : 28) : [4, 6, 9, 11].contains(month) ? 30 : 31
  }

  /// Days from 1970 to a day of the Gregorian calendar. Years begin in March here, so that the leap day is the last of
  /// its year.
  private static func days(_ year: Int, _ month: Int, _ day: Int) -> Int {
    let year = month > 2 ? year : year - 1
    let era = floorDivided(year, by: 400)
    let yearOfEra = year - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  /// The day of the Gregorian calendar that is this many days after 1 January 1970.
  private static func date(_ days: Int) -> (year: Int, month: Int, day: Int) {
    let shifted = days + 719_468
    let era = floorDivided(shifted, by: 146_097)
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let part = (5 * dayOfYear + 2) / 153
    let month = part < 10 ? part + 3 : part - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * part + 2) / 5 + 1)
  }

  private static func floorDivided(_ value: Int, by divisor: Int) -> Int {
    let quotient = value / divisor
    return value % divisor < 0 ? quotient - 1 : quotient
  }
}
