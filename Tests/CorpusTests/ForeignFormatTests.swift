import Corpus
import TestSupport
import Testing

@Suite struct ForeignFormatTests {
  let scratch: Scratch

  init() throws { scratch = try Scratch() }

  /// Beginnings of real files, as their programs write them.
  private static let beginnings: [(ForeignFormat, [UInt8])] = [
    (.parquet, Array("PAR1\u{15}\u{4}".utf8)), (.arrow, Array("ARROW1\0\0".utf8)), (.arrow, Array("FEA1\0\0".utf8)),
    (.avro, [0x4F, 0x62, 0x6A, 1, 4]), (.orc, [0x4F, 0x52, 0x43, 8, 3]), (.sqlite, Array("SQLite format 3\0".utf8)),
    (.hdf5, [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A]), (.stata, Array("<stata_dta><header>".utf8)),
    (.spss, Array("$FL2@(#) SPSS DATA FILE".utf8)), (.pickle, [0x80, 4, 0x95, 0]),
    (.numpy, [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59, 1, 0]),
    (.safetensors, [0x40, 1, 0, 0, 0, 0, 0, 0] + Array("{\"__metadata__\":".utf8)),
    (.excel, zip("[Content_Types].xml")), (.excel, zip("xl/workbook.xml")), (.zip, zip("posts.csv")),
    (.openDocument, zip("mimetypeapplication/vnd.oasis.opendocument.spreadsheet")),
    (.oldExcel, [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]), (.sevenZip, [0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C]),
    (.rar, Array("Rar!".utf8) + [0x1A, 7, 0]), (.tar, [UInt8](repeating: 0x61, count: 257) + Array("ustar".utf8)),
    (.pdf, Array("%PDF-1.7\n".utf8)), (.htmlPage, Array("<!DOCTYPE html>\n<html>".utf8)),
    (.htmlPage, Array("\n <HTML lang='de'>".utf8)), (.htmlPage, Array("<?xml version='1.0'?><html>".utf8)),
    (.xml, Array("<?xml version='1.0'?><posts>".utf8)), (.rtf, Array("{\\rtf1\\ansi".utf8)),
    (.picture, [0xFF, 0xD8, 0xFF, 0xE0]), (.picture, [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A]),
    (.picture, Array("RIFF\u{8}\0\0\0WEBPVP8 ".utf8)),
  ]

  /// The local header of a zip archive's first member.
  private static func zip(_ name: String) -> [UInt8] {
    [0x50, 0x4B, 3, 4] + [UInt8](repeating: 0, count: 26) + Array(name.utf8)
  }

  @Test func eachIsNamedWithACommandThatHelps() throws {
    for (format, bytes) in Self.beginnings {
      let error = try scratch.error(bytes: bytes)
      #expect(
        error
          == .otherContent(file: scratch.file("posts.csv"), mark: .foreign(format), encoding: .utf8), "\(format)")
      #expect(error?.description.contains(", not a table of text: ") == true)
      if format != .picture { #expect(error?.description.contains("posts.csv") == true, "\(format)") }
    }
    for format in ForeignFormat.allCases { #expect(Self.beginnings.contains { $0.0 == format }, "\(format)") }
  }

  /// The length of the header is the first byte of such a file, and may be the code of a brace or a bracket.
  @Test(arguments: [123, 91] as [UInt8])
  func aLengthIsNoBrace(length: UInt8) throws {
    let header = "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}"
    let padded = header + String(repeating: " ", count: Int(length) - header.utf8.count)
    let bytes = [length, 0, 0, 0, 0, 0, 0, 0] + Array(padded.utf8) + [0, 0, 0x80, 0x3F]
    for name in ["a.csv", "a.json", "a.jsonl", "a.safetensors"] {
      let path = try scratch.write(name, bytes)
      #expect(throws: CorpusError.otherContent(file: path, mark: .foreign(.safetensors), encoding: .utf8)) {
        try read([path])
      }
    }
    // Nor is it one where the rest does not tell.
    let error = try scratch.error(bytes: [length, 0] + Array(",text\n1,a\n".utf8))
    #expect(error == .nulInHeader(file: scratch.file("posts.csv"), encoding: .utf8))
  }

  @Test func textMayBeginAlike() throws {
    for word in ["PAR1", "Obj", "ORC", "<p>", "$FL", "%PDF", "Rar!", "<htm"] {
      #expect(try scratch.rows("\(word),text\n1,a\n").count == 1, "\(word)")
    }
  }
}
