import ArgumentParser
import Bytes
import Corpus
import Files
import Foundation
import Queries
import Store

/// What `clfa stream` reads: standard input, files, or a part of a divided corpus.
struct StreamInput {
  /// The files, and how they are read.
  private(set) var paths: [String], options: CorpusOptions
  /// The flags that a run records.
  private(set) var reading: [ReadingFlag]
  /// The part, and the names of all files of its corpus.
  private(set) var part: StreamPart?, title: String?

  init(_ flags: StreamOptions, _ corpora: [String], _ columns: ColumnOptions) throws {
    var columns = columns
    if let argument = flags.part {
      guard corpora.isEmpty else {
        throw ValidationError("--part names a part of a file; leave out the corpus, which the file of parts names.")
      }
      let (parts, hash) = try CorpusParts.load(argument.path)
      guard parts.parts.indices.contains(argument.number - 1) else {
        throw PartsError.noPart(number: argument.number, path: argument.path, parts: parts.parts.count)
      }
      try columns.fill(from: parts, at: argument.path)
      let part = parts.parts[argument.number - 1], file = parts.files[part.file]
      let path = Self.path(of: file, beside: argument.path)
      try file.check(at: path)
      paths = [path]
      options = columns.options
      options.portion = parts.portion(argument.number...argument.number).only(part.file)
      self.part = StreamPart(
        number: argument.number, of: parts.parts.count, parts: hash, file: file.name, firstRecord: part.firstRecord,
        records: part.records)
      title = parts.files.map(\.name.text).joined(separator: " + ")
    } else {
      paths = corpora.isEmpty ? ["-"] : corpora
      options = columns.options
    }
    (options.form, options.expectsEnd) = (flags.input, flags.expectEnd)
    reading = columns.reading
  }

  /// The path of a divided file: as it was given, or next to the file of parts.
  private static func path(of file: CorpusParts.File, beside parts: String) -> String {
    guard !file.path.hasPrefix("/"), access(file.path, F_OK) != 0 else { return file.path }
    let beside = URL(filePath: parts).deletingLastPathComponent().appending(path: file.path).relativePath
    return access(beside, F_OK) == 0 ? beside : file.path
  }
}

/// The value of `--part`, `PARTS.json:K`.
struct PartArgument {
  let path: String
  let number: Int

  init(parsing argument: String) throws {
    guard let colon = argument.utf8.lastIndex(of: UInt8(ascii: ":")), colon != argument.startIndex,
      let number = Int(argument[argument.utf8.index(after: colon)...]), number > 0
    else { throw ValidationError("write the file of parts and the part's number, such as parts.json:7.") }
    (path, self.number) = (String(argument[..<colon]), number)
  }
}

extension ColumnOptions {
  /// The flags that decide what a record is.
  var recordFlags: [ReadingFlag] { form.reading }

  /// Rejects flags with which a record is several rows.
  func checkRecordsAreRows() throws {
    guard pictures == .each else { return }
    throw ValidationError(
      "--pictures each makes several rows of a record, and parts count records; divide the posts by --shard K/N alone.")
  }

  /// Takes the flags with which a corpus was divided.
  ///
  /// - Throws: `PartsError.otherReading` if other ones are given.
  mutating func fill(from parts: CorpusParts, at path: String) throws {
    try checkRecordsAreRows()
    let recorded = parts.reading.map { ReadingFlag(name: $0.name, value: $0.value) }
    try form.fill(from: recorded)
    guard recordFlags == recorded else {
      throw PartsError.otherReading(path: path, flags: recorded.map { "--\($0.name) \($0.value)" })
    }
  }
}

extension FileForm: ExpressibleByArgument {}

/// The value of `--latency`.
struct Latency {
  let duration: Duration

  static let usual = Latency(duration: .milliseconds(50))

  private init(duration: Duration) { self.duration = duration }

  init(parsing argument: String) throws {
    let isMilliseconds = argument.hasSuffix("ms")
    let digits = isMilliseconds ? argument.dropLast(2) : argument.hasSuffix("s") ? argument.dropLast() : ""
    guard let number = Double(digits), number >= 0, number <= 3_600_000 else {
      throw ValidationError("give a time with its unit, such as 50ms or 2s.")
    }
    duration = .milliseconds(isMilliseconds ? number : number * 1000)
  }
}
