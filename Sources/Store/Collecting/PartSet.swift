import Bytes
import Corpus
import Glibc

/// The complete outputs of `clfa stream` among some files: parts of one corpus, scored by one model.
package struct PartSet: Sendable {
  /// The parts by their numbers.
  private(set) var parts: [Int: PartFile] = [:]
  /// Files that are equal copies of another one.
  private(set) var copies: [String] = []
  /// Files without an end line.
  package private(set) var cutShort: [String] = []
  private var first: PartFile

  /// Reads every file once, to its end.
  ///
  /// - Parameters:
  ///   - files: the files, in any order.
  ///   - shouldStop: asked from time to time.
  ///   - observe: called after each file.
  /// - Throws: `CollectError` if no file is complete, a file is not what its last line says, or two files do not belong
  ///   together; `CorpusError` if a file cannot be read; `CancellationError` after a request to stop.
  /// - Complexity: O(n) for n bytes; memory grows with the number of files only.
  package init(
    _ files: [String], shouldStop: @escaping @Sendable () -> Bool = { false },
    observe: (CollectEvent) -> Void = { _ in }
  ) throws {
    var complete: [PartFile] = []
    for (place, file) in files.enumerated() {
      switch try PartFile.scan(file, shouldStop: shouldStop) {
      case .cutShort: cutShort.append(file)
      case .complete(let part): complete.append(part)
      }
      observe(.scanned(file: file, number: place + 1, of: files.count))
    }
    guard let first = complete.first else { throw CollectError.nothingComplete(files: files) }
    self.first = first
    for part in complete {
      if let what = part.difference(from: first) {
        throw CollectError.otherRun(first: first.path, second: part.path, what: what)
      }
      guard let other = parts[part.number] else {
        parts[part.number] = part
        continue
      }
      guard ByteText(other.hash) == ByteText(part.hash) else {
        throw CollectError.copiesDiffer(part: part.number, first: other.path, second: part.path)
      }
      copies.append(part.path)
    }
  }

  /// How the corpus is divided.
  var division: PartDivision { PartDivision(parts: ByteText(first.division), total: first.total) }

  /// The run that the parts belong to.
  func runRequest(_ request: CollectRequest) -> RunRequest {
    let end = first.end
    // The corpus' first file names the run; the joined names begin with it.
    let name = end.corpus.utf8.split(separator: UInt8(ascii: "+")).first.map { String(decoding: $0, as: UTF8.self) }
    let stem = FileStem.of(end.files.count == 1 && end.part == nil ? end.corpus : name?.trimmedEnd ?? end.corpus)
    var run = RunRequest(
      name: request.run ?? stem, nameIsGiven: request.run != nil, scorer: end.scorer, corpus: end.corpus,
      images: end.images, version: end.version, machine: end.machine.text(), startedAt: request.now,
      reading: end.reading)
    run.division = division
    return run
  }
}

extension String {
  /// Without the blank before the sign that joins names.
  fileprivate var trimmedEnd: String { hasSuffix(" ") ? String(dropLast()) : self }
}

extension PartFile {
  /// In what two files differ although they should be of one run; nil if they belong together.
  fileprivate func difference(from other: PartFile) -> String? {
    let (own, its) = (end, other.end)
    if ByteText(own.corpus) != ByteText(its.corpus) { return "corpora" }
    if ByteText(division) != ByteText(other.division) || total != other.total { return "parts files" }
    let scorers = [own.scorer, its.scorer].map {
      [$0.modelFingerprint, $0.precision, $0.options, $0.labelsJSON].map { ByteText($0) }
    }
    if scorers[0] != scorers[1] { return "models, precisions or options" }
    return own.reading == its.reading ? nil : "flags for reading the corpus"
  }

  /// The path by which another command finds the file.
  var absolutePath: String {
    guard let resolved = realpath(path, nil) else { return path }
    defer { free(resolved) }
    return String(cString: resolved)
  }
}

/// Numbers of parts, as ranges: a corpus may have very many.
package struct PartNumbers: Equatable, Sendable, CustomStringConvertible {
  private var ranges: [ClosedRange<Int>] = []

  /// Creates an empty list.
  package init() {}

  /// Adds numbers that are greater than all before.
  mutating func add(_ numbers: ClosedRange<Int>) {
    if let last = ranges.last, last.upperBound + 1 == numbers.lowerBound {
      ranges[ranges.count - 1] = last.lowerBound...numbers.upperBound
    } else {
      ranges.append(numbers)
    }
  }

  /// Whether the list is empty.
  package var isEmpty: Bool { ranges.isEmpty }
  /// How many there are.
  package var count: Int { ranges.reduce(0) { $0 + $1.count } }

  /// `part 3`, `parts 1, 3 to 5 and 9`.
  package var description: String {
    let words = ranges.prefix(20).map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound) to \($0.upperBound)" }
    let shown = ranges.prefix(20).reduce(0) { $0 + $1.count }
    let rest = count > shown ? " and \(count - shown) more" : ""
    return (count == 1 ? "part " : "parts ") + words.joined(separator: ", ") + rest
  }
}
