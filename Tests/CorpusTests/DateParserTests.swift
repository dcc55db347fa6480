import Corpus
import Testing

@Suite struct DateParserTests {
  /// One moment as dumps of many programs write it.
  @Test(arguments: [
    // ISO 8601 and its relatives.
    "2018-10-10T20:19:24Z", "2018-10-10T20:19:24.000Z", "2018-10-10T20:19:24.123456Z", "2018-10-10T22:19:24+02:00",
    "2018-10-10T22:19:24+0200", "2018-10-10T20:19:24+0000", "2018-10-10 20:19:24+00:00", "2018-10-10 20:19:24",
    "2018-10-10 20:19:24 UTC", "2018-10-10 20:19:24,123", "2018/10/10 20:19:24", "2018.10.10 20:19:24",
    "2018-10-10t20:19:24z", "2018-10-10T15:19:24-05", "20181010T201924Z", "20181010T201924.5Z", "20181010201924",
    "2018-10-10T22:19:24+02:00[Europe/Berlin]", "2018-10-10 22:19:24 +0200 CEST", "2018-10-10 8:19:24 PM",
    " 2018-10-10\u{A0}20:19:24 ", "\u{200E}2018-10-10 20:19:24",
    // Zones by name.
    "2018-10-10 16:19:24 EDT", "2018-10-10 22:19:24 CEST", "2018-10-10 22:19:24 MESZ", "2018-10-10 13:19:24 PDT",
    "2018-10-10 22:19:24 Europe/Berlin", "2018-10-10 16:19:24 America/New_York", "2018-10-11 05:19:24 JST",
    "2018-10-10 22:19:24 UTC+2", "2018-10-10 22:19:24 GMT+02:00", "2018-10-10 22:19:24 GMT+0200",
    // Twitter, e-mails, Unix, JavaScript, Apache.
    "Wed Oct 10 20:19:24 +0000 2018", "Wed, 10 Oct 2018 20:19:24 GMT", "Wed, 10 Oct 2018 16:19:24 -0400",
    "Wed Oct 10 20:19:24 UTC 2018", "Wed Oct 10 20:19:24 2018",
    "Wed Oct 10 2018 22:19:24 GMT+0200 (Central European Summer Time)", "10/Oct/2018:20:19:24 +0000",
    // Spreadsheets and exports.
    "10-Oct-2018 08:19:24PM", "10-Oct-2018 08:19:24 pm", "10.10.2018 20:19:24", "10.10.2018 22:19:24 UTC+02:00",
    "10.10.2018, 20:19:24", "10/10/2018 20:19:24", "10/10/2018 8:19:24 PM", "10/10/2018, 8:19:24\u{202F}p.m.",
    "10-10-2018 20:19:24", "October 10, 2018 8:19:24 PM", "Oct 10, 2018, 8:19:24 PM", "10 October 2018 20:19:24",
    "8:19:24 PM · Oct 10, 2018", "8:19:24 PM - 10 Oct 2018", "Wednesday, October 10th, 2018 at 8:19:24 PM",
    "10. Oktober 2018 um 20:19:24 Uhr", "Mittwoch, 10. Oktober 2018 20:19:24", "2018 Oct 10 20:19:24",
    // Seconds since 1970 and parts of them.
    "1539202764", "1539202764.0", "1539202764.25", "1539202764000", "1539202764000000", "1539202764000000000",
    "1539202764000.0", "1.539202764E9", "1.539202764e+12",
  ])
  func oneMomentIsReadInEveryForm(text: String) {
    #expect(DateParser().read(text) == .time("2018-10-10T20:19:24Z"))
  }

