import Inputs
import Testing

@Suite struct MissingPictureTests {
  private static let fault = PictureFault(path: "a.jpg", problem: .missing)

  @Test("A picture that is there is used under both rules", arguments: MissingPicture.allCases)
  func there(rule: MissingPicture) throws {
    #expect(try rule.value { () throws(PictureFault) in 7 } == 7)
  }

  @Test("A picture that cannot be used is a fault, unless the text alone is wanted")
  func missing() throws {
    #expect(throws: Self.fault) {
      try MissingPicture.fault.value { () throws(PictureFault) -> Int in throw Self.fault }
    }
    #expect(try MissingPicture.textOnly.value { () throws(PictureFault) -> Int in throw Self.fault } == nil)
  }

  @Test("The flag's words")
  func words() {
    #expect(MissingPicture.allCases.map(\.rawValue) == ["fault", "text-only"])
  }
}
