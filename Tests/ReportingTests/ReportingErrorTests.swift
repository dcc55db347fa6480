import Reporting
import Testing

@Suite struct ReportingErrorTests {
  @Test func messagesSayHowToFixIt() {
    #expect(ReportingError.noFonts.description.contains("fonts-dejavu-core"))
    #expect(ReportingError.badLayoutFile(path: "my.json", reason: "it is not JSON").description.contains("\"my.json\""))
    #expect(ReportingError.outputIsDirectory("out/").description.contains("\"out/report.pdf\""))
  }
}
