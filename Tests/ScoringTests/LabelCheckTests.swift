import Scoring
import Testing

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
}
