/// Reads a date from its parts, in whatever order they are written, as long as they have one meaning.
///
/// A part is a date in figures, a month's name with a day and a year, a weekday, a time of day, or a zone. Every byte
/// must belong to a part or separate two, and no part may occur twice.
struct DateScanner {
  private let bytes: [UInt8]
  /// Whether the order of day and month in figures may follow from their values, as in `10/13/2018`.
  private let readsOrders: Bool
  private var at = 0

  private var dates: [CivilTime] = []
  private var month: Int?, day: Int?, year: Int?, weekday: Int?
  private var clock: (hour: Int, minute: Int, second: Int)?
  private var isAfternoon: Bool?
  /// Seconds east of Greenwich, and whether they are written in figures.
  private var offset: Int?, hasNumericOffset = false
  private var zoneName: String?
  private var hasTwoOrders = false, hasUnclearZone = false
  private var lastUnit: DateUnit?

  /// `bytes` has blanks within only, and they are spaces.
  init(_ bytes: [UInt8], readsOrders: Bool) { (self.bytes, self.readsOrders) = (bytes, readsOrders) }

  mutating func read() -> DateReading {
    while at < bytes.count {
      guard takePart() else { return hasUnclearZone ? .unclearZone : .unknown }
    }
    return result()
  }

  private func result() -> DateReading {
    var found = dates
    if let month, let day, let year, dates.isEmpty {
      guard let date = CivilTime(year: year, month: month, day: day) else { return .unknown }
      found = [date]
    } else if month != nil || day != nil || year != nil {
      return .unknown
    }
    if let weekday { found = found.filter { $0.weekday == weekday } }
    guard var date = found.first else { return .unknown }
    if found.count > 1 || hasTwoOrders && weekday == nil { return .twoOrders }
    if let clock {
      guard
        let time = CivilTime.time(
          hour: clock.hour, minute: clock.minute, second: clock.second, isAfternoon: isAfternoon)
      else { return .unknown }
      date.time = time
    } else if isAfternoon != nil || offset != nil || zoneName != nil {
      return .unknown
    }
    if let zoneName {
      guard let seconds = ZoneName.seconds(date.seconds, in: zoneName) else { return .unclearZone }
      // An offset next to the name says which of two hours is meant.
      return offset.map { DateParser.reading(date.seconds - $0) } ?? DateParser.reading(seconds)
    }
    return DateParser.reading(date.seconds - (offset ?? 0))
  }

  // MARK: Parts

  private mutating func takePart() -> Bool {
    let byte = bytes[at]
    switch byte {
    case UInt8(ascii: " "), UInt8(ascii: ","), UInt8(ascii: "|"), UInt8(ascii: "@"):
      at += 1
      return true
    case UInt8(ascii: "+"), UInt8(ascii: "-"):
      if clock != nil, at + 1 < bytes.count, isDigit(bytes[at + 1]) { return takeOffset() }
      // A mark between blanks, as in `8:19 PM - 10 Oct 2018`, or between the parts of `10-Oct-2018`.
      guard byte == UInt8(ascii: "-"), at > 0, at + 1 < bytes.count else { return false }
      at += 1
      return true
    case UInt8(ascii: "/"):
      // Between the parts of `10/Oct/2018`.
      guard month != nil || day != nil, dates.isEmpty else { return false }
      at += 1
      return true
    case UInt8(ascii: ":"):
      // Apache separates day and time so.
      guard year != nil, clock == nil, at + 1 < bytes.count, isDigit(bytes[at + 1]) else { return false }
      at += 1
      return true
    case UInt8(ascii: "."):
      // After an abbreviation or a German day.
      guard at > 0, isLetter(bytes[at - 1]) || day != nil && dates.isEmpty && isDigit(bytes[at - 1]) else {
        return false
      }
      at += 1
      return true
    case UInt8(ascii: "["), UInt8(ascii: "("): return takeBracketed()
    case _ where isDigit(byte): return takeFigures()
    case _ where isLetter(byte): return takeWord()
    default: return false
    }
  }

