import Bytes
import Foundation
import GRDB
import Inputs
import Results
import ResultsFixtures
import Testing

@Suite struct PictureSourceTests {
  /// A run whose posts' pictures are in a folder.
  private func run(images: String?) throws -> RunFacts {
    let store = try TestStore()
    try store.write { database in
      try database.insertScorer(labels: ["no"])
      try database.insertRun(files: ["posts.csv": 1])
      try database.execute(sql: "UPDATE run SET images = ?", arguments: [images])
    }
    return try ReportData.load(from: try store.reader()).run
  }

  /// Stripes, which must not be visible in a blurred picture.
  private let picture = Picture(
    width: 64, height: 48, pixels: (0..<64 * 48).flatMap { [UInt8($0 % 4 < 2 ? 255 : 0), 0, 0] })

  private func decoded(_ shown: ShownPicture) throws -> Picture? {
    guard case .jpeg(let bytes, let width, let height) = shown else { return nil }
    let picture = try PictureDecoder.decode(bytes)
    #expect((picture.width, picture.height) == (width, height))
    return picture
  }

  @Test func aThumbnailComesFirst() throws {
    let source = PictureSource(PictureRequest(), run: try run(images: nil))
    let shown = source.picture(path: "x.jpg", hash: "aa", thumbnail: picture.jpeg())
    #expect(try decoded(shown)?.width == 64)
    #expect(source.tally.thumbnails == 1 && source.tally.lacking == 0 && source.tally.remark == nil)
  }

  @Test func aFileIsShownIfItIsUnchanged() throws {
    let store = try TestStore()
    let folder = store.file("pictures")
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let bytes = try #require(picture.jpeg())
    try Data(bytes).write(to: URL(filePath: folder + "/a.jpg"))
    try Data(bytes).write(to: URL(filePath: store.file("outside.jpg")))
    let hash = SHA256.hash(data: bytes).hexadecimal
    // The given folder, or by default the run's own.
    for source in [
      PictureSource(PictureRequest(images: folder), run: try run(images: nil)),
      PictureSource(PictureRequest(), run: try run(images: folder)),
    ] {
      #expect(try decoded(source.picture(path: "a.jpg", hash: hash, thumbnail: nil)) != nil)
      #expect(source.picture(path: "a.jpg", hash: String(hash.dropLast()) + "x", thumbnail: nil) == .lacking)
      #expect(source.picture(path: "b.jpg", hash: hash, thumbnail: nil) == .lacking)
      #expect(source.picture(path: "../outside.jpg", hash: hash, thumbnail: nil) == .lacking)
      #expect(source.picture(path: nil, hash: nil, thumbnail: nil) == .absent)
      #expect(source.tally.files == 1 && source.tally.changed == 1 && source.tally.unreadable == 2)
      let remark = try #require(source.tally.remark)
      for words in ["Of the 4 pictures", "3 are not available", "the folder of pictures", "with thumbnails"] {
        #expect(remark.contains(words), "\(remark)")
      }
    }
  }

  @Test func theFileReplacesABrokenThumbnail() throws {
    let source = PictureSource(PictureRequest(), run: try run(images: nil))
    #expect(source.picture(path: "x.jpg", hash: "aa", thumbnail: [0xFF, 0xD8, 0xFF]) == .lacking)
    #expect(source.tally.unknown == 1)
    #expect(source.tally.remark?.contains("names no folder") ?? false)
  }

  @Test func aMissingFolderIsNotAnError() throws {
    let source = PictureSource(PictureRequest(images: "/nowhere/at/all"), run: try run(images: nil))
    #expect(source.picture(path: "x.jpg", hash: "aa", thumbnail: nil) == .lacking)
    #expect(source.tally.remark?.contains("/nowhere/at/all") ?? false)
  }

  @Test func aBlurredPictureKeepsNoDetail() throws {
    let source = PictureSource(PictureRequest(showing: .blur), run: try run(images: nil))
    let shown = try #require(try decoded(source.picture(path: nil, hash: "aa", thumbnail: picture.jpeg(quality: 100))))
    let reds = stride(from: 0, to: shown.pixels.count, by: 3).map { Int(shown.pixels[$0]) }
    #expect((reds.max() ?? 0) - (reds.min() ?? 0) < 40)
  }

  @Test func aHiddenPictureIsNotLookedFor() throws {
    let source = PictureSource(PictureRequest(showing: .none), run: try run(images: nil))
    #expect(source.picture(path: "x", hash: "aa", thumbnail: picture.jpeg()) == .hidden)
    #expect(source.picture(path: nil, hash: nil, thumbnail: nil) == .absent)
    #expect(source.tally.lacking == 0)
  }
}
