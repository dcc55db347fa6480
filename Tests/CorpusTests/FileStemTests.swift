import Corpus
import Testing

@Suite struct FileStemTests {
  @Test(arguments: [
    ("posts.csv", "posts"), ("/data/May 2024/posts.tsv", "posts"), ("a.b.csv", "a.b"), ("posts", "posts"),
    (".csv", ".csv"), ("-", "stdin"), ("folder.d/-", "stdin"), ("folder.d/posts", "posts"),
    ("posts.csv/", "posts"),
    ("/", "/"), ("", ""), ("naïve\u{301}.csv", "naïve\u{301}"),
  ]) func aStemIsTheNameWithoutItsExtension(path: String, stem: String) {
    #expect(Array(FileStem.of(path).utf8) == Array(stem.utf8))
  }
}
