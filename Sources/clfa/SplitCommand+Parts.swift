import ArgumentParser
import Bytes
import Corpus
import Files
import Store

// `clfa split --parts`: where each part of a corpus begins, for several machines.

extension SplitCommand {
  /// How large parts are; nil if the corpus is divided for training.
  var size: CorpusDivider.Size? { parts.map { .parts($0) } ?? rows.map { .rows($0) } }

  /// Rejects flags of the other way, and two sizes.
  func checkDivision() throws {
    if parts != nil, rows != nil { throw ValidationError("--parts and --rows both say how large parts are; give one.") }
    let others = [
      ("--validation", validation != nil), ("--test", test != nil), ("--group", !group.isEmpty),
      ("--stratify", stratify != nil),
    ]
    if let other = others.first(where: { $0.1 })?.0 {
      throw ValidationError(
        "\(other) is for files for training, and --parts and --rows are for machines; give one of them.")
    }
    try corpus.columns.checkRecordsAreRows()
  }

  /// Writes the parts.
  func divide(into size: CorpusDivider.Size) throws {
    try Interruptible.run(isReading: true) { _ in
      let line = ProgressLine()
      let parts = try CorpusDivider.divide(
        corpus.corpora, corpus.options, into: size, reading: corpus.columns.recordFlags.map { ($0.name, $0.value) }
      ) { records in line.show { records.counted("record", "records") + " read" } }
      line.close()
      if let output {
        try Self.write(parts.text, to: output)
      } else {
        let standard = StandardOutput()
        do {
          try standard.write(parts.text)
          try standard.flush()
        } catch StandardOutput.WriteError.closed {}
      }
      tell(parts)
    }
  }

  private static func write(_ text: String, to path: String) throws {
    do {
      let writer = try AtomicWriter(path, .replacing)
      var text = text
      try text.withUTF8 { try writer.write(UnsafeRawBufferPointer($0)) }
      try writer.finish()
    } catch let error as FileError {
      throw PartsFileError(path: path, error: error)
    }
  }

  private func tell(_ parts: CorpusParts) {
    let records = parts.files.reduce(0) { $0 + $1.records }
    Console.line(
      "\(records.counted("record", "records")) of \(parts.files.count.counted("file", "files")) in "
        + parts.parts.count.counted("part", "parts"))
    for file in parts.files {
      guard let reason = file.whole else { continue }
      let words =
        switch reason {
        case .compressed: "is compressed"
        case .utf16: "is UTF-16"
        case .list: "is a JSON list"
        }
      Console.line("notice: \(file.name.printable) \(words), so it is one part")
    }
    if let wanted = self.parts, wanted != parts.parts.count {
      Console.line("notice: \(wanted) parts were asked for; the files have too few records for more")
    }
  }
}

/// The file of parts cannot be written.
struct PartsFileError: Error, CustomStringConvertible {
  let path: String
  let error: FileError

  var description: String { "cannot write \(path.printable): \(error); check its folder and the disk" }
}