  private func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) || byte >= 0x80 }

  private func figures(from start: Int) -> Range<Int> {
    var end = start
    while end < bytes.count, isDigit(bytes[end]) { end += 1 }
    return start..<end
  }

  private func value(_ range: Range<Int>) -> Int {
    range.count > 9 ? .max : bytes[range].reduce(0) { $0 * 10 + Int($1 - 0x30) }
  }

  private func byte(_ place: Int) -> UInt8? { place < bytes.count ? bytes[place] : nil }

  private mutating func takeFigures() -> Bool {
    let first = figures(from: at)
    if let unit = DateUnit.at(first.upperBound, in: bytes) { return takeUnit(first, unit) }
    if first.count == 4, takeWeekOrDayOfYear(first) { return true }
    let sign = byte(first.upperBound)
    if sign == UInt8(ascii: ":"), first.count <= 2 { return takeClock(first) }
    if let sign, [UInt8(ascii: "-"), UInt8(ascii: "/"), UInt8(ascii: ".")].contains(sign) {
      let second = figures(from: first.upperBound + 1)
      if !second.isEmpty, byte(second.upperBound) == sign {
        let third = figures(from: second.upperBound + 1)
        if !third.isEmpty { return takeDate(first, second, third, sign) }
      }
    }
    let isAfterT = at > 0 && bytes[at - 1] | 0x20 == UInt8(ascii: "t")
    if isAfterT, clock == nil, [2, 4, 6].contains(first.count) { return takeCompactClock(first) }
    at = first.upperBound
    let number = value(first)
    if first.count == 8, dates.isEmpty,
      let date = CivilTime(year: number / 10_000, month: number / 100 % 100, day: number % 100)
    {
      dates = [date]
      return true
    }
    if first.count == 4, year == nil {
      year = number
      return true
    }
    guard first.count <= 2 else { return false }
    // `8 PM` is a time of day, `8` with a month's name a day.
    if clock == nil, isHalfOfDay(after: at) {
      clock = (number, 0, 0)
      return true
    }
    guard day == nil else { return false }
    day = number
    skip(["st", "nd", "rd", "th"])
    return true
  }

  private mutating func skip(_ words: [String]) {
    for word in words where bytes[at...].prefix(word.utf8.count).map({ $0 | 0x20 }).elementsEqual(word.utf8) {
      at += word.utf8.count
      return
    }
  }

  private func isHalfOfDay(after place: Int) -> Bool {
    var place = place
    if byte(place) == UInt8(ascii: " ") { place += 1 }
    guard let first = byte(place), [UInt8(ascii: "a"), UInt8(ascii: "p")].contains(first | 0x20) else { return false }
    if byte(place + 1) == UInt8(ascii: "."), byte(place + 2).map({ $0 | 0x20 }) == UInt8(ascii: "m") { return true }
    guard byte(place + 1).map({ $0 | 0x20 }) == UInt8(ascii: "m") else { return false }
    return byte(place + 2).map { !isLetter($0) } ?? true
  }

  /// `2018-10-10`, `10.10.2018`, `10/13/2018`.
  private mutating func takeDate(
    _ first: Range<Int>, _ second: Range<Int>, _ third: Range<Int>, _ sign: UInt8
  ) -> Bool {
    guard dates.isEmpty else { return false }
    let (a, b, c) = (value(first), value(second), value(third))
    at = third.upperBound
    guard second.count <= 2 else { return false }
    if first.count == 4, third.count <= 2 {
      dates = [CivilTime(year: a, month: b, day: c)].compactMap(\.self)
    } else if third.count == 4, first.count <= 2 {
      if sign == UInt8(ascii: ".") {
        // With points, the day comes first everywhere.
        dates = [CivilTime(year: c, month: b, day: a)].compactMap(\.self)
      } else {
        let found = [CivilTime(year: c, month: b, day: a), CivilTime(year: c, month: a, day: b)].compactMap(\.self)
        dates = found.count == 2 && found[0] == found[1] ? [found[0]] : found
        if !readsOrders, !dates.isEmpty { hasTwoOrders = true }
      }
    } else if first.count <= 2, third.count == 2 {
      // Which of the three is the year does not follow.
      hasTwoOrders = true
      dates = [CivilTime(year: 2000 + c, month: b, day: a), CivilTime(year: 2000 + c, month: a, day: b)].compactMap(
        \.self)
      return weekday == nil && !dates.isEmpty
    }
    return !dates.isEmpty
  }

  /// `2018-W41-3` and `2018W413`, the day of an ISO week; `2018-283`, the day of a year.
  private mutating func takeWeekOrDayOfYear(_ years: Range<Int>) -> Bool {
    guard dates.isEmpty else { return false }
    let hasDash = byte(years.upperBound) == UInt8(ascii: "-"), start = years.upperBound + (hasDash ? 1 : 0)
    let found: CivilTime?, end: Int
    if byte(start).map({ $0 | 0x20 }) == UInt8(ascii: "w") {
      let weeks = figures(from: start + 1)
      let days = hasDash ? figures(from: weeks.upperBound + 1) : weeks.dropFirst(2)
      guard weeks.count == (hasDash ? 2 : 3), days.count == 1,
        !hasDash || byte(weeks.upperBound) == UInt8(ascii: "-")
      else { return false }
      found = CivilTime(year: value(years), week: value(weeks.prefix(2)), weekday: value(days))
      end = days.upperBound
    } else {
      let days = figures(from: start)
      guard hasDash, days.count == 3 else { return false }
      found = CivilTime(year: value(years), dayOfYear: value(days))
      end = days.upperBound
    }
    // Behind it is the end, a time or a blank.
    guard let found, byte(end).map({ $0 == 0x20 || $0 | 0x20 == UInt8(ascii: "t") }) ?? true else { return false }
    (dates, at) = ([found], end)
    return true
  }

  /// `2018年10月10日 20时19分24秒` and the same in Japanese and Korean, with or without blanks.
  private mutating func takeUnit(_ range: Range<Int>, _ unit: (unit: DateUnit, end: Int)) -> Bool {
    let number = value(range)
    switch unit.unit {
    case .year where year == nil && range.count == 4: year = number
    case .month where month == nil && range.count <= 2: month = number
    case .day where day == nil && range.count <= 2: day = number
    case .hour where clock == nil && range.count <= 2: clock = (number, 0, 0)
    case .minute where range.count <= 2 && lastUnit == .hour: clock?.minute = number
    case .second where range.count <= 2 && lastUnit == .minute: clock?.second = number
    default: return false
    }
    (at, lastUnit) = (unit.end, unit.unit)
    return true
  }

  /// `8:19`, `20:19:24`, `20:19:24.123`; `8:9:5` with one figure each, but not `8:1`, which may be cut off.
  private mutating func takeClock(_ hours: Range<Int>) -> Bool {
    guard clock == nil else { return false }
    let minutes = figures(from: hours.upperBound + 1)
    let hasSeconds = byte(minutes.upperBound) == UInt8(ascii: ":")
    guard minutes.count == 2 || minutes.count == 1 && hasSeconds else { return false }
    at = minutes.upperBound
    var second = 0
    if hasSeconds {
      let seconds = figures(from: at + 1)
      guard (1...2).contains(seconds.count) else { return false }
      second = value(seconds)
      at = seconds.upperBound
      guard takeFraction() else { return false }
    }
    clock = (value(hours), value(minutes), second)
    return true
  }

  /// `T201924`, `T2019` and `T20`.
  private mutating func takeCompactClock(_ range: Range<Int>) -> Bool {
    let number = value(range)
    clock =
      switch range.count {
      case 2: (number, 0, 0)
      case 4: (number / 100, number % 100, 0)
      default: (number / 10_000, number / 100 % 100, number % 100)
      }
    at = range.upperBound
    // The fraction of an hour or a minute is no fraction of a second.
    return range.count == 6 ? takeFraction() : byte(at) != UInt8(ascii: ".") && byte(at) != UInt8(ascii: ",")
  }

  /// A fraction of a second after a point or a comma, if there is one.
  private mutating func takeFraction() -> Bool {
    let fraction = figures(from: at + 1)
    if byte(at) == UInt8(ascii: "."), fraction.isEmpty { return false }
    guard byte(at) == UInt8(ascii: ".") || byte(at) == UInt8(ascii: ","), !fraction.isEmpty else { return true }
    at = fraction.upperBound
    return true
  }

  /// `+02`, `+0200`, `+02:00`, and `+2` after `UTC`.
  private mutating func takeOffset(isShort: Bool = false) -> Bool {
    guard !hasNumericOffset else { return false }
    let sign = bytes[at] == UInt8(ascii: "-") ? -1 : 1
    let first = figures(from: at + 1)
    var (hours, minutes) = (value(first), 0)
    at = first.upperBound
    switch first.count {
    case 1 where isShort, 2:
      if byte(at) == UInt8(ascii: ":") {
        let rest = figures(from: at + 1)
        guard rest.count == 2 else { return false }
        minutes = value(rest)
        at = rest.upperBound
      }
    case 4: (hours, minutes) = (hours / 100, hours % 100)
    default: return false
    }
    guard hours <= 14, minutes <= 59 else { return false }
    offset = (hours * 3600 + minutes * 60) * sign
    hasNumericOffset = true
    return true
  }

  /// `[Europe/Berlin]`, what JavaScript adds after an offset, `(Central European Summer Time)`, and a weekday.
  private mutating func takeBracketed() -> Bool {
    let close = bytes[at] == UInt8(ascii: "[") ? UInt8(ascii: "]") : UInt8(ascii: ")")
    guard let end = bytes[at...].firstIndex(of: close) else { return false }
    let name = String(decoding: bytes[(at + 1)..<end], as: UTF8.self)
    at = end + 1
    if weekday == nil, let number = CalendarNames.weekday(name.lowercased().utf8) {
      weekday = number
      return true
    }
    return hasNumericOffset || takeZone(name)
  }

  private mutating func takeWord() -> Bool {
    let start = at
    while at < bytes.count, isLetter(bytes[at]) { at += 1 }
    // `p.m.`
    if at == start + 1, byte(at) == UInt8(ascii: "."), byte(at + 1).map({ $0 | 0x20 }) == UInt8(ascii: "m") {
      let isLate = bytes[start] | 0x20 == UInt8(ascii: "p")
      guard isLate || bytes[start] | 0x20 == UInt8(ascii: "a"), isAfternoon == nil else { return false }
      isAfternoon = isLate
      at += 2
      return true
    }
    let spelled = String(decoding: bytes[start..<at], as: UTF8.self)
    let word = spelled.lowercased()
    switch word {
    case "t": return start > 0 && isDigit(bytes[start - 1]) && byte(at).map(isDigit) == true
    case "am", "pm", "a", "p":
      guard word.utf8.count == 2, isAfternoon == nil, clock != nil else { return false }
      isAfternoon = word == "pm"
      return true
    case "上午", "午前", "오전", "下午", "午後", "오후":
      guard isAfternoon == nil else { return false }
      isAfternoon = ["下午", "午後", "오후"].contains(word)
      return true
    case "at", "um", "uhr", "of", "den": return true
    default: break
    }
    if weekday == nil, let number = CalendarNames.weekday(word.utf8) {
      weekday = number
      return true
    }
    if month == nil, let number = CalendarNames.month(word.utf8) {
      month = number
      return true
    }
    // The rest of an IANA name.
    while at < bytes.count, isLetter(bytes[at]) || [UInt8(ascii: "/"), UInt8(ascii: "_")].contains(bytes[at]) {
      at += 1
    }
    return takeZone(String(decoding: bytes[start..<at], as: UTF8.self))
  }

  private mutating func takeZone(_ name: String) -> Bool {
    guard zoneName == nil, clock != nil else { return false }
    if name.utf8.contains(UInt8(ascii: "/")) {
      zoneName = name
      return true
    }
    let word = name.lowercased()
    // Behind an offset in figures an abbreviation says nothing new.
    if hasNumericOffset { return name.utf8.count <= 5 && name.utf8.allSatisfy { (0x41...0x5A).contains($0) } }
    if ZoneName.ambiguous.contains(word) {
      hasUnclearZone = true
      return false
    }
    guard let found = ZoneName.offset(word), offset == nil || offset == found else { return false }
    offset = found
    // Java writes `Z[Europe/London]` in winter; as behind any offset, the name says nothing new.
    if word == "z" {
      hasNumericOffset = true
      return true
    }
    // `UTC+02:00`, `GMT+2`.
    if found == 0, let sign = byte(at), sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-"),
      byte(at + 1).map(isDigit) == true
    {
      return takeOffset(isShort: true)
    }
    return true
  }
}
