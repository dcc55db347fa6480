package import Models
internal import Bytes
internal import Files

/// How a cell was made, in a file next to its model: an existing cell is used only if everything would be the same now.
package struct AblationRecord: Sendable, Equatable {
  private let facts: [RunFact]
  private static let byteLimit = 16 << 20

  /// Describes a cell by everything that determines its result.
  ///
  /// - Parameters:
  ///   - start: the model before training.
  ///   - origin: the hash of the initial files; see ``OriginHash``.
  ///   - settings: the training settings.
  ///   - training: the training posts.
  ///   - validation: the posts for selecting the best epoch.
  /// - Throws: errors of reading the vocabulary or the lexicon.
  package init(
    _ start: StartingPoint, origin: String, _ settings: TrainingSettings, training: TrainingSet,
    validation: TrainingSet
  ) throws(TrainingError) {
    facts =
      try RunIdentity.of(start, settings, training: training, validation: validation)
      + [RunFact(name: "encoders, vocabulary and lexicon", value: origin)]
  }

  /// Writes the record.
  package func write(to path: String) throws(AblationError) {
    let json = JSON.array(facts.map(\.json)).text(.indented) + "\n"
    do throws(FileError) {
      try AtomicWriter.write(Array(json.utf8), to: path, .replacing)
    } catch {
      throw .unwritable(path: path, reason: error.description)
    }
  }

  /// Throws if the record in a file differs from this one; `folder` is the cell's.
  package func check(_ path: String, folder: String) throws(AblationError) {
    guard let data = try? FileReader.read(path, limit: Self.byteLimit),
      let then = (try? JSONParser.parse(data)).flatMap(RunFact.list)
    else { throw .noRecord(folder: folder, record: path) }
    for now in facts {
      let before = then.first { ByteText($0.name) == ByteText(now.name) }?.value ?? "nothing"
      if ByteText(before) == ByteText(now.value) { continue }
      let (was, isNow) = Self.difference(before, now.value)
      throw .otherCell(folder: folder, what: now.name, then: was, now: isNow)
    }
  }

  /// For two JSON objects, the members that differ; for other values, both values.
  private static func difference(_ then: String, _ now: String) -> (String, String) {
    guard let old = members(then), let new = members(now) else { return (then, now) }
    let keys = Set(old.keys).union(new.keys).sorted().filter { old[$0] != new[$0] }
    func words(_ members: [ByteText: ByteText]) -> String {
      keys.map { "\($0) \(members[$0] ?? "unsaid")" }.joined(separator: ", ")
    }
    return (words(old), words(new))
  }

  private static func members(_ text: String) -> [ByteText: ByteText]? {
    guard case .object(let members)? = try? JSONParser.parse(Array(text.utf8)) else { return nil }
    return Dictionary(members.map { ($0.key, ByteText(words($0.value))) }, uniquingKeysWith: { first, _ in first })
  }

  private static func words(_ value: JSON) -> String {
    switch value {
    case .null: "null"
    case .bool(let value): "\(value)"
    case .integer(let value): "\(value)"
    case .real(let value): "\(value)"
    case .string(let value): value
    case .array(let values): "[" + values.map(words).joined(separator: ", ") + "]"
    case .object(let members): "{" + members.map { "\($0.key): \(words($0.value))" }.joined(separator: ", ") + "}"
    }
  }
}

/// The hash of the initial files of cells.
package enum OriginHash {
  /// The first 16 hexadecimal digits of a SHA-256 over the lengths and bytes of all files.
  package static func of(files: [String]) throws(ModelError) -> String {
    var hash = SHA256()
    for path in files {
      let file = try MappedFile(path: path)
      hash.update(data: Array("\(file.count):".utf8))
      file.withBytes { hash.update(bufferPointer: $0) }
    }
    return String(Array(hash.finalize()).hexadecimal.prefix(16))
  }
}
