import Inputs
import Testing

@Suite struct PictureFormatTests {
  @Test(
    "What is no picture is named",
    arguments: [
      ("<!DOCTYPE html><html><body>404</body>", "HTML"), ("\n<html>", "HTML"), ("<svg xmlns='x'/>", "SVG"),
      ("<?xml version='1.0'?><svg/>", "SVG"), ("<?xml version='1.0'?><a/>", "XML"),
      ("{\"error\": 404}", "JSON"),
      ("Not found", "text"), (String(repeating: "日本語", count: 400), "text"), ("BM\u{36}\u{2}", "BMP"),
      ("II*\0\u{8}", "TIFF"), ("MM\0*\u{8}", "TIFF"),
      ("\0\0\0\u{1C}ftypavif", "AVIF"), ("\0\0\0\u{18}ftypheic", "HEIC"),
      ("\0\0\0\u{18}ftypisom", "MP4 or another video"),
      ("RIFF\u{4}\0\0\0AVI ", "AVI video"), ("RIFF\u{4}\0\0\0WAVE", "a RIFF file that is no WebP"),
      ("%PDF-1.7", "PDF"),
      ("PK\u{3}\u{4}", "a ZIP archive"), ("\0\0\0", "no known format"), ("G", "text"),
      ("GIF88a......", "text"),
    ])
  func lookalikes(text: String, name: String) {
    #expect(throws: PictureProblem.unsupportedFormat(looksLike: name)) {
      try PictureDecoder.decode(Array(text.utf8))
    }
  }

  @Test(
    "Binary signatures are named",
    arguments: [
      ([0x1F, 0x8B, 8] as [UInt8], "gzip data"), ([0xFF, 0x0A, 0], "JPEG XL"),
      ([0, 0, 1, 0, 1], "an icon (ICO)"),
      ([0xFF, 0xD8], "no known format"),
    ])
  func signatures(bytes: [UInt8], name: String) {
    #expect(throws: PictureProblem.unsupportedFormat(looksLike: name)) { try PictureDecoder.decode(bytes) }
  }

  @Test("No bytes are an empty file")
  func empty() {
    #expect(throws: PictureProblem.emptyFile) { try PictureDecoder.decode([]) }
  }

  @Test(
    "The beginning of a signature is the beginning of a picture",
    arguments: [
      ("RIFF", "WebP"), ("RIFF....WEB", "WebP"), ("GIF8", "GIF"),
    ])
  func beginnings(text: String, format: String) {
    let problem = #expect(throws: PictureProblem.self) { try PictureDecoder.decode(Array(text.utf8)) }
    #expect(problem == .truncated(format: format, reason: "\(text.utf8.count) bytes in all"))
  }
}
