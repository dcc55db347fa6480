import Bytes
import Testing

@Suite struct DataAddressTests {
  @Test func aFileIsRead() throws {
    for text in [
      "data:image/png;base64,aGVsbG8=", "data:;BASE64,aGVsbG8", "data:image/png;base64, aGVs\nbG8=",
      " \nData:image/png;base64,aGVsbG8== ", "data:image/png;base64,aGVsbG8%3D", "data:image/png;base64,aGVs%0AbG8%3d",
    ] {
      #expect(DataAddress(text)?.bytes == Array("hello".utf8), "\(text)")
    }
    // The alphabet of web addresses (RFC 4648).
    #expect(DataAddress("data:;base64,-_-_")?.bytes == DataAddress("data:;base64,+/+/")?.bytes)
    #expect(DataAddress("data:;base64,+/+/")?.bytes == [0xFB, 0xFF, 0xBF])
    #expect(DataAddress("data:image/png;base64, ")?.isEmpty == true && DataAddress("data:,a")?.isEmpty == false)
    #expect(DataAddress("data:image/svg+xml,<svg/>")?.bytes == nil)
    #expect(DataAddress("data:image/png;base64,a!")?.bytes == nil)
    #expect(DataAddress("img/data:a,b.jpg") == nil && DataAddress("data:image") == nil)
  }

  @Test func base64WithoutItsAddressIsRecognised() {
    let rest = String(repeating: "aGVs", count: 100)
    let types = [
      "/9j/": "image/jpeg", "iVBORw0KGgo": "image/png", "R0lGODlh": "image/gif", " UklGR": "image/webp",
      "_9j_": "image/jpeg",
    ]
    for (beginning, type) in types { #expect(DataAddress.bareType(of: beginning + rest) == type) }
    for text in ["/9j/a.jpg", "/9j/\(rest).jpg", "/9j/", rest, "", "data:image/png;base64,/9j/\(rest)"] {
      #expect(DataAddress.bareType(of: text) == nil, "\(text)")
    }
  }

  @Test func theNameIsShortAndTellsFilesApart() throws {
    let long = String(repeating: "aGVs", count: 10_000)
    let name = try #require(DataAddress("data:image/png;base64,\(long)")?.name)
    #expect(name.hasPrefix("data:image/png;base64,sha256=") && name.utf8.count < 100)
    #expect(DataAddress("data:image/png;base64,\(long)aGVs")?.name != name)
    #expect(DataAddress("data:image/png;base64,\(long)")?.size ?? 0 >= 30_000)
  }
}
