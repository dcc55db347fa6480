import Bytes
import Glibc

extension CorpusParts {
  private static let version = 1
  /// The maximum size of a file of parts.
  private static let longest = 256 << 20

  /// The file's text: an object with a line for each file and part.
  package var text: String { json.text() + "\n" }

  var json: JSON {
    .members([
      ("clfa_parts", .integer(Self.version)),
      (
        "files",
        .array(
          files.map { file in
            .members([
              ("name", .string(file.name.text)), ("path", .string(file.path)), ("bytes", .integer(file.bytes)),
              ("beginning", .string(file.hash)), ("records", .integer(file.records)),
              ("compressed", .bool(file.whole == .compressed)), ("whole", file.whole.map { .string($0.rawValue) }),
            ])
          })
      ),
      (
        "parts",
        .array(
          parts.enumerated().map { place, part in
            .members([
              ("number", .integer(place + 1)), ("file", .integer(part.file)),
              ("first_record", .integer(part.firstRecord)), ("records", .integer(part.records)),
              ("first_line", .integer(part.firstLine)), ("begin", .integer(part.begin)), ("end", .integer(part.end)),
            ])
          })
      ),
      ("reading", .members(reading.map { ($0.name, .string($0.value)) })),
    ])
  }

  /// Reads a file of parts.
  ///
  /// - Parameter path: the file.
  /// - Returns: the parts, and the SHA-256 of the file's bytes in lower-case hexadecimal.
  /// - Throws: `PartsError`.
  package static func load(_ path: String) throws(PartsError) -> (parts: CorpusParts, hash: String) {
    let bytes: [UInt8]
    do throws(CorpusError) {
      let file = try InputFile(path: path, shouldStop: { false })
      var read: [UInt8] = [], piece = [UInt8](repeating: 0, count: 1 << 20)
      while read.count <= longest {
        let count = try piece.withUnsafeMutableBufferPointer { (buffer) throws(CorpusError) in
          try file.read(into: UnsafeMutableRawBufferPointer(buffer))
        }
        if count == 0 { break }
        read += piece[..<count]
      }
      bytes = read
    } catch {
      throw .unreadable(error)
    }
    guard bytes.count <= longest, let json = try? JSONParser.parse(bytes), let parts = CorpusParts(json) else {
      throw .malformed(path: path)
    }
    return (parts, SHA256.hash(data: bytes).hexadecimal)
  }

  private init?(_ json: JSON) {
    guard json["clfa_parts"]?.asInteger == Self.version, let files = json["files"]?.asList,
      let parts = json["parts"]?.asList, case .object(let reading) = json["reading"]
    else { return nil }
    self.init(files: [], parts: [], reading: [])
    for file in files {
      guard let name = file["name"]?.asString, let path = file["path"]?.asString, let bytes = file["bytes"]?.asInteger,
        let hash = file["beginning"]?.asString, let records = file["records"]?.asInteger, records >= 0
      else { return nil }
      self.files.append(
        File(
          name: ByteText(name), path: path, bytes: bytes, hash: hash, records: records,
          whole: file["whole"]?.asString.flatMap(Undivided.init(rawValue:))))
    }
    for part in parts {
      let numbers = ["file", "first_record", "records", "first_line", "begin", "end"].map { part[$0]?.asInteger ?? -1 }
      guard numbers.allSatisfy({ 0...(1 << 60) ~= $0 }), self.files.indices.contains(numbers[0]), numbers[1] > 0,
        numbers[3] > 0, numbers[4] <= numbers[5]
      else { return nil }
      self.parts.append(
        Part(
          file: numbers[0], firstRecord: numbers[1], records: numbers[2], firstLine: numbers[3], begin: numbers[4],
          end: numbers[5]))
    }
    for flag in reading {
      guard let value = flag.value.asString else { return nil }
      self.reading.append((flag.key.text, value))
    }
    guard isComplete else { return nil }
  }

  /// Whether the parts have every record of the files once, in order.
  var isComplete: Bool {
    var next = files.map { _ in 1 }, last = 0
    for part in parts {
      guard part.file >= last, part.firstRecord == next[part.file] else { return false }
      last = part.file
      next[part.file] += part.records
    }
    return zip(files, next).allSatisfy { $0.records == $1 - 1 }
  }
}

extension CorpusParts.File {
  /// Checks that a file is as it was when the corpus was divided: its size and its beginning.
  ///
  /// - Parameter path: where it is now.
  /// - Throws: `PartsError`.
  package func check(at path: String) throws(PartsError) {
    let (size, found) = try Self.state(of: path)
    if size != bytes { throw .otherSize(file: path, bytes: size, was: bytes) }
    if found != hash { throw .otherBeginning(file: path) }
  }

  /// A file's size, and the hash of its beginning.
  static func state(of path: String) throws(PartsError) -> (bytes: Int, hash: String) {
    do throws(CorpusError) {
      let file = try InputFile(path: path, shouldStop: { false })
      guard file.canReopen, let size = file.size else { throw .cannotReadTwice(file: path) }
      return (size, SHA256.hash(data: try file.peek(CorpusParts.beginning)).hexadecimal)
    } catch {
      throw .unreadable(error)
    }
  }
}

/// Why a file of parts cannot be used.
package enum PartsError: Error, Equatable, Sendable {
  /// It, or a file of the corpus, cannot be read.
  case unreadable(CorpusError)
  /// It is not what `clfa split` writes.
  case malformed(path: String)
  /// There is no part of this number.
  case noPart(number: Int, path: String, parts: Int)
  /// A file of the corpus has another size than before.
  case otherSize(file: String, bytes: Int, was: Int)
  /// A file of the corpus begins with other bytes than before.
  case otherBeginning(file: String)
  /// The files of the command are not those that were divided.
  case otherFiles(path: String, files: [String])
  /// The records are read with other flags than those with which they were counted.
  case otherReading(path: String, flags: [String])
  /// There are more files than parts.
  case tooFewParts(wanted: Int, files: Int)
}

extension PartsError: CustomStringConvertible {
  /// The message: the problem and how to fix it.
  package var description: String {
    switch self {
    case .unreadable(let error): "\(error)"
    case .malformed(let path): "\(path.printable) is not a file of parts: make one with `clfa split`"
    case .noPart(let number, let path, let parts):
      "\(path.printable) has no part \(number): the parts are 1 to \(parts)"
    case .otherSize(let file, let bytes, let was):
      "\(file.printable) has \(bytes) bytes, and had \(was) when it was divided: divide it again"
    case .otherBeginning(let file):
      "\(file.printable) is not the file that was divided: its beginning is another; divide it again"
    case .otherFiles(let path, let files):
      "the corpus is not the one that was divided in \(path.printable): name these files, in this order: "
        + files.listed(most: 20)
    case .otherReading(let path, let flags):
      "\(path.printable) was made with other options about records"
        + (flags.isEmpty ? "" : " (\(flags.listed(most: 10)))") + ": give the same ones, or divide the corpus again"
    case .tooFewParts(let wanted, let files):
      "\(wanted) parts are too few for \(files) files, since a part has records of one file: ask for at least \(files)"
    }
  }
}
