internal import Glibc

extension PolarityLexicon {
  /// The name of a lexicon in a model's folder.
  public static let fileName = "lexicon.tsv"

  /// Reads the lexicon at `path`, as ``init(bytes:tokenizer:)`` does.
  ///
  /// - Throws: ``LexiconError``, which names the file and the line.
  public static func load(_ path: String, tokenizer: WordPieceTokenizer) throws(LexiconError) -> PolarityLexicon {
    let bytes = try contents(of: path)
    do {
      return try PolarityLexicon(bytes: bytes, tokenizer: tokenizer)
    } catch {
      throw .fault(path: path, error)
    }
  }

  /// All the bytes of a file, which is never waited for; one byte more than a lexicon may have is enough to refuse it.
  private static func contents(of path: String) throws(LexiconError) -> [UInt8] {
    func reason() -> LexiconError { .unreadable(path: path, reason: String(cString: strerror(errno))) }
    let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard file >= 0 else { throw reason() }
    defer { close(file) }
    var status = stat()
    guard fstat(file, &status) == 0 else { throw reason() }
    guard status.st_mode & S_IFMT == S_IFREG else { throw .notAFile(path: path) }
    guard status.st_size <= byteLimit else {
      throw .fault(path: path, .tooLarge(bytes: Int(status.st_size), limit: byteLimit))
    }
    var failure: LexiconError?
    let size = Int(status.st_size)
    let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      while count < size {
        let step = read(file, buffer.baseAddress.map { $0 + count }, size - count)
        if step < 0, errno == EINTR { continue }
        if step < 0 { failure = reason() }
        if step <= 0 { break }
        count += step
      }
    }
    if let failure { throw failure }
    return bytes
  }
}
