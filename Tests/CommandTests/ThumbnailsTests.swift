import Foundation
import Testing

/// `clfa score --thumbnails`: small pictures in the store, which change no score.
@Suite struct ThumbnailsTests {
  private static let thumbnails =
    "SELECT key, width, hex(jpeg) FROM thumbnail JOIN post ON post.id = post_id ORDER BY key"

  @Test func thumbnailsChangeNothingElseAndAreTheSameOnAnyThreads() async throws {
    let workdir = try Workdir()
    let corpus = Workdir.samples + "/posts.csv"
    let limit = ["--limit", "90"]
    for (store, more) in [
      ("plain.sqlite", []), ("one.sqlite", ["--thumbnails", "64", "--threads", "1"]),
      ("two.sqlite", ["--thumbnails", "64", "--threads", "3", "--no-cache"]),
    ] {
      let outcome = try await workdir.run(Workdir.score(corpus, store) + limit + more)
      #expect(outcome.status == 0, "\(outcome.errors)")
    }
    #expect(try workdir.contents("plain.sqlite") == workdir.contents("one.sqlite"))
    #expect(try workdir.rows("plain.sqlite", "SELECT count(*) FROM thumbnail") == ["0"])
    #expect(
      try workdir.rows("one.sqlite", "SELECT options FROM scorer")
        == workdir.rows("plain.sqlite", "SELECT options FROM scorer"))
    let found = try workdir.rows("one.sqlite", Self.thumbnails)
    #expect(found.count == 90)
    #expect(try workdir.rows("two.sqlite", Self.thumbnails) == found)
    #expect(try workdir.rows("one.sqlite", "SELECT max(width) FROM thumbnail") == ["64"])
    // A JPEG by its first bytes.
    #expect(found.allSatisfy { $0.split(separator: "|")[2].hasPrefix("FFD8FF") })

    // Posts that were scored without get theirs from the same command, and the same ones.
    let again = try await workdir.run(Workdir.score(corpus, "plain.sqlite", "--thumbnails", "64") + limit)
    #expect(again.status == 0 && again.errors.contains("90 were already scored"), "\(again.errors)")
    #expect(try workdir.rows("plain.sqlite", Self.thumbnails) == found)
    #expect(try workdir.rows("plain.sqlite", "SELECT count(*) FROM prediction") == ["90"])
  }

  @Test func equalPicturesAndPostsWithoutOne() async throws {
    let workdir = try Workdir()
    let picture = URL(filePath: Workdir.jpeg)
    try workdir.write("a.jpg", Data(contentsOf: picture))
    try workdir.write("b.jpg", Data(contentsOf: picture))
    try workdir.write("broken.jpg", Data(Data(contentsOf: picture).prefix(300)))
    let corpus = try workdir.write(
      "posts.csv", "id,text,image\n1,x,a.jpg\n2,x,b.jpg\n3,y,a.jpg\n4,z,\n5,w,broken.jpg\n6,v,broken.jpg\n")
    let outcome = try await workdir.run(
      Workdir.score(corpus, "posts.sqlite", "--thumbnails", "32", "--missing-image", "text-only"))
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(
      try workdir.rows(
        "posts.sqlite", "SELECT group_concat(key), count(DISTINCT jpeg) FROM thumbnail JOIN post ON post.id = post_id")
        == ["1,2,3|1"])
    let merged = try await workdir.run("merge", "all.sqlite", "posts.sqlite")
    #expect(merged.status == 0 && merged.errors.contains("3 thumbnails"), "\(merged.errors)")
    #expect(try workdir.rows("all.sqlite", Self.thumbnails) == workdir.rows("posts.sqlite", Self.thumbnails))
  }

  @Test(arguments: ["15", "513", "0", "x"]) func invalidSizesAreRejected(size: String) async throws {
    let outcome = try await Workdir().run(Workdir.score("x.csv", "s.sqlite", "--thumbnails", size))
    #expect(outcome.status == 64, "\(outcome.errors)")
  }
}
