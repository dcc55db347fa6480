import Inputs
import Testing

/// Files that end early, accepted.
@Suite struct TruncatedPictureTests {
  private static let accepting = PictureLimits(truncated: .accept)

  @Test("As far as it goes, a cut picture is Pillow's", arguments: CameraGoldens.all.cut)
  func golden(_ golden: CameraGoldens.Cut) throws {
    let part = Array(try PictureGoldens.bytes(golden.file).prefix(golden.bytes))
    let picture = try PictureDecoder.decode(part, limits: Self.accepting)
    try #require(picture.height == golden.rows.count)
    let length = 3 * picture.width
    let differing = (0..<picture.height).filter { row in
      let digest = PictureGoldens.digest(Array(picture.pixels[row * length..<(row + 1) * length]))
      return !digest.hasPrefix(golden.rows[row])
    }
    // Of a PNG and a GIF, Pillow keeps the pixels of the row in which the file ends.
    #expect(differing.count <= (golden.file.hasSuffix(".jpg") ? 0 : 1), "\(differing)")
  }

  @Test("A cut picture says so, a whole one does not", arguments: PictureGoldens.all.pictures.map(\.file))
  func isCut(file: String) throws {
    let bytes = try PictureGoldens.bytes(file), whole = try PictureDecoder.decode(bytes)
    #expect(try PictureDecoder.decode(bytes, limits: Self.accepting) == whole)
    for eighth in 4...7 {
      let part = Array(bytes.prefix(bytes.count * eighth / 8))
      let strict = try? PictureDecoder.decode(part), lenient = try? PictureDecoder.decode(part, limits: Self.accepting)
      if let strict { #expect(lenient?.pixels == strict.pixels, "\(eighth)/8") }
      if strict == nil, let lenient {
        #expect(lenient.isCut && lenient.width == whole.width && lenient.height == whole.height, "\(eighth)/8")
      }
    }
  }

  @Test("What is missing is grey in a JPEG and a WebP, black in a PNG")
  func filling() throws {
    for (file, level) in [("grey.jpg", 128), ("lossless.webp", 128), ("rgb-8.png", 0)] as [(String, UInt8)] {
      let bytes = try PictureGoldens.bytes(file)
      let picture = try PictureDecoder.decode(Array(bytes.dropLast(bytes.count / 4)), limits: Self.accepting)
      #expect(picture.isCut && picture.pixels.suffix(3) == [level, level, level], "\(file)")
      #expect(picture.pixels.prefix(3) != [level, level, level], "\(file)")
    }
  }

  @Test("A progressive JPEG that is cut in the middle of a table has its earlier passes")
  func progressive() throws {
    let bytes = try PictureGoldens.bytes("grey-progressive.jpg"), whole = try PictureDecoder.decode(bytes)
    let table = try #require(bytes.indices.last { bytes[$0...].starts(with: [0xFF, 0xC4]) })
    let picture = try PictureDecoder.decode(Array(bytes.prefix(table + 10)), limits: Self.accepting)
    let distance = zip(picture.pixels, whole.pixels).reduce(0) { $0 + abs(Int($1.0) - Int($1.1)) }
    #expect(picture.isCut && distance < 16 * whole.pixels.count)
  }

  @Test(
    "A file that ends in its header, or has no pixels, is truncated all the same",
    arguments: [
      ("grey.jpg", 30), ("rgb-8.png", 20), ("lossy.webp", 14), ("plain.gif", 9),
    ])
  func header(file: String, bytes: Int) throws {
    let part = Array(try PictureGoldens.bytes(file).prefix(bytes))
    let problem = #expect(throws: PictureError.self) { try PictureDecoder.decode(part, limits: Self.accepting) }
    guard case .truncated? = problem else {
      Issue.record("\(String(describing: problem))")
      return
    }
  }

  @Test("Damage is no cut: it stays a fault") func damage() throws {
    var png = try PictureGoldens.bytes("rgb-8.png")
    let data = try #require(png.indices.first { png[$0...].starts(with: Array("IDAT".utf8)) })
    png[data + 10] ^= 1
    let problem = #expect(throws: PictureError.self) { try PictureDecoder.decode(png, limits: Self.accepting) }
    guard case .corrupt? = problem else {
      Issue.record("\(String(describing: problem))")
      return
    }
  }

  @Test("The fault names the way to accept it where that helps")
  func words() throws {
    let jpeg = try PictureGoldens.bytes("ycbcr-420.jpg"), avif = try CameraGoldens.bytes("420-full.avif")
    let parts = [
      (Array(jpeg.prefix(jpeg.count - 90)), PictureLimits(), true), (Array(jpeg.prefix(40)), PictureLimits(), false),
      (Array(jpeg.prefix(40)), Self.accepting, false), (Array(avif.dropLast(20)), PictureLimits(), false),
    ]
    for (bytes, limits, isNamed) in parts {
      let problem = #expect(throws: PictureError.self) { try PictureDecoder.decode(bytes, limits: limits) }
      #expect(problem.map { "\($0)".contains("--truncated-images accept") } == isNamed)
    }
  }
}
