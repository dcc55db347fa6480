import Files
import TestSupport
import Testing

@Suite struct DiskSpaceTests {
  @Test func aNewFileHasTheSpaceOfItsFolder() throws {
    let scratch = try Scratch()
    #expect(try #require(DiskSpace.free(at: scratch.file("none.sqlite"))) > 0)
    #expect(try #require(DiskSpace.free(at: "/none.sqlite")) >= 0)
    #expect(try #require(DiskSpace.free(at: "none.sqlite")) >= 0)
  }

  @Test func aMissingFolderHasNoSpace() throws {
    #expect(DiskSpace.free(at: try Scratch().file("none/x.sqlite")) == nil)
  }
}