  @Test(arguments: [
    ("2018-10-10", "2018-10-10T00:00:00Z"), (" 2018/10/10 ", "2018-10-10T00:00:00Z"),
    ("20181010", "2018-10-10T00:00:00Z"),
    ("October 10, 2018", "2018-10-10T00:00:00Z"), ("2018-10-10T20:19", "2018-10-10T20:19:00Z"),
    ("10/10/2018 20:19", "2018-10-10T20:19:00Z"), ("10-Oct-2018 08:19PM", "2018-10-10T20:19:00Z"),
    ("10/13/2018", "2018-10-13T00:00:00Z"), ("13/10/2018", "2018-10-13T00:00:00Z"),
    ("13-10-2018", "2018-10-13T00:00:00Z"),
    ("10.11.2018", "2018-11-10T00:00:00Z"), ("Oct 10, 2018 12:05 AM", "2018-10-10T00:05:00Z"),
    ("Oct 10, 2018 12:05 PM", "2018-10-10T12:05:00Z"), ("8 PM, Oct 10 2018", "2018-10-10T20:00:00Z"),
    // The weekday says which of the two it is.
    ("Thu 10/11/2018", "2018-10-11T00:00:00Z"), ("Sat 10/11/2018", "2018-11-10T00:00:00Z"),
    ("2024-02-29 00:30:00 -03:30", "2024-02-29T04:00:00Z"), ("2000-03-01", "2000-03-01T00:00:00Z"),
    ("2018-12-31 23:59:60", "2019-01-01T00:00:00Z"), ("2018-03-25 03:30:00 Europe/Berlin", "2018-03-25T01:30:00Z"),
  ])
  func otherMomentsAreRead(text: String, expected: String) {
    #expect(DateParser().read(text) == .time(expected))
  }

  @Test func daysOfASpreadsheetAreReadAsSuch() {
    #expect(DateParser().read("43383.84680555556") == .dayNumber("2018-10-10T20:19:24Z"))
    #expect(DateParser().read("43383") == .dayNumber("2018-10-10T00:00:00Z"))
    #expect(DateParser().read("32873") == .unknown && DateParser().read("73051") == .unknown)
  }

  @Test(arguments: ["10/11/2018", "10/11/2018 20:19", "10-11-2018", "10/10/18", "31.12.18", "1/2/2018 8:00 PM"])
  func twoOrdersAreNotGuessed(text: String) {
    #expect(DateParser().read(text) == .twoOrders)
    #expect(DateParser.iso8601(text) == nil)
  }

  @Test(arguments: [
    "2018-10-10 20:19:24 CST", "2018-10-10 20:19:24 IST",
    // The clock went back an hour, and forward an hour.
    "2018-10-28 02:30:00 Europe/Berlin", "2018-03-25 02:30:00 Europe/Berlin", "2018-10-10 20:19:24 Europe/Berlni",
  ])
  func unclearZonesAreNotGuessed(text: String) {
    #expect(DateParser().read(text) == .unclearZone)
  }

  @Test(arguments: [
    "", " ", "yesterday", "2018-10-10T20:19:24Z and more", "12345", "nan", "1e400", "1.5392E+09", "2018-13-45",
    "2019-02-29",
    "2018-10-10T25:00:00Z", "2018-10-10T20:19:24+99:00", "2018-10-10T20:19:24.Z", "Wen Oct 10 20:19:24 +0000 2018",
    "Tue Oct 10 20:19:24 +0000 2018", "20:19:24", "October 2018", "2018-10", "2018", "13/13/2018", "30.02.2018",
    "2018-10-10 13:00 PM", "2018-10-10 00:00 AM", "2018-10-10 2018-10-11", "10 Oct 11 2018", "2018-10-10 20:19:24 XYZ",
    "2018-10-10 +0200", "2018-10-10 20:19:24 +02000", "2018-10-10 20:1", "999999999999999999999", "2018-10-10.",
    "10/10/",
    "20189999", "20181010246060", "--", "T", "0x5bbe5d0c", "１２３４５６７８９０",
  ])
  func leavesTheRest(text: String) {
    #expect(DateParser().read(text) == .unknown)
  }

  @Test func aFormatDecidesWhereThereAreTwo() throws {
    let dayFirst = DateParser(formats: [try DateFormat(parsing: "%d/%m/%Y"), try DateFormat(parsing: "%d/%m/%Y %H:%M")])
    #expect(dayFirst.read("10/11/2018").text == "2018-11-10T00:00:00Z")
    #expect(dayFirst.read("10/11/2018 20:19").text == "2018-11-10T20:19:00Z")
    #expect(dayFirst.read("2018-10-10").text == "2018-10-10T00:00:00Z")
    // The rule says that the day comes first, so this is no date.
    #expect(dayFirst.read("10/13/2018") == .twoOrders)
    #expect(DateParser(formats: [try DateFormat(parsing: "%d.%m.%y")]).read("31.12.18").text == "2018-12-31T00:00:00Z")
  }
}
