import Bytes

/// Reads the dates of posts, and counts the rows that have none.
struct DateTally: Sendable {
  /// What the cell of a post's date is.
  enum Cell {
    /// The time in UTC.
    case time(String)
    case unread(String)
    /// Empty, or a word for that, or the corpus has no dates.
    case none
  }

  private let parser: DateParser
  /// Whether the corpus has a column of dates.
  private let isNamed: Bool
  private(set) var unread = 0
  private var rows = 0, empty = 0, twoOrders = 0, unclearZones = 0, dayNumbers = 0
  /// The first different dates that cannot be read, and the first number of days.
  private var examples = CellExamples()
  private var dayNumber = ""

  init(_ parser: DateParser, isNamed: Bool) { (self.parser, self.isNamed) = (parser, isNamed) }

  /// Counts a post.
  mutating func read(_ post: Post) -> Cell {
    guard isNamed else { return .none }
    rows += 1
    guard let date = post.date, !date.isBlank, !date.isPlaceholder else {
      empty += 1
      return .none
    }
    switch parser.read(date) {
    case .time(let text): return .time(text)
    case .dayNumber(let text):
      if dayNumbers == 0 { dayNumber = date }
      dayNumbers += 1
      return .time(text)
    case .twoOrders: twoOrders += 1
    case .unclearZone: unclearZones += 1
    case .unknown: break
    }
    unread += 1
    examples.add(date, at: post.position)
    return .unread(date)
  }

  /// What the end of a run says of dates.
  var notices: [String] {
    var notices: [String] = []
    if empty + unread > 0 {
      var parts: [String] = []
      if empty > 0 { parts.append("\(empty) with an empty cell") }
      if unread > 0 {
        parts.append("\(unread) with a date that cannot be read, such as " + examples.words)
      }
      var words = "rows without a date: \(empty + unread) of \(rows): " + parts.joined(separator: ", ")
      if twoOrders > 0 {
        words += "; of \(twoOrders) it does not follow which part is the day, which the month or the year: say it with "
        words += "--date-format, such as '%d/%m/%Y' or '%m/%d/%Y %H:%M'"
      } else if unread > unclearZones {
        words += "; --date-format says how such dates are written, such as '%d/%m/%Y %H:%M'"
      }
      if unclearZones > 0 {
        words += "; \(unclearZones) name a time zone that is unknown or has several meanings (CST, IST), or an hour "
        words += "that the clock showed twice or never: write the offset, such as +08:00"
      }
      notices.append(words)
    }
    if dayNumbers > 0 {
      notices.append(
        "dates read as a spreadsheet's number of days since 30 December 1899: \(dayNumbers), such as "
          + dayNumber.printable(upTo: 40))
    }
    return notices
  }
}
