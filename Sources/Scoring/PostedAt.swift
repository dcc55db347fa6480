import Foundation

/// Reads the dates that dumps of posts hold, and says them in UTC as ISO 8601.
package enum PostedAt {
  /// `2026-01-31T12:00:00Z` for an ISO 8601 date or time, Twitter's own form (`Wed Oct 10 20:19:24 +0000 2018`),
  /// and seconds or milliseconds since 1970; `nil` for anything else.
  ///
  /// A time without a zone counts as UTC; a date without a time is its midnight.
  package static func iso8601(_ text: String) -> String? {
    let trimmed = text.trimmingCharacters(in: .whitespaces)
    guard let date = seconds(trimmed) ?? calendar(trimmed) else { return nil }
    return utc(date)
  }

  /// A moment in UTC as ISO 8601, whole seconds.
  package static func utc(_ date: Date) -> String {
    date.formatted(.iso8601)
  }

  /// The years a post can be from, as seconds since 1970: 1990 to 2100.
  private static let plausible = 631_152_000.0..<4_102_444_800.0

  private static func seconds(_ text: String) -> Date? {
    guard text.utf8.count >= 9, let number = Double(text) else { return nil }
    if plausible.contains(number) { return Date(timeIntervalSince1970: number) }
    if plausible.contains(number / 1000) { return Date(timeIntervalSince1970: number / 1000) }
    return nil
  }

  private static let forms = [
    "%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%d %H:%M:%S%z", "%Y-%m-%d %H:%M:%S %z", "%Y-%m-%dT%H:%M:%S",
    "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%d", "%Y/%m/%d",
    "%a %b %d %H:%M:%S %z %Y", "%a, %d %b %Y %H:%M:%S %z",
  ]

  private static func calendar(_ text: String) -> Date? {
    let whole = withoutFraction(text)
    for form in forms {
      var time = tm()
      let rest = whole.withCString { start in
        strptime(start, form, &time).map { String(cString: $0) }
      }
      guard let rest, rest.isEmpty || rest == "Z" || rest == " UTC" else { continue }
      let offset = time.tm_gmtoff
      return Date(timeIntervalSince1970: Double(timegm(&time) - offset))
    }
    return nil
  }

  /// The text without a fraction of a second, which `strptime` does not read.
  private static func withoutFraction(_ text: String) -> String {
    guard let dot = text.firstIndex(of: "."), text[..<dot].hasSuffix(where: \.isNumber) else { return text }
    return String(text[..<dot]) + text[text.index(after: dot)...].drop(while: \.isNumber)
  }
}

extension Substring {
  fileprivate func hasSuffix(where matches: (Character) -> Bool) -> Bool {
    last.map(matches) ?? false
  }
}
