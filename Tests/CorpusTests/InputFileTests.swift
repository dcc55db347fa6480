import Corpus
import Glibc
import Synchronization
import TestSupport
import Testing

@Suite struct InputFileTests {
  let scratch: Scratch

  init() throws { scratch = try Scratch() }

  @Test func aSilentPipeIsLeftAfterARequestToStop() throws {
    let path = scratch.file("posts.csv")
    #expect(mkfifo(path, 0o600) == 0)
    // Open for both, the pipe never ends.
    let descriptor = open(path, O_RDWR | O_CLOEXEC)
    defer { close(descriptor) }
    let bytes = Array("text\na\n".utf8)
    #expect(write(descriptor, bytes, bytes.count) == bytes.count)
    let wish = Mutex(false)
    var options = CorpusOptions()
    options.shouldStop = { wish.withLock { $0 } }
    var reader = try CorpusReader(paths: [path], options: options)
    #expect(try reader.next()?.post?.text == "a")
    wish.withLock { $0 = true }
    #expect(throws: CorpusError.interrupted(file: path)) { _ = try reader.next() }
  }
}

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
