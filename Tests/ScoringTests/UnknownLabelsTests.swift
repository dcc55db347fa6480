import Bytes
import Preparation
import Testing

@Suite struct UnknownLabelsTests {
  @Test func theModelsOwnLabelsAreNotReported() {
    var labels = UnknownLabels(model: ["sincere", "ironic"])
    labels.add("ironic")
    labels.add("nowhere seen", count: 0)
    #expect(labels.notice == nil)
  }

  @Test func namesTheCommonestAndTheModels() throws {
    var labels = UnknownLabels(model: ["sincere", "ironic"])
    for (place, name) in ["Ironic", "b", "c", "d", "e", "f", "Ironic"].enumerated() {
      labels.add(ByteText(name), count: place + 1)
    }
    let notice = try #require(labels.notice)
    #expect(notice.hasPrefix("28 rows have true labels"))
    #expect(notice.contains(": \"Ironic\" (8), \"f\" (6), \"e\" (5), \"d\" (4), \"c\" (3), and 1 more;"), "\(notice)")
    #expect(notice.contains("the model's labels are \"sincere\", \"ironic\""))
  }

  /// 65,536 labels came out in one line of 644 kB.
  @Test func aModelsManyLabelsAreCut() throws {
    var labels = UnknownLabels(model: (0..<65_536).map { "label\($0)" as ByteText })
    labels.add("strange")
    let notice = try #require(labels.notice)
    #expect(notice.contains("\"label0\", \"label1\",") && notice.contains("and 65516 more"), "\(notice.prefix(500))")
    #expect(notice.utf8.count < 1000)
  }

  @Test func labelsAreBytes() throws {
    var labels = UnknownLabels(model: ["\u{E9}"])
    labels.add("e\u{301}")
    #expect(labels.notice?.hasPrefix("1 row has a true label") == true)
  }

  @Test func aColumnOfIdsNeedsLittleMemory() throws {
    var labels = UnknownLabels(model: ["a"])
    for number in 0..<5000 { labels.add("id \(number)") }
    #expect(labels.notice?.contains("and more than 995 more") == true)
    #expect(labels.notice?.hasPrefix("5000 rows") == true)
  }
}

@Suite struct LabelCheckTests {
  @Test func keepsNamesAndDropsBareNumbers() {
    let check = LabelCheck(names: ["negative", "positive"])
    #expect(check.name("positive") == "positive")
    #expect(check.name("mixed") == "mixed")
    #expect(check.name("1") == nil)
    #expect(check.name("-1") == nil)
  }

  @Test func keepsNumbersThatAreNames() {
    #expect(LabelCheck(names: ["1", "2"]).name("1") == "1")
    #expect(LabelCheck(names: ["1", "2"]).name("3") == nil)
  }

  @Test func keepsTheSpellingOfTheCorpus() {
    #expect(LabelCheck(names: ["caf\u{E9}"]).name("cafe\u{301}") == "cafe\u{301}")
  }
}
