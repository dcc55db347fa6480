/// A day and a time of day, without a zone.
struct CivilTime: Equatable {
  var year: Int
  var month: Int
  var day: Int
  /// Seconds since midnight.
  var time = 0

  /// A day that exists, from 1900 to 2200; `nil` for any other.
  init?(year: Int, month: Int, day: Int, time: Int = 0) {
    guard (1900...2200).contains(year), (1...12).contains(month), day >= 1 else { return nil }
    let lengths = [31, Self.isLeap(year) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    guard day <= lengths[month - 1] else { return nil }
    (self.year, self.month, self.day, self.time) = (year, month, day, time)
  }

  /// The day of a year, from 1.
  init?(year: Int, dayOfYear: Int) {
    guard (1900...2200).contains(year), (1...(Self.isLeap(year) ? 366 : 365)).contains(dayOfYear) else { return nil }
    var (month, day) = (1, dayOfYear)
    let lengths = [31, Self.isLeap(year) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    while day > lengths[month - 1] {
      day -= lengths[month - 1]
      month += 1
    }
    self.init(year: year, month: month, day: day)
  }

  private static func isLeap(_ year: Int) -> Bool {
    year.isMultiple(of: 4) && (!year.isMultiple(of: 100) || year.isMultiple(of: 400))
  }

  /// Seconds from 1970, as if the time were in UTC.
  var seconds: Int {
    let before = year - 1
    let days = before * 365 + before / 4 - before / 100 + before / 400 - 719_162
    let months = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334]
    let leap = Self.isLeap(year) && month > 2 ? 1 : 0
    return (days + months[month - 1] + leap + day - 1) * 86_400 + time
  }

  /// The day of the week, 0 for Monday.
  var weekday: Int { ((seconds / 86_400 + 3) % 7 + 7) % 7 }

  /// Seconds since midnight for a clock; `nil` for a time that does not exist. With `isAfternoon` the hour is 1 to 12.
  static func time(hour: Int, minute: Int, second: Int, isAfternoon: Bool? = nil) -> Int? {
    var hour = hour
    if let isAfternoon {
      guard (1...12).contains(hour) else { return nil }
      hour = hour % 12 + (isAfternoon ? 12 : 0)
    }
    guard (0...23).contains(hour), (0...59).contains(minute), (0...60).contains(second) else { return nil }
    return hour * 3600 + minute * 60 + second
  }
}

/// The names of months and weekdays, in English and German, in lower case.
enum CalendarNames {
  private static let months = [
    ["january", "jan", "januar", "jän", "jänner"], ["february", "feb", "februar", "feber"],
    ["march", "mar", "märz", "mär", "mrz"],
    ["april", "apr"], ["may", "mai"], ["june", "jun", "juni"], ["july", "jul", "juli"], ["august", "aug"],
    ["september", "sep", "sept"], ["october", "oct", "oktober", "okt"], ["november", "nov"],
    ["december", "dec", "dezember", "dez"],
  ]
  private static let weekdays = [
    ["monday", "mon", "montag", "mo"], ["tuesday", "tue", "tues", "dienstag", "di"],
    ["wednesday", "wed", "mittwoch", "mi"], ["thursday", "thu", "thur", "thurs", "donnerstag", "do"],
    ["friday", "fri", "freitag", "fr"], ["saturday", "sat", "samstag", "sa", "sonnabend"],
    ["sunday", "sun", "sonntag", "so"],
  ]
  private static let monthNumbers = numbers(months), weekdayNumbers = numbers(weekdays)

  private static func numbers(_ names: [[String]]) -> [[UInt8]: Int] {
    var numbers: [[UInt8]: Int] = [:]
    for (number, spellings) in names.enumerated() {
      for name in spellings { numbers[Array(name.utf8)] = number }
    }
    return numbers
  }

  /// A month's number from 1.
  static func month(_ word: some Sequence<UInt8>) -> Int? { monthNumbers[Array(word)].map { $0 + 1 } }

  /// A weekday's number, 0 for Monday.
  static func weekday(_ word: some Sequence<UInt8>) -> Int? { weekdayNumbers[Array(word)] }
}
