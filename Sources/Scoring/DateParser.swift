import Bytes
import Foundation

/// Parses the usual date formats of data dumps, and converts them to UTC in ISO 8601.
///
/// It is written by hand because the library's parsers accept a valid beginning and ignore the rest.
package enum DateParser {
  /// Returns `2026-01-31T12:00:00Z` for an ISO 8601 date or time, Twitter's format (`Wed Oct 10 20:19:24 +0000 2018`),
  /// the format of e-mails, and seconds or milliseconds since 1970; `nil` for anything else.
  ///
  /// A time without a zone counts as UTC, a date without a time as its midnight; fractions of a second are dropped.
  package static func iso8601(_ text: String) -> String? {
    let trimmed = text.trimmingCharacters(in: .whitespaces)
    guard let seconds = sinceEpoch(trimmed) ?? iso(trimmed) ?? named(trimmed) else { return nil }
    return Timestamp.utc(Date(timeIntervalSince1970: Double(seconds)))
  }

  /// The plausible years of a post, as seconds since 1970: 1990 to 2100.
  private static let plausible = 631_152_000..<4_102_444_800

  private static func sinceEpoch(_ text: String) -> Int? {
    guard text.utf8.count >= 9, let number = Int(text) else { return nil }
    if plausible.contains(number) { return number }
    return plausible.contains(number / 1000) ? number / 1000 : nil
  }

  /// `YYYY-MM-DD` or `YYYY/MM/DD`, optionally with a `T` or a blank, a time and a zone.
  private static func iso(_ text: String) -> Int? {
    guard text.utf8.count >= 10 else { return nil }
    let (date, rest) = (text.prefix(10), text.dropFirst(10))
    let parts = date.split(separator: date.contains("/") ? "/" : "-", omittingEmptySubsequences: false)
    guard parts.map(\.count) == [4, 2, 2], let year = Int(parts[0]), let month = Int(parts[1]), let day = Int(parts[2]),
      let midnight = midnight(year, month, day)
    else { return nil }
    if rest.isEmpty { return midnight }
    guard rest.hasPrefix("T") || rest.hasPrefix(" ") else { return nil }
    let clock = rest.dropFirst()
    let end = clock.firstIndex { !$0.isNumber && $0 != ":" && $0 != "." } ?? clock.endIndex
    let zone = clock[end...].drop { $0 == " " }
    guard let time = timeOfDay(clock[..<end]), let offset = zone.isEmpty ? 0 : offset(zone) else { return nil }
    return midnight + time - offset
  }

  /// `Wed Oct 10 20:19:24 +0000 2018` or `Wed, 10 Oct 2018 20:19:24 +0000`.
  private static func named(_ text: String) -> Int? {
    let words = text.split(separator: " ")
    guard words.count == 6 else { return nil }
    let isMail = words[0].hasSuffix(",")
    let (day, month, year) = isMail ? (words[1], words[2], words[3]) : (words[2], words[1], words[5])
    let (clock, zone) = isMail ? (words[4], words[5]) : (words[3], words[4])
    guard weekdays.contains(String(words[0].prefix(3))), let month = months.firstIndex(of: String(month)),
      let midnight = Int(day).flatMap({ day in Int(year).flatMap { Self.midnight($0, month + 1, day) } }),
      let time = timeOfDay(clock), let offset = offset(zone)
    else { return nil }
    return midnight + time - offset
  }

  private static let weekdays = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
  private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

  /// Seconds from 1970 to a day's midnight in UTC; `nil` for a day that does not exist.
  private static func midnight(_ year: Int, _ month: Int, _ day: Int) -> Int? {
    guard (1900...2200).contains(year), (1...12).contains(month), day >= 1 else { return nil }
    let isLeap = year.isMultiple(of: 4) && (!year.isMultiple(of: 100) || year.isMultiple(of: 400))
    let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    guard day <= lengths[month - 1] else { return nil }
    let before = year - 1
    let days = before * 365 + before / 4 - before / 100 + before / 400 - 719_162
    return (days + lengths[..<(month - 1)].reduce(0, +) + day - 1) * 86_400
  }

  /// Seconds since midnight for `HH:MM`, `HH:MM:SS` or `HH:MM:SS.fraction`.
  private static func timeOfDay(_ text: some StringProtocol) -> Int? {
    let pieces = text.split(separator: ".", omittingEmptySubsequences: false)
    let parts = pieces[0].split(separator: ":", omittingEmptySubsequences: false)
    guard (2...3).contains(parts.count), parts.allSatisfy({ $0.count == 2 }),
      pieces.count == 1 || (pieces.count == 2 && parts.count == 3 && !pieces[1].isEmpty && Int(pieces[1]) != nil),
      let hour = Int(parts[0]), (0...23).contains(hour), let minute = Int(parts[1]), (0...59).contains(minute)
    else { return nil }
    guard parts.count == 3 else { return hour * 3600 + minute * 60 }
    guard let second = Int(parts[2]), (0...60).contains(second) else { return nil }
    return hour * 3600 + minute * 60 + second
  }

  /// Seconds east of Greenwich for `Z`, `UTC`, `GMT`, `+HH`, `+HHMM` or `+HH:MM`.
  private static func offset(_ text: some StringProtocol) -> Int? {
    if ["Z", "UTC", "GMT"].contains(String(text)) { return 0 }
    guard let sign = text.first, sign == "+" || sign == "-" else { return nil }
    let digits = String(text.dropFirst().filter { $0 != ":" })
    guard digits.count == 2 || digits.count == 4, digits.allSatisfy(\.isNumber), let hours = Int(digits.prefix(2)),
      hours <= 14, let minutes = digits.count == 2 ? 0 : Int(digits.suffix(2)), minutes <= 59
    else { return nil }
    return (hours * 3600 + minutes * 60) * (sign == "-" ? -1 : 1)
  }
}
