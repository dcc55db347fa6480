import Foundation
import TestSupport

// The files for the lines of docs/your-dump.md, in the page's order.
extension DumpCase {
  static let all = plain + platforms + forms + dates + pictures

  private static let text = "SELECT text FROM post ORDER BY id LIMIT 1"
  private static let image = "SELECT image FROM post ORDER BY id LIMIT 1"
  private static let posted = "SELECT posted_at FROM post ORDER BY id LIMIT 1"

  /// A file called `posts.csv`, and pictures.
  private static func csv(_ text: String, _ pictures: [String: Content] = [:]) -> [String: Content] {
    pictures.merging(["posts.csv": .text(text)]) { first, _ in first }
  }

  private static let plain = [
    DumpCase("a file that I do not know", csv("id,text,mood\n1,hello,glad\n2,hello,glad\n"), says: "rows"),
    DumpCase(
      "a CSV with the columns `id`, `text`, `image`, `label`",
      csv("id,text,image,label\n1,hello,a.jpg,ironic\n2,there,,\n", pictures("a.jpg")), rows: 2, pictures: 1),
    DumpCase(
      "columns with other names", csv("tweet_id,body,photo,mood\n9,hello,a.jpg,ironic\n", pictures("a.jpg")), rows: 1,
      pictures: 1, ("SELECT post.key || label FROM post JOIN label ON label.post_id = post.id", "9ironic")),
    DumpCase("title and text in two columns", csv("id,title,body\n1,A,b\n"), rows: 1, (text, "A\nb")),
    DumpCase(
      "a text in one of two columns", csv("id,text,full_text\n1,cut,whole\n2,short,\n"), rows: 2, (text, "whole")),
    DumpCase(
      "more text about a picture, such as the words in it", csv("id,text,caption\n1,a,words\n"), rows: 1,
      ("SELECT knowledge FROM post", "words")),
    DumpCase("labels 0 and 1", csv("id,text,label\n1,a,1\n"), rows: 1, ("SELECT label FROM label", "ironic")),
    DumpCase(
      "several files of one corpus",
      ["part-1.csv": .text("id,text\n1,a\n"), "part-2.csv": .text("text,id,lang\nb,2,en\n")], rows: 2),
  ]

