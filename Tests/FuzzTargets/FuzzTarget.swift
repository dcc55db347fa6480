/// The readers of untrusted files, each as one function of bytes.
///
/// The tests call it with the committed inputs, libFuzzer (`make fuzz`) with generated ones.
package enum FuzzTarget: String, CaseIterable, Sendable {
  case archives, columns, csv, filearchives, hubtokenizers, json, pictures, queries, records, tokenizers

  /// Reads bytes as one of these files.
  ///
  /// - Returns: whether they were accepted; a reader may reject any input with a reason.
  /// - Throws: `BrokenPromise` if the reader breaks a rule.
  package func read(_ bytes: [UInt8]) throws(BrokenPromise) -> Bool {
    switch self {
    case .archives: try ArchiveFuzzing.read(bytes)
    case .columns: try ColumnFuzzing.read(bytes)
    case .csv: try CorpusFuzzing.read(bytes)
    case .filearchives: try FileArchiveFuzzing.read(bytes)
    case .hubtokenizers: try HubTokenizerFuzzing.read(bytes)
    case .json: try JSONFuzzing.read(bytes)
    case .pictures: try PictureFuzzing.read(bytes)
    case .queries: try QueryFuzzing.read(bytes)
    case .records: try RecordFuzzing.read(bytes)
    case .tokenizers: try TokenizerFuzzing.read(bytes)
    }
  }
}

/// A rule that a reader broke.
package struct BrokenPromise: Error, CustomStringConvertible {
  package let description: String

  /// Throws if the rule is broken.
  static func unless(_ isKept: Bool, _ words: @autoclosure () -> String) throws(BrokenPromise) {
    if !isKept { throw BrokenPromise(description: words()) }
  }

  /// Whether a reader accepts its input. An error of its own rejects it, and must have a description.
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
