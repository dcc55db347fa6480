import Foundation
import Reporting
import Testing

@Suite struct ReportLayoutTests {
  private func layout(_ json: String) throws(ReportingError) -> ReportLayout {
    try ReportLayout(json: Array(json.utf8))
  }

  @Test func theStandardLayoutHasEveryBlock() throws {
    let layout = try ReportLayout.named("standard")
    #expect(layout.pages.count == 4)
    #expect(Set(layout.pages.flatMap(\.blocks)) == Set(ReportBlock.allCases).subtracting([.comparison]))
    #expect(try ReportLayout.named("compare").pages.flatMap(\.blocks).contains(.comparison))
  }

  @Test func everyBuiltInLayoutReads() throws {
    #expect(!ReportLayout.names.isEmpty)
    for name in ReportLayout.names { #expect(try !ReportLayout.named(name).pages.isEmpty) }
  }

  @Test func aLayoutIsReadInOrder() throws {
    let layout = try layout(#"{"title":"T","pages":[{"title":"P","blocks":["metrics","run"]}]}"#)
    #expect(layout.title == "T")
    #expect(layout.pages.map(\.title) == ["P"])
    #expect(layout.pages.map(\.blocks) == [[.metrics, .run]])
  }

  @Test func anUnknownBlockIsNamed() {
    #expect(
      throws: ReportingError.noSuchBlock("confusoin", page: 1, known: ReportBlock.allCases.map(\.rawValue))
    ) {
      try layout(#"{"title":"T","pages":[{"title":"P","blocks":["confusoin"]}]}"#)
    }
    let words = ReportingError.noSuchBlock("confusoin", page: 1, known: ReportBlock.allCases.map(\.rawValue))
      .description
    #expect(words.contains("did you mean “confusion”?"))
  }

  @Test(arguments: [
    "", "[]", "{", #"{"title":"T"}"#, #"{"title":1,"pages":[]}"#, #"{"title":"T","pages":[]}"#,
    #"{"title":"T","pages":[{"title":"P","blocks":[]}]}"#,
    #"{"title":"T","pages":[{"title":"P","blocks":"run"}]}"#,
  ])
  func whatIsNoLayoutIsRefused(json: String) {
    #expect {
      try layout(json)
    } throws: { error in
      guard case ReportingError.badLayout = error else { return false }
      return true
    }
  }

  @Test func sizesAreBounded() {
    let page = #"{"title":"P","blocks":["run"]}"#
    let pages = Array(repeating: page, count: LayoutLimits.pages + 1).joined(separator: ",")
    #expect(throws: ReportingError.badLayout("it has 51 pages; 1 to 50 are possible")) {
      try layout("{\"title\":\"T\",\"pages\":[\(pages)]}")
    }
    #expect(throws: ReportingError.badLayout("it is longer than 65536 bytes")) {
      try layout(String(repeating: " ", count: LayoutLimits.bytes + 1))
    }
  }

  @Test func aFileIsFoundByItsName() throws {
    let store = try TestStore()
    let path = store.file("own.json")
    try Data(#"{"title":"Own","pages":[{"title":"P","blocks":["run"]}]}"#.utf8).write(to: URL(filePath: path))
    #expect(try ReportLayout.find(path).title == "Own")
    #expect(try ReportLayout.find("standard").pages.count == 4)
    #expect(throws: ReportingError.noSuchLayout("standrd", known: ReportLayout.names)) {
      try ReportLayout.find("standrd")
    }
    #expect(
      throws: ReportingError.unreadableLayout(
        path: store.file("none.json"), reason: "No such file or directory")
    ) {
      try ReportLayout.find(store.file("none.json"))
    }
    #expect(throws: ReportingError.unreadableLayout(path: "/dev/", reason: "it is no plain file")) {
      try ReportLayout.find("/dev/")
    }
  }
}
