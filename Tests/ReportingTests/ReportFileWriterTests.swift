import Foundation
import Reporting
import Results
import ResultsFixtures
import Testing

@Suite struct ReportFileWriterTests {
  private func names(_ folder: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
  }

  @Test func aFileIsReplacedWhole() throws {
    let store = try TestStore()
    let path = store.file("report.pdf")
    try ReportFileWriter.write([1, 2, 3], to: path)
    try ReportFileWriter.write([4], to: path)
    #expect(try Data(contentsOf: URL(filePath: path)) == Data([4]))
    #expect(try names(store.file("")).filter { $0.hasPrefix("report") } == ["report.pdf"])
  }

  @Test func aFolderIsRejected() throws {
    let store = try TestStore()
    #expect(throws: ReportingError.outputIsDirectory(store.file(""))) {
      try ReportFileWriter.write([1], to: store.file(""))
    }
  }

  @Test func aLinkKeepsPointing() throws {
    let store = try TestStore()
    try ReportFileWriter.write([1], to: store.file("real.pdf"))
    try FileManager.default.createSymbolicLink(
      atPath: store.file("link.pdf"), withDestinationPath: "real.pdf")
    try ReportFileWriter.write([2], to: store.file("link.pdf"))
    #expect(try Data(contentsOf: URL(filePath: store.file("real.pdf"))) == Data([2]))
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: store.file("link.pdf")) == "real.pdf")
  }

  @Test func aMissingFolderIsAnError() throws {
    let store = try TestStore()
    let path = store.file("none/report.pdf")
    #expect(throws: ReportingError.cannotWrite(path: path, reason: "No such file or directory")) {
      try ReportFileWriter.write([1], to: path)
    }
  }

  @Test func aDeviceIsWrittenTo() throws {
    try ReportFileWriter.write([1], to: "/dev/null")
    #expect(throws: ReportingError.cannotWrite(path: "/dev/full", reason: "No space left on device")) {
      try ReportFileWriter.write([1], to: "/dev/full")
    }
  }
}