  private static let platforms = [
    DumpCase(
      "tweets of Twitter's API 1.1 (twarc), one on each line",
      pictures("media/Harbour1.jpg", "media/Longer1.jpg").adding("tweets.jsonl", .preset("twitter-1.1.jsonl")), rows: 3,
      pictures: 2),
    DumpCase(
      "tweets of Twitter's API 2, after `twarc2 flatten`",
      pictures("media/One.jpg", "media/Preview.jpg").adding("tweets.jsonl", .preset("twitter-2.jsonl")), rows: 3,
      pictures: 2),
    DumpCase(
      "the CSV of `twarc2 csv`", pictures("media/2021/One.jpg").adding("tweets.csv", .preset("twarc-csv.csv")), rows: 2,
      pictures: 1),
    DumpCase(
      "a dump of Reddit's submissions",
      pictures("media/view123.jpg").adding("RS_2021-10.zst", .zstd("reddit.jsonl")), rows: 3, pictures: 1,
      ("SELECT text FROM post WHERE key = 'q1a2b4'", "A question\nHas anybody tried this?")),
    DumpCase(
      "a chat that Telegram Desktop exported",
      pictures("photos/photo_1@01-09-2022_10-05-00.jpg").adding("result.json", .preset("telegram.json")), rows: 4,
      pictures: 1, faults: 1, (text, "Look at this, it is https://example.org")),
    DumpCase(
      "all chats of a Telegram account",
      [
        "result.json": .text(
          #"{"chats": {"list": [{"id": 1, "messages": [{"id": 1, "text": "a"}]}, {"id": 2, "messages": [{"id": 2, "text": "b"}]}]}}"#
        )
      ], rows: 2),
    DumpCase(
      "a CSV of 4CAT",
      pictures("media/1620000000001.jpg", "media/1620000000003.png").adding("4cat.csv", .preset("4cat.csv")), rows: 3,
      pictures: 2, (text, "A thread\nThe first post, with a comma")),
    DumpCase(
      "a folder of Instaloader, with `.json` files",
      pictures("2020-02-01_12-00-00_UTC.jpg", "2020-02-01_12-01-01_UTC.jpg", "2020-02-01_12-02-02_UTC.jpg")
        .adding("2020-02-01_12-00-00_UTC.json", .preset("instaloader.json")), rows: 3, pictures: 3,
      (posted, "2020-02-01T12:00:00Z")),
    DumpCase(
      "a folder of Instaloader, with `.json.xz` files",
      // {"node":{"shortcode":"Ca1","taken_at_timestamp":1580558400,"caption":"hello"}} without a line break, by xz.
      pictures("2020-02-01_12-00-00_UTC.jpg").adding("2020-02-01_12-00-00_UTC.json.xz", .bytes(xz)), rows: 1,
      pictures: 1,
      (text, "hello")),
    DumpCase(
      "Instaloader's posts with several pictures: the first of each",
      pictures("2020-02-01_12-00-00_UTC_1.jpg", "2020-02-01_12-00-00_UTC_2.jpg").adding(
        "2020-02-01_12-00-00_UTC.json",
        .text(#"{"node": {"shortcode": "Ca1", "taken_at_timestamp": 1580558400, "caption": "hello"}}"#)), rows: 1,
      pictures: 1, (image, "2020-02-01_12-00-00_UTC_1.jpg")),
    DumpCase(
      "Label Studio's export, JSON or CSV",
      pictures("media/upload/3/ab12cd30-photo_0.jpg", "media/upload/3/ab12cd31-photo_1.jpg")
        .adding("project.json", .preset("label-studio.json")), rows: 3, pictures: 2,
      ("SELECT label FROM label JOIN post ON post.id = label.post_id WHERE key = '100'", "sincere")),
    DumpCase(
      "a Hugging Face folder with `metadata.jsonl` or `metadata.csv`",
      pictures("0001.png", "sub/0002.png").adding("metadata.jsonl", .preset("metadata.jsonl")), rows: 2, pictures: 2),
    DumpCase(
      "files of a form that I read often",
      csv("nr;title;body\n1;A;b\n").adding(
        "mine.json", .text(#"{"id": "nr", "text": "title + body", "delimiter": ";"}"#)), rows: 1, (text, "A\nb")),
  ]

  private static let forms = [
    DumpCase(
      "JSON Lines",
      pictures("a.jpg").adding("posts.jsonl", .text(#"{"id": 1, "body": "a", "media": [{"file": "a.jpg"}]}"#)), rows: 1,
      pictures: 1),
    DumpCase(
      "all pictures of a JSON list",
      pictures("a.jpg", "b.jpg").adding(
        "posts.jsonl", .text(#"{"id": 1, "text": "a", "media": [{"file": "a.jpg"}, {"file": "b.jpg"}]}"#)), rows: 2,
      pictures: 2),
    DumpCase(
      "one JSON file with a list of posts below a key",
      ["posts.json": .text(#"{"data": {"posts": [{"id": 1, "text": "a"}, {"id": 2, "text": "b"}]}}"#)], rows: 2),
    DumpCase(
      "JSON objects over several lines, one after the other",
      ["posts.json": .text("{\n  \"id\": 1,\n  \"text\": \"a\"\n}\n{\n  \"id\": 2,\n  \"text\": \"b\"\n}\n")], rows: 2),
    DumpCase(
      "JSON in which a picture is an object with an address in it",
      pictures("a.jpg").adding("posts.jsonl", .text(#"{"id": 1, "text": "a", "image": {"url": "a.jpg"}}"#)), rows: 1,
      pictures: 1),
    DumpCase(
      "lines of JSON with commas between them",
      ["posts.json": .text("{\"id\": 1, \"text\": \"a\"},\n{\"id\": 2, \"text\": \"b\"},\n")], rows: 2),
    DumpCase(
      "JSON of pandas, or any other form than a list of posts: what it is, and how to convert it",
      ["posts.json": .text(#"{"id": {"0": 1, "1": 2}, "text": {"0": "a", "1": "b"}}"#)],
      says: "as pandas writes by default", status: 1),
    DumpCase(
      "a file compressed with gzip or Zstandard", ["posts.csv.gz": .gzip("id,text\n1,a\n2,b\n")], rows: 2),
    DumpCase(
      "a file in a zip",
      pictures("a.jpg").adding(
        "dump.zip", .bytes(ArchiveBuilder.zip([("posts.csv", Array("id,text,image\n1,a,a.jpg\n".utf8))]))), rows: 1,
      pictures: 1),
    DumpCase(
      "a tab-separated file in which quotes are ordinary characters",
      ["posts.tsv": .text("id\ttext\n1\t\"so it begins\n2\t\"quoted\" and on\n3\tc\n")], rows: 3,
      (text, "\"so it begins")),
    DumpCase("cells in single quotes", csv("id,text\n1,'a, b'\n"), rows: 1, (text, "a, b")),
    DumpCase(
      "quotes escaped by backslashes", csv("id,text\n1,\"say \\\"hi\\\"\"\n"), rows: 1, (text, "say \"hi\"")),
    DumpCase("cells separated by semicolons", csv("id;text\n1;a, b\n"), rows: 1, (text, "a, b")),
    DumpCase(
      "a table of Hive, without a header", ["posts.txt": .text("1\u{1}a, b\u{1}en\n2\u{1}c\u{1}de\n")], rows: 2,
      (text, "a, b")),
    DumpCase("lines above the header", csv("made on a Monday\n\"by a program\"\nid,text\n1,a\n"), rows: 1, (text, "a")),
    DumpCase("lines with comments", csv("# a comment\nid,text\n1,a\n# another\n2,b\n"), rows: 2),
    DumpCase(
      "a file of Windows that is not UTF-8", ["posts.csv": .bytes(Array("id,text\n1,caf".utf8) + [0xE9, 0x0A])],
      rows: 1,
      (text, "caf\u{E9}")),
    DumpCase(
      "UTF-16 of a spreadsheet",
      [
        "posts.tsv": .bytes(
          [0xFF, 0xFE] + "id\ttext\n1\tcaf\u{E9}\n".utf16.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] })
      ],
      rows: 1, (text, "caf\u{E9}")),
    DumpCase(
      "texts such as `cafÃ©`: which rows have them, and how to repair them", csv(twice),
      says: "UTF-8 that was encoded twice"),
    DumpCase(
      "a file that was encoded twice as a whole", csv(twice), rows: 9, (text, "\u{C9}t\u{E9} d\u{E9}j\u{E0} 1")),
    DumpCase(
      "Excel, Parquet, SQLite, a PDF: what it is, and how to convert it",
      ["posts.xlsx": .bytes(ArchiveBuilder.zip([("[Content_Types].xml", Array("<Types/>".utf8))]))],
      says: "libreoffice --headless", status: 1),
  ]

  private static let dates = [
    DumpCase(
      "dates of any form with one meaning, also seconds since 1970",
      csv("id,text,created\n1,a,Wed Oct 10 20:19:24 +0000 2018\n2,b,1539202764\n3,c,10/13/2018\n"), rows: 3,
      ("SELECT count(DISTINCT posted_at) || min(posted_at) FROM post", "22018-10-10T20:19:24Z")),
    DumpCase(
      "`10/11/2018`, day first", csv("id,text,created\n1,a,10/11/2018\n"), rows: 1, (posted, "2018-11-10T00:00:00Z")),
    DumpCase(
      "a second column of dates", csv("id,text,created,edited\n1,a,2018-10-10,2018-10-11 12:00\n"), rows: 1,
      (posted, "2018-10-10T00:00:00Z")),
  ]

  private static let pictures = [
    DumpCase(
      "pictures in another folder than the file", csv("id,text,image\n1,a,x/a.jpg\n", pictures("photos/x/a.jpg")),
      rows: 1,
      pictures: 1),
    DumpCase(
      "web addresses, `photo.jpg?name=orig`, `%20`, Windows paths",
      csv(
        "id,text,image\n1,a,https://pbs.example/media/a.jpg\n2,b,img/a.jpg?name=orig\n3,c,img/b%20c.jpg\n4,d,img\\a.jpg\n",
        pictures("img/a.jpg", "img/b c.jpg")), rows: 4, pictures: 4),
    DumpCase(
      "paths of another machine, or names without their folders",
      csv("id,text,image\n1,a,/home/anna/old/a.jpg\n2,b,b.jpg\n", pictures("photos/x/a.jpg", "photos/y/b.jpg")),
      rows: 2,
      pictures: 2),
    DumpCase(
      "pictures named by the post's id, and no column for them",
      csv("id,text\np1,a\n", pictures("media/p1.jpg")), rows: 1, pictures: 1),
    DumpCase(
      "pictures named by the post's date",
      csv("id,text,created\n1,a,2020-02-01T12:00:00Z\n", pictures("2020-02-01_12-00-00.jpg")), rows: 1, pictures: 1),
    DumpCase(
      "links, of which only some are pictures",
      csv(
        "id,text,link\n1,a,https://i.example/a.jpg\n2,b,https://news.example/story.html\n", pictures("photos/a.jpg")),
      rows: 2, pictures: 1),
    DumpCase(
      "`a.jpg;b.jpg` or `['a.jpg', 'b.jpg']` in a cell: the first",
      csv("id,text,image\n1,a,a.jpg;b.jpg\n2,b,\"['b.jpg', 'a.jpg']\"\n", pictures("a.jpg", "b.jpg")), rows: 2,
      pictures: 2, (image, "a.jpg")),
    DumpCase(
      "the same: a row for each picture", csv("id,text,image\n1,a,a.jpg;b.jpg\n", pictures("a.jpg", "b.jpg")), rows: 2,
      pictures: 2),
    DumpCase(
      "a zip of pictures", csv("id,text,image\n1,a,img/a.png\n").adding("photos.zip", .bytes(zipped)), rows: 1,
      pictures: 1),
    DumpCase(
      "many tars of pictures (webdataset)",
      csv("id,text,image\n1,a,000.png\n2,b,001.png\n")
        .adding("shards/0.tar", .bytes(ArchiveBuilder.tar([("000.png", png)])))
        .adding("shards/1.tar", .bytes(ArchiveBuilder.tar([("001.png", png)]))), rows: 2, pictures: 2),
    DumpCase(
      "pictures within the cells (`data:image/png;base64,…`)",
      csv("id,text,image\n1,a,\"data:image/png;base64,\(Data(png).base64EncodedString())\"\n"), rows: 1, pictures: 1),
    DumpCase(
      "posts whose picture is lost or damaged, to be scored by their text",
      csv("id,text,image\n1,a,lost.jpg\n2,b,bad.jpg\n").adding("bad.jpg", .text("no picture")), rows: 2),
    DumpCase(
      "pictures, and I want to know which are missing or damaged",
      csv("id,text,image\n1,a,lost.jpg\n2,b,bad.jpg\n").adding("bad.jpg", .text("no picture")), says: "no such file"),
  ]

  // MARK: Bytes

  private static let png = PNG.file(width: 4, (0..<48).map { UInt8($0 * 5) })
  private static let zipped = ArchiveBuilder.zip([("img/a.png", png)])
  /// Made with `xz`.
  private static let xz = [UInt8](
    Data(
      base64Encoded: "/Td6WFoAAAFpIt42AgAhARwAAAAQz1jM4ABNAExdAD2IicczqOaoofb05HNRfUbEsmnYTPBjqlmycv0lfl/AH4E+d9"
        + "AqYihL77mZqTbLrJRL3Sr0ZzDY5K2z9NNfY83HnSO/gCxTMUNBCHgAr9n6BAABZE4fd3OwkEKZDQEAAAAAAVla")
      ?? Data())
  private static let twice: String = {
    let texts = (1...9).map { "\($0),\u{C9}t\u{E9} d\u{E9}j\u{E0} \($0)\n" }.joined()
    return "id,text\n" + String(String.UnicodeScalarView(texts.utf8.map { Unicode.Scalar($0) }))
  }()
}

extension [String: DumpCase.Content] {
  /// With one more file.
  func adding(_ name: String, _ content: DumpCase.Content) -> Self { merging([name: content]) { first, _ in first } }
}
