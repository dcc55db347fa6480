import Bytes
import Preparation
import Corpus
import Inputs
import Testing

@Suite struct PictureFaultTests {
  @Test(
    "Every code of a picture has words, which say how to fix it",
    arguments: [
      (
        PictureError.missing,
        "missing: a.jpg: no such file; --images names the folder that picture paths start from"
      ),
      (
        .fileTooLarge(bytes: 70_000_000, limit: 67_108_864),
        "file_too_large: a.jpg: 70000000 bytes, 67108864 allowed; --max-picture-bytes raises the limit"
      ),
      (
        .tooManyPixels(width: 9000, height: 8000, limit: 50_000_000),
        "too_many_pixels: a.jpg: 9000 × 8000 pixels, 50000000 allowed; --max-pixels raises the limit"
      ),
      (
        .tooManyPixels(width: 70_000, height: 1, limit: 50_000_000),
        "too_many_pixels: a.jpg: 70000 × 1 pixels; a side may have 65500, so scale it down"
      ),
      (
        .unsupportedFormat(looksLike: "HTML"),
        "unsupported_format: a.jpg: looks like HTML; fetch the picture itself"
      ),
      (
        .unsupportedFormat(looksLike: "BMP"),
        "unsupported_format: a.jpg: looks like BMP; convert it to JPEG, PNG, WebP or GIF"
      ),
      (
        .outsideFolder(folder: "images"),
        "outside_folder: a.jpg: the path leads out of images; --images names the folder that holds all pictures"
      ),
      (
        .truncated(format: "PNG", reason: "no end"),
        "truncated: a.jpg: the PNG is cut off (no end); fetch it again"
      ),
      (
        .truncated(format: "PNG", reason: "no end", hasPart: true),
        "truncated: a.jpg: the PNG is cut off (no end); fetch it again, or --truncated-images accept takes what is there"
      ),
    ])
  func words(problem: PictureError, words: String) {
    #expect(PictureFileError(path: "a.jpg", problem: problem).description == words)
  }

  @Test("A picture's error becomes a fault of its row")
  func row() {
    let position = RowPosition(file: "posts.csv", record: 21, line: 22)
    let fault = PictureFileError(path: "images/9103.jpg", problem: .missing).rowFault(at: position, key: "9103")
    #expect(
      fault
        == RowFault(
          position: position, key: "9103", stage: .image, code: .missing, path: "images/9103.jpg",
          detail: PictureError.missing.description))
  }

  @Test(
    "A cell that is no path is called what it looks like",
    arguments: [
      ("https://x.org/a.jpg", "an address on the web"), ("//pbs.twimg.com/media/a.jpg", "an address on the web"),
      ("0", "'0' says whether there is a picture"), ("TRUE", "'TRUE' says whether there is a picture"),
      ("<img src=\"a.jpg\">", "an HTML tag"), ("![a cat](a.jpg)", "Markdown"), ("a.jpg ", "has blanks around it"),
    ])
  func resemblance(path: String, words: String) {
    for problem in [PictureError.missing, .outsideFolder(folder: "img")] {
      let detail = PictureFileError(path: path, problem: problem).detail
      #expect(detail.contains(words), "\(detail)")
    }
  }

  @Test("A cell like a list that is not read says how to name its pictures")
  func listLike() {
    for path in [#"[{"url": "a.jpg"}]"#, #"[["a.jpg"]]"#, #"{"url": "a.jpg"}"#, "[{'url': 'a.jpg'}]", "[img]"] {
      let detail = PictureFileError(path: path, problem: .missing).detail
      #expect(detail.hasSuffix("such as --image 'image.*.url'"), "\(detail)")
    }
    #expect(PictureFileError(path: "[a", problem: .missing).detail == PictureError.missing.description)
  }
}
