import Foundation
import Reporting
import Results
import ResultsFixtures
import Testing

@Suite struct ReportLayoutTests {
  private func layout(_ json: String) throws(ReportingError) -> ReportLayout {
    try ReportLayout(json: Array(json.utf8))
  }

  @Test func theStandardLayoutHasFourPages() throws {
    let layout = try ReportLayout.named("standard")
    #expect(layout.pages.count == 4)
    #expect(layout.sections.map(\.block).contains(.sample))
  }

  @Test func everyBlockIsInABuiltInLayout() throws {
    let layouts = try ReportLayout.names.map { try ReportLayout.named($0) }
    #expect(Set(layouts.flatMap(\.sections).map(\.block)) == Set(ReportBlock.allCases))
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

  @Test func aSectionHasOptions() throws {
    let layout = try layout(
      #"{"title":"T","pages":[{"title":"P","blocks":["sample",{"section":"sample","posts":12},{"section":"run"}]}]}"#)
    #expect(layout.pages[0].blocks == [.sample, .sample, .run])
    #expect(layout.sections.map { $0.options[SampleBlock.posts] } == [24, 12, 24])
    #expect(layout.most(SampleBlock.posts, of: .sample) == 24)
    #expect(layout.most(SampleBlock.posts, of: .model) == nil)
  }

  @Test(arguments: [
    (#"{"section":"sample","post":12}"#, ReportingError.noSuchOption("post", section: "sample", known: ["posts"])),
    (#"{"section":"run","posts":12}"#, .noSuchOption("posts", section: "run", known: [])),
    (#"{"section":"sample","posts":1}"#, .badOption("posts", section: "sample", range: 2...60)),
    (#"{"section":"sample","posts":"12"}"#, .badOption("posts", section: "sample", range: 2...60)),
    (#"{"section":"sample","posts":12.5}"#, .badOption("posts", section: "sample", range: 2...60)),
    (#"{"posts":12}"#, .badLayout("pages [1] blocks [1] has no \"section\"")),
    (#"["sample"]"#, .badLayout("pages [1] blocks [1] has the wrong type")),
  ])
  func unknownKeysOfASectionAreRejected(section: String, error: ReportingError) {
    #expect(throws: error) {
      try layout("{\"title\":\"T\",\"pages\":[{\"title\":\"P\",\"blocks\":[\(section)]}]}")
    }
  }

  @Test func unknownKeysAreNamed() {
    #expect(throws: ReportingError.noSuchLayoutKey("titel", known: ["title", "blocks"])) {
      try layout(#"{"title":"T","pages":[{"titel":"P","blocks":["run"]}]}"#)
    }
    #expect(throws: ReportingError.noSuchLayoutKey("author", known: ["title", "join", "pages"])) {
      try layout(#"{"title":"T","author":"me","pages":[{"title":"P","blocks":["run"]}]}"#)
    }
    #expect(
      ReportingError.noSuchLayoutKey("titel", known: ["title", "blocks"]).description.contains(
        "did you mean \"title\"?"))
    #expect(
      ReportingError.noSuchOption("post", section: "sample", known: ["posts"]).description
        .contains("did you mean \"posts\"?"))
  }

  @Test func anUnknownBlockIsNamed() {
    #expect(
      throws: ReportingError.noSuchBlock("confusoin", page: 1, known: ReportBlock.allCases.map(\.rawValue))
    ) {
      try layout(#"{"title":"T","pages":[{"title":"P","blocks":["confusoin"]}]}"#)
    }
    let words = ReportingError.noSuchBlock("confusoin", page: 1, known: ReportBlock.allCases.map(\.rawValue))
      .description
    #expect(words.contains("did you mean \"confusion\"?"))
  }

  @Test(arguments: [
    "", "[]", "{", #"{"title":"T"}"#, #"{"title":1,"pages":[]}"#, #"{"title":"T","pages":[]}"#,
    #"{"title":"T","pages":[{"title":"P","blocks":[]}]}"#,
    #"{"title":"T","pages":[{"title":"P","blocks":"run"}]}"#,
  ])
  func invalidLayoutsAreRejected(json: String) {
    #expect {
      try layout(json)
    } throws: { error in
      guard case ReportingError.badLayout = error else { return false }
      return true
    }
  }

  @Test(arguments: [
    ("{", "it is not JSON: expected a string at byte 1"),
    (#"{"title":"T","title":"U"}"#, #"it is not JSON: the key "title" occurs again at byte 13"#),
    ("[]", "the layout has the wrong type"), (#"{"title":"T"}"#, #"the layout has no "pages""#),
    (#"{"title":null,"pages":[]}"#, "title has the wrong type"),
    (#"{"title":"T","pages":[{"blocks":["run"]}]}"#, #"pages [1] has no "title""#),
    (#"{"title":"T","pages":[{"title":"P","blocks":["run"]}],"join":1}"#, "join has the wrong type"),
  ])
  func whatIsWrongIsSaidWithItsPlace(json: String, words: String) {
    #expect(throws: ReportingError.badLayout(words)) { try layout(json) }
  }

  @Test func wholeNumbersAndMarksOfEditorsAreRead() throws {
    let json = #"{"title":"T","join":null,"pages":[{"title":"P","blocks":[{"section":"sample","posts":12.0}]}]}"#
    let layout = try layout("\u{FEFF}" + json)
    #expect(layout.sections.map { $0.options[SampleBlock.posts] } == [12] && !layout.joinsPages)
    #expect(try self.layout(json.replacing("null", with: "true")).joinsPages)
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
    #expect(throws: ReportingError.noSuchLayout("standrd", known: ReportLayout.names + ["training"])) {
      try ReportLayout.find("standrd")
    }
    #expect(
      throws: ReportingError.unreadableLayout(
        path: store.file("none.json"), reason: "No such file or directory")
    ) {
      try ReportLayout.find(store.file("none.json"))
    }
    #expect(throws: ReportingError.unreadableLayout(path: "/dev/", reason: "it is not a regular file")) {
      try ReportLayout.find("/dev/")
    }
  }
}
