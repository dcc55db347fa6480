/// The readers of files that anybody may have made, each as one function of bytes.
///
/// The tests call it with the committed inputs, libFuzzer (`make fuzz`) with inputs that it makes up.
package enum FuzzTarget: String, CaseIterable, Sendable {
  case archives, csv, filearchives, json, pictures, queries, tokenizers

  /// Reads bytes as one of these files.
  ///
  /// - Returns: whether they were accepted; a reader may refuse what it likes, in words.
  /// - Throws: a promise that the reader breaks.
  package func read(_ bytes: [UInt8]) throws(BrokenPromise) -> Bool {
    switch self {
    case .archives: try ArchiveFuzzing.read(bytes)
    case .csv: try CorpusFuzzing.read(bytes)
    case .filearchives: try FileArchiveFuzzing.read(bytes)
    case .json: try JSONFuzzing.read(bytes)
    case .pictures: try PictureFuzzing.read(bytes)
    case .queries: try QueryFuzzing.read(bytes)
    case .tokenizers: try TokenizerFuzzing.read(bytes)
    }
  }
}

/// A rule that a reader broke.
package struct BrokenPromise: Error, CustomStringConvertible {
  package let description: String

  /// Throws unless the promise is kept.
  static func unless(_ isKept: Bool, _ words: @autoclosure () -> String) throws(BrokenPromise) {
    if !isKept { throw BrokenPromise(description: words()) }
  }

  /// Whether a reader accepts what it is given. An error of its own is a refusal, which must have words.
  static func accepts(_ read: () throws -> Void) throws(BrokenPromise) -> Bool {
    do {
      try read()
      return true
    } catch let error as BrokenPromise {
      throw error
    } catch {
      try unless(!"\(error)".isEmpty, "a refusal without words: \(type(of: error))")
      return false
    }
  }
}
