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

  /// The day of an ISO week: weeks begin on Monday, and the first one of a year has its 4 January.
  init?(year: Int, week: Int, weekday: Int) {
    guard (1...53).contains(week), (1...7).contains(weekday), let fourth = CivilTime(year: year, month: 1, day: 4),
      let last = CivilTime(year: year, month: 12, day: 28)
    else { return nil }
    // Week 53 exists if it holds 28 December.
    let first = 4 - fourth.weekday, lastWeek = (last.dayOfYear - first) / 7 + 1
    guard week <= lastWeek else { return nil }
    let own = first + (week - 1) * 7 + weekday - 1
    let length = Self.isLeap(year) ? 366 : 365, before = Self.isLeap(year - 1) ? 366 : 365
    if own < 1 {
      self.init(year: year - 1, dayOfYear: own + before)
    } else if own > length {
      self.init(year: year + 1, dayOfYear: own - length)
    } else {
      self.init(year: year, dayOfYear: own)
    }
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

  /// The day of its year, from 1.
  private var dayOfYear: Int {
    guard let first = CivilTime(year: year, month: 1, day: 1) else { return 1 }
    return (seconds - time - first.seconds) / 86_400 + 1
  }

  /// The day of the week, 0 for Monday.
  var weekday: Int { ((seconds / 86_400 + 3) % 7 + 7) % 7 }

  /// Seconds since midnight for a clock; `nil` for a time that does not exist. 24:00 is the end of the day. With `isAfternoon` the hour is 1 to 12.
  static func time(hour: Int, minute: Int, second: Int, isAfternoon: Bool? = nil) -> Int? {
    var hour = hour
    if let isAfternoon {
      guard (1...12).contains(hour) else { return nil }
      hour = hour % 12 + (isAfternoon ? 12 : 0)
    }
    if (hour, minute, second) == (24, 0, 0) { return 86_400 }
    guard (0...23).contains(hour), (0...59).contains(minute), (0...60).contains(second) else { return nil }
    return hour * 3600 + minute * 60 + second
  }
}

/// The names of months and weekdays, in English and German, in lower case, and weekdays in Chinese, Japanese and Korean.
enum CalendarNames {
  private static let months = [
    ["january", "jan", "januar", "jän", "jänner"], ["february", "feb", "februar", "feber"],
    ["march", "mar", "märz", "mär", "mrz"],
    ["april", "apr"], ["may", "mai"], ["june", "jun", "juni"], ["july", "jul", "juli"], ["august", "aug"],
    ["september", "sep", "sept"], ["october", "oct", "oktober", "okt"], ["november", "nov"],
    ["december", "dec", "dezember", "dez"],
  ]
  private static let weekdays = [
    ["monday", "mon", "montag", "mo", "星期一", "周一", "月", "月曜日", "월", "월요일"],
    ["tuesday", "tue", "tues", "dienstag", "di", "星期二", "周二", "火", "火曜日", "화", "화요일"],
    ["wednesday", "wed", "mittwoch", "mi", "星期三", "周三", "水", "水曜日", "수", "수요일"],
    ["thursday", "thu", "thur", "thurs", "donnerstag", "do", "星期四", "周四", "木", "木曜日", "목", "목요일"],
    ["friday", "fri", "freitag", "fr", "星期五", "周五", "金", "金曜日", "금", "금요일"],
    ["saturday", "sat", "samstag", "sa", "sonnabend", "星期六", "周六", "土", "土曜日", "토", "토요일"],
    ["sunday", "sun", "sonntag", "so", "星期日", "周日", "星期天", "日", "日曜日", "일", "일요일"],
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

/// The words that follow figures in Chinese, Japanese and Korean dates.
enum DateUnit: CaseIterable {
  case year, month, day, hour, minute, second

  private var words: [String] {
    switch self {
    case .year: ["年", "년"]
    case .month: ["月", "월"]
    case .day: ["日", "号", "號", "일"]
    case .hour: ["时", "時", "시", "点", "點"]
    case .minute: ["分", "분"]
    case .second: ["秒", "초"]
    }
  }

  /// The unit that begins at a place, and where it ends; nil if there is none.
  static func at(_ place: Int, in bytes: [UInt8]) -> (unit: DateUnit, end: Int)? {
    guard place < bytes.count, bytes[place] >= 0x80 else { return nil }
    for unit in allCases {
      for word in unit.words where bytes[place...].starts(with: word.utf8) { return (unit, place + word.utf8.count) }
    }
    return nil
  }
}
