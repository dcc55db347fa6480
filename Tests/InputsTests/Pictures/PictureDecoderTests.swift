import Preparation
import Corpus
import Foundation
import Inputs
import TestSupport
import Testing

@Suite struct PictureDecoderTests {
  @Test("The bytes equal Pillow's", arguments: PictureGoldens.all.pictures)
  func golden(_ golden: PictureGoldens.Entry) throws {
    let picture = try PictureDecoder.decode(PictureGoldens.bytes(golden.file))
    #expect(picture.width == golden.width)
    #expect(picture.height == golden.height)
    #expect(PictureGoldens.digest(picture.pixels) == golden.rgb)
    for (size, digest) in golden.squares {
      let side = try #require(Int(size))
      let square = PictureResampler().resize(picture, width: side, height: side)
      #expect(PictureGoldens.digest(square.pixels) == digest, "\(size)")
    }
  }

  @Test("Every committed picture has a golden")
  func complete() throws {
    let files = try FileManager.default.contentsOfDirectory(atPath: PictureGoldens.folder.path)
    let pictures = Set(files.filter { !$0.hasSuffix(".py") && !$0.hasSuffix(".json") })
    #expect(pictures == Set(PictureGoldens.all.pictures.map(\.file)))
    #expect(pictures.count > 90)
  }

  @Test(
    "A picture has exactly as many pixels as allowed, or is refused by its header",
    arguments: [
      "ycbcr-420.jpg", "cmyk.jpg", "rgb-8.png", "lossy.webp", "plain.gif",
    ])
  func limit(file: String) throws {
    let bytes = try PictureGoldens.bytes(file)
    let picture = try PictureDecoder.decode(bytes)
    let count = picture.width * picture.height
    #expect(try PictureDecoder.decode(bytes, limits: PictureLimits(pixels: count)) == picture)
    #expect(
      throws: PictureError.tooManyPixels(width: picture.width, height: picture.height, limit: count - 1)
    ) {
      try PictureDecoder.decode(bytes, limits: PictureLimits(pixels: count - 1))
    }
  }

  @Test("A header with a huge size is rejected at once, whatever follows it")
  func giants() throws {
    var jpeg = try PictureGoldens.bytes("grey.jpg")
    let frame = try #require(jpeg.indices.first { jpeg[$0...].starts(with: [0xFF, 0xC0]) })
    jpeg.replaceSubrange(frame + 5..<frame + 9, with: [0xFF, 0xFF, 0xFF, 0xFE])
    var gif = try PictureGoldens.bytes("global.gif")
    gif.replaceSubrange(6..<10, with: [0xFF, 0xFF, 0xFF, 0xFF])
    var webp = try PictureGoldens.bytes("animated.webp")
    webp.replaceSubrange(24..<30, with: [0xFF, 0x3F, 0, 0xFF, 0x3F, 0])
    let png = PNG.header(width: 40_000, height: 40_000)
    for (bytes, width, height) in [
      (jpeg, 65_534, 65_535), (gif, 65_535, 65_535), (webp, 16_384, 16_384), (png, 40_000, 40_000),
    ] {
      #expect(throws: PictureError.tooManyPixels(width: width, height: height, limit: 50_000_000)) {
        try PictureDecoder.decode(bytes)
      }
    }
  }

  @Test("A side has a limit of its own")
  func longSide() {
    #expect(throws: PictureError.tooManyPixels(width: 65_501, height: 1, limit: 50_000_000)) {
      try PictureDecoder.decode(PNG.header(width: 65_501, height: 1))
    }
  }

  @Test("A small file with many passes over a picture is rejected")
  func manyScans() throws {
    let jpeg = try PictureGoldens.bytes("grey-progressive.jpg")
    let last = try #require(jpeg.indices.last { jpeg[$0...].starts(with: [0xFF, 0xDA]) })
    let scan = jpeg[last..<jpeg.count - 2]
    let many = jpeg[..<last] + Array(repeating: scan, count: 200).joined() + [0xFF, 0xD9]
    #expect(throws: PictureError.corrupt(format: "JPEG", reason: "more than 100 scans")) {
      try PictureDecoder.decode(Array(many))
    }
  }

  @Test(
    "Compressed text that would grow a thousandfold is not unpacked, and damaged side matter is no damage")
  func sideMatter() throws {
    var png = try PictureGoldens.bytes("compressed-text.png")
    let text = try #require(png.indices.first { png[$0...].starts(with: Array("zTXt".utf8)) })
    let picture = try PictureDecoder.decode(png)
    png[text + 8] ^= 0xFF
    #expect(try PictureDecoder.decode(png) == picture)
  }

  @Test(
    "A JPEG that loses its end mark loses its last row",
    arguments: ["quality-100.jpg", "grey-progressive.jpg"])
  func withoutEnd(file: String) throws {
    let bytes = try PictureGoldens.bytes(file).dropLast(2)
    let problem = #expect(throws: PictureError.self) { try PictureDecoder.decode(Array(bytes)) }
    #expect(problem?.code == .truncated)
  }

  @Test("A wrong checksum of pixels is damage")
  func checksum() throws {
    var png = try PictureGoldens.bytes("rgb-8.png")
    let data = try #require(png.indices.first { png[$0...].starts(with: Array("IDAT".utf8)) })
    png[data + 10] ^= 1
    let problem = #expect(throws: PictureError.self) { try PictureDecoder.decode(png) }
    #expect(problem?.code == .corrupt)
  }
}

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
    #expect(throws: PictureError.unsupportedFormat(looksLike: name)) {
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
    #expect(throws: PictureError.unsupportedFormat(looksLike: name)) { try PictureDecoder.decode(bytes) }
  }

  @Test("A file without bytes is empty")
  func empty() {
    #expect(throws: PictureError.emptyFile) { try PictureDecoder.decode([]) }
  }

  @Test(
    "The beginning of a signature is the beginning of a picture",
    arguments: [
      ("RIFF", "WebP"), ("RIFF....WEB", "WebP"), ("GIF8", "GIF"),
    ])
  func beginnings(text: String, format: String) {
    let problem = #expect(throws: PictureError.self) { try PictureDecoder.decode(Array(text.utf8)) }
    #expect(problem == .truncated(format: format, reason: "\(text.utf8.count) bytes in all"))
  }
}
