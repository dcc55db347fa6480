import Bytes
import Corpus
import Foundation
import Testing

/// What Python's strptime says about a text and a format; made by `Data/make_dates.py`.
struct DateCase: Decodable {
  var format: String
  var text: String
  var seconds: Int?

  static func all() throws -> [DateCase] {
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Data/dates.json")
    return try JSONDecoder().decode([DateCase].self, from: Data(contentsOf: file))
  }
}

@Suite struct DateFormatTests {
  @Test func equalsPythons() throws {
    let cases = try DateCase.all()
    #expect(cases.count == 315 && cases.count { $0.seconds != nil } > 90)
    for golden in cases {
      let found = try DateFormat(parsing: golden.format).seconds(of: golden.text)
      #expect(found == golden.seconds, "\(golden.format): \(golden.text)")
    }
  }

  @Test(arguments: [
    ("%F %T", "2018-10-10 20:19:24", 1_539_202_764), ("%D %R", "10/10/18 20:19", 1_539_202_740),
    ("%s", "1539202764", 1_539_202_764), ("%e %h %Y", " 9 oct 2018", 1_539_043_200),
    ("%d.%m.%Y %H:%M %Z", "10.10.2018 22:19 CEST", 1_539_202_740),
    ("%d. %B %Y", "10. Oktober 2018", 1_539_129_600),
    ("%Y-%m-%dT%H:%M:%S%z", "2018-10-10T22:19:24+02:00", 1_539_202_764),
  ])
  func formsOfCAreRead(format: String, text: String, seconds: Int) throws {
    #expect(try DateFormat(parsing: format).seconds(of: text) == seconds)
  }

  @Test(arguments: [
    ("%Q", "%Q"), ("%d/%m/%Y %", "%"), ("%d/%m", ""), ("%H:%M", ""), ("", ""), ("%Y-%d", ""), ("%Y %w %m", "%w"),
  ])
  func otherFormatsAreRejected(format: String, directive: String) {
    #expect(throws: OptionError.malformedDateFormat(format, directive)) { try DateFormat(parsing: format) }
  }
}
