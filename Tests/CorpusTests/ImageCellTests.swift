import Corpus
import Testing

@Suite struct ImageCellTests {
  @Test(
    "A list is recognised in the forms that programs write",
    arguments: [
      ("a/1.jpg;b/2.jpg", ["a/1.jpg", "b/2.jpg"]), (#"["a/1.jpg","b/2.png"]"#, ["a/1.jpg", "b/2.png"]),
      ("['a/1.jpg', 'b/2.jpg']", ["a/1.jpg", "b/2.jpg"]), ("a/1.jpg b/2.jpg", ["a/1.jpg", "b/2.jpg"]),
      ("a/1.jpg,b/2.jpg", ["a/1.jpg", "b/2.jpg"]), ("a 1.jpg, b 2.jpg", ["a 1.jpg", "b 2.jpg"]),
      ("a.jpg|b.JPG|c.webp", ["a.jpg", "b.JPG", "c.webp"]), ("a.jpg\nb.jpg", ["a.jpg", "b.jpg"]),
      ("a.jpg;", ["a.jpg"]), ("['a/1.jpg']", ["a/1.jpg"]), ("('a.jpg',)", ["a.jpg"]),
      ("{a.jpg,b.jpg}", ["a.jpg", "b.jpg"]),
      ("['a.jpg' 'b c.jpg'\n 'd.jpg']", ["a.jpg", "b c.jpg", "d.jpg"]), ("{'a.jpg', 'b.jpg'}", ["a.jpg", "b.jpg"]),
      ("[a.jpg, nan]", ["a.jpg"]), ("['it''s.jpg']", nil),
      (#"["caf\u00e9.jpg", "x\/y.jpg"]"#, ["café.jpg", "x/y.jpg"]),
      (#"['it\'s.jpg']"#, ["it's.jpg"]), (#"["📷.jpg"]"#, ["📷.jpg"]), (#"["\ud83d\ude00.jpg"]"#, ["😀.jpg"]),
      ("https://x.org/a?format=jpg https://x.org/b", ["https://x.org/a?format=jpg", "https://x.org/b"]),
      (#""a.jpg";"b.jpg""#, ["a.jpg", "b.jpg"]), ("a.jpg;nan", ["a.jpg"]), ("None|b.jpg", ["b.jpg"]),
      (#""['a.jpg', 'b.jpg']""#, ["a.jpg", "b.jpg"]), (#""[""a.jpg"", ""b.jpg""]""#, ["a.jpg", "b.jpg"]),
      (#""[\"a.jpg\"]""#, ["a.jpg"]), ("; ;img/b.jpg", ["img/b.jpg"]), ("|a.jpg", ["a.jpg"]),
      ("array(['a.jpg', 'b.jpg'], dtype=object)", ["a.jpg", "b.jpg"]), ("array(['a.jpg'])", ["a.jpg"]),
      ("Index(['a.jpg' 'b.jpg'], dtype='<U5')", ["a.jpg", "b.jpg"]), ("[False, 'a.jpg']", ["a.jpg"]),
    ] as [(String, [String]?)])
  func lists(cell: String, paths: [String]?) {
    let read = ImageCell(cell)
    #expect(read.paths == paths ?? [cell])
    #expect(read.form == paths.map { .list(count: $0.count) })
  }

  @Test(
    "Whatever may be one name is one",
    arguments: [
      "img/a.jpg", "my photo.jpg", "a, b.jpg", "one;two.jpg", "photo(1).jpg", "[img]", "{id}", "a.txt b.txt",
      "img/a.jpg ",
      "https://x.org/w_100,h_200/a.jpg", "data:image/png;base64,aGVsbG8=", "a", "naan", #"[{"url": "a.jpg"}]"#,
      "['a.jpg'",
      "photo(1)", "array(['a.jpg'", "array(['a.jpg'], b)", "0", "1", "true", " data:image/png;base64,aGVs\nbG8=",
      "[a.jpg]]", "C:\\a b\\c.jpg", "(a.jpg", "[1]",
    ])
  func single(cell: String) { #expect(ImageCell(cell) == ImageCell(path: cell)) }

  @Test(
    "Words for a missing value are no picture",
    arguments: [
      "[]", "nan", "None", "null", "NaN", "<NA>", " nan ", "['']", "[nan]", "[None, nan]", "#N/A", "[ ]", "\\N",
      "nan;nan", "false", "False", "-", ";", "; ;", "array([], dtype=object)", "data:image/png;base64,", " data:,",
      "\"[]\"",
    ])
  func words(cell: String) {
    #expect(ImageCell(cell).paths.isEmpty)
    #expect(ImageCell(cell).form == .noPicture(cell))
  }

  @Test("A blank cell has no form") func blank() {
    #expect(ImageCell("  ").paths.isEmpty && ImageCell(" ").form == nil)
  }
}

extension ImageCell {
  /// A cell that is one path.
  fileprivate init(path: String) {
    self.init("plain.name.jpg")
    paths = [path]
  }
}
