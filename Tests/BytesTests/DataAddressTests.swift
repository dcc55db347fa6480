import Bytes
import Testing

@Suite struct DataAddressTests {
  @Test func aFileIsRead() throws {
    for text in ["data:image/png;base64,aGVsbG8=", "data:;BASE64,aGVsbG8", "data:image/png;base64, aGVs\nbG8="] {
      #expect(DataAddress(text)?.bytes == Array("hello".utf8), "\(text)")
    }
    #expect(DataAddress("data:image/svg+xml,<svg/>")?.bytes == nil)
    #expect(DataAddress("data:image/png;base64,a!")?.bytes == nil)
    #expect(DataAddress("img/data:a,b.jpg") == nil && DataAddress("data:image") == nil)
  }

  @Test func theNameIsShortAndTellsFilesApart() throws {
    let long = String(repeating: "aGVs", count: 10_000)
    let name = try #require(DataAddress("data:image/png;base64,\(long)")?.name)
    #expect(name.hasPrefix("data:image/png;base64,sha256=") && name.utf8.count < 100)
    #expect(DataAddress("data:image/png;base64,\(long)aGVs")?.name != name)
    #expect(DataAddress("data:image/png;base64,\(long)")?.size ?? 0 >= 30_000)
  }
}
