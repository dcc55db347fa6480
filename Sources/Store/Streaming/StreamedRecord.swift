package import Bytes
import Corpus
import Foundation

/// A line of `clfa stream`: one record of the corpus with its outcome.
package struct StreamedRecord: Sendable {
  /// The record as a run enters it.
  package var row: LedgerRow
  /// Whether the line says that the post was scored, with or without its picture.
  package var state: EntryState
}

/// Reads lines of `clfa stream` that were made with `--with-posts`.
package struct StreamedRecordReader: Sendable {
  /// The labels of the scorer, in its order.
  let labels: [ByteText]
  /// How a date must be written.
  private let dates = DateParser()

  /// Reads the lines of a scorer with these labels.
  package init(labels: [ByteText]) { self.labels = labels }

  /// Reads a line.
  /// - Parameter bytes: The line without its line feed.
  /// - Returns: The record.
  /// - Throws: `JSONScanner.Fault`, or `StreamLineFault`.
  package func read(_ bytes: UnsafeRawBufferPointer) throws -> StreamedRecord {
    var members = Members()
    var scanner = JSONScanner(bytes)
    try scanner.object { scanner, name in try members.read(name, &scanner) }
    try scanner.end()
    return try record(members)
  }

  private func record(_ members: Members) throws -> StreamedRecord {
    if members.isEnd { throw StreamLineFault.endInside }
    guard let state = EntryState(rawValue: try members.require(members.state, "state")) else {
      throw StreamLineFault.unknown("state", members.state ?? "")
    }
    let position = RowPosition(
      file: ByteText(try members.require(members.file, "file")), record: try members.require(members.record, "record"),
      line: try members.require(members.line, "line"))
    switch state {
    case .faulted:
      return try StreamedRecord(
        row: LedgerRow(position: position, outcome: .fault(fault(members, position))), state: state)
    case .scored, .withoutPicture:
      let outcome = try LedgerRow.Outcome.post(post(members, hasPicture: state == .scored), prediction(members))
      return StreamedRecord(row: LedgerRow(position: position, outcome: outcome), state: state)
    case .duplicate, .forgotten: throw StreamLineFault.unknown("state", state.rawValue)
    }
  }

  private func fault(_ members: Members, _ position: RowPosition) throws -> RowFault {
    let (stage, code) = try (members.require(members.stage, "stage"), members.require(members.code, "code"))
    guard let stage = RowFault.Stage(rawValue: stage) else { throw StreamLineFault.unknown("stage", stage) }
    guard let code = FaultCode(rawValue: code) else { throw StreamLineFault.unknown("code", code) }
    return RowFault(
      position: position, key: members.key.map { ByteText($0) }, stage: stage, code: code, path: members.path,
      detail: try members.require(members.detail, "detail"))
  }

  private func post(_ members: Members, hasPicture: Bool) throws -> PostRecord {
    let key = try members.require(members.key, "key")
    guard !key.isEmpty else { throw StreamLineFault.empty("key") }
    guard let text = members.text else { throw StreamLineFault.withoutPost }
    let hash = try members.require(members.contentHash, "content_hash")
    guard (members.pictureHash != nil) == hasPicture else { throw StreamLineFault.otherPicture }
    let features = members.features.sorted { $0.stream.utf8.lexicographicallyPrecedes($1.stream.utf8) }
    let knowledge = members.knowledge ?? ""
    let found = ContentHash.hex(
      text: text, knowledge: knowledge, pictureHash: try members.pictureHash.map(Self.hash),
      features: features.map { ($0.stream, $0.hash) })
    guard ByteText(found) == ByteText(hash) else { throw StreamLineFault.otherContent }
    if let date = members.postedAt, dates.read(date).text.map({ ByteText($0) }) != ByteText(date) {
      throw StreamLineFault.unknown("posted_at", date)
    }
    var post = PostRecord(
      identity: PostIdentity(key: ByteText(key), contentHash: hash), text: text, knowledge: knowledge,
      image: members.image, pictureHash: members.pictureHash, postedAt: members.postedAt, extra: members.extra,
      label: members.truth.map { ByteText($0) }, hasPicture: hasPicture)
    post.features = features
    post.pictureIsCut = members.isCut
    return post
  }

  private func prediction(_ members: Members) throws -> PredictionRecord {
    let label = ByteText(try members.require(members.label, "label"))
    guard labels.contains(label) else { throw StreamLineFault.unknownLabel(label.text) }
    let given = members.probabilities
    guard given.count == labels.count, zip(given, labels).allSatisfy({ $0.0.label == $0.1 }) else {
      throw given.first { !labels.contains($0.label) }.map { StreamLineFault.unknownLabel($0.label.text) }
        ?? StreamLineFault.otherLabels
    }
    return PredictionRecord(
      label: label, confidence: try members.require(members.confidence, "confidence"), probabilities: given,
      textImageSimilarity: members.similarity, unknownShare: try members.require(members.unknownShare, "unknown_share"),
      truncated: try members.require(members.truncated, "truncated"), vectors: members.vectors)
  }

  /// The 32 bytes of a hash in lower-case hexadecimal.
  static func hash(_ text: String) throws(StreamLineFault) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(32)
    var high: UInt8?
    for digit in text.utf8 {
      let value: UInt8
      switch digit {
      case 0x30...0x39: value = digit - 0x30
      case 0x61...0x66: value = digit - 0x61 + 10
      default: throw .unknown("hash", text)
      }
      if let first = high {
        bytes.append(first << 4 | value)
        high = nil
      } else {
        high = value
      }
    }
    guard high == nil, bytes.count == 32 else { throw .unknown("hash", text) }
    return bytes
  }
}

/// The members of a line, before they are checked against each other.
private struct Members {
  var file, key, state, contentHash, label, text, knowledge, image, pictureHash, postedAt, truth: String?
  var stage, code, path, detail: String?
  var record, line, truncated: Int?
  var confidence, unknownShare, similarity: Double?
  var probabilities: [(label: ByteText, value: Double)] = []
  var vectors: [(space: String, values: [Float])] = []
  var extra: [ExtraField] = []
  var features: [FeatureRecord] = []
  var isCut = false, isEnd = false
  private var seen: UInt64 = 0

  /// The names of the members that are read; a line may have others.
  private static let names = Dictionary(
    uniqueKeysWithValues: [
      "file", "key", "state", "content_hash", "label", "text", "knowledge", "image", "picture_hash", "posted_at",
      "truth", "stage", "code", "path", "detail", "record", "line", "truncated", "confidence", "unknown_share",
      "text_image_similarity", "probabilities", "vectors", "extra", "features", "cut", "end",
    ].enumerated().map { ($1, UInt64($0)) })

  /// Reads the value of a member.
  mutating func read(_ name: String, _ scanner: inout JSONScanner) throws {
    guard let number = Self.names[name] else { return try scanner.skip() }
    guard seen & 1 << number == 0 else { throw JSONScanner.Fault.repeated(name) }
    seen |= 1 << number
    if scanner.null() { return }
    switch name {
    case "file": file = try scanner.string()
    case "key": key = try scanner.string()
    case "state": state = try scanner.string()
    case "content_hash": contentHash = try scanner.string()
    case "label": label = try scanner.string()
    case "text": text = try scanner.string()
    case "knowledge": knowledge = try scanner.string()
    case "image": image = try scanner.string()
    case "picture_hash": pictureHash = try scanner.string()
    case "posted_at": postedAt = try scanner.string()
    case "truth": truth = try scanner.string()
    case "stage": stage = try scanner.string()
    case "code": code = try scanner.string()
    case "path": path = try scanner.string()
    case "detail": detail = try scanner.string()
    case "record": record = try scanner.count()
    case "line": line = try scanner.count()
    case "truncated": truncated = try scanner.count()
    case "confidence": confidence = try scanner.number()
    case "unknown_share": unknownShare = try scanner.number()
    case "text_image_similarity": similarity = try scanner.number()
    case "cut": isCut = try scanner.bool()
    case "end": isEnd = try scanner.bool()
    case "probabilities":
      try readMembers(&scanner) { scanner, name in probabilities.append((ByteText(name), try scanner.number())) }
    case "vectors":
      try readMembers(&scanner) { scanner, name in vectors.append((name, try Self.vector(scanner.string(), name))) }
    case "extra":
      try readMembers(&scanner) { scanner, name in
        extra.append(ExtraField(name: ByteText(name), value: try scanner.string()))
      }
    case "features":
      try readMembers(&scanner) { scanner, name in
        features.append(FeatureRecord(stream: name, hash: try StreamedRecordReader.hash(scanner.string())))
      }
    default: try scanner.skip()
    }
  }

  /// Reads an object whose names are data.
  private func readMembers(
    _ scanner: inout JSONScanner, _ read: (inout JSONScanner, String) throws -> Void
  ) throws {
    var names: Set<ByteText> = []
    try scanner.object { scanner, name in
      guard names.insert(ByteText(name)).inserted else { throw JSONScanner.Fault.repeated(name) }
      try read(&scanner, name)
    }
  }

  private static func vector(_ text: String, _ space: String) throws(StreamLineFault) -> [Float] {
    guard let data = Data(base64Encoded: text), !data.isEmpty, let values = VectorBytes.values(data) else {
      throw .badVector(space)
    }
    guard VectorBytes.isFinite(values) else { throw .notFinite(space) }
    return values
  }

  func require<Value>(_ value: Value?, _ name: String) throws(StreamLineFault) -> Value {
    guard let value else { throw .missing(name) }
    return value
  }
}

/// Why a line of `clfa stream` cannot be taken: facts; the words are in `description`.
package enum StreamLineFault: Error, Equatable {
  /// A member is missing.
  case missing(String)
  /// A member is an empty text.
  case empty(String)
  /// A member has a value that clfa does not write.
  case unknown(String, String)
  /// A label that the scorer does not have.
  case unknownLabel(String)
  /// The probabilities are not those of the scorer's labels, in its order.
  case otherLabels
  /// The line has no text, so a post cannot be made of it.
  case withoutPost
  /// A post with a picture has no hash of it, or one without a picture has one.
  case otherPicture
  /// The post's content does not have the hash that the line gives.
  case otherContent
  /// The last line of another output within the file.
  case endInside
  /// A vector is not base64 of float32.
  case badVector(String)
  /// A vector has a number that is not finite.
  case notFinite(String)
  /// A vector is longer or shorter than the others of its space.
  case vectorSize(String, found: Int, expected: Int)
  /// The record is not the next one of its part.
  case position(file: String, record: Int, expectedFile: String, expected: Int)
  /// The file has more records than its part.
  case beyond(records: Int)
}

extension StreamLineFault: CustomStringConvertible {
  /// The finding in words.
  package var description: String {
    switch self {
    case .missing(let name): "the member \"\(name)\" is missing"
    case .empty(let name): "the member \"\(name)\" is empty"
    case .unknown(let name, let value): "the member \"\(name)\" has the value \"\(value.printable(upTo: 60))\""
    case .unknownLabel(let label): "the model has no label \"\(label.printable(upTo: 60))\""
    case .otherLabels: "the probabilities are not those of the model's labels in their order"
    case .withoutPost: "the line has no text, so clfa stream did not write whole posts"
    case .otherPicture: "the state and the picture's hash contradict each other"
    case .otherContent: "text, knowledge or hashes do not have this content hash"
    case .endInside: "the output of another clfa stream ends here: put each output into a file of its own"
    case .badVector(let space): "the vector \"\(space.printable(upTo: 60))\" is not base64 of float32 numbers"
    case .notFinite(let space): "the vector \"\(space.printable(upTo: 60))\" has a number that is not finite"
    case .vectorSize(let space, let found, let expected):
      "the vector \"\(space.printable(upTo: 60))\" has \(found) numbers where others have \(expected)"
    case .position(let file, let record, let expectedFile, let expected):
      "the line is record \(record) of \(file.printable(upTo: 200)), but record \(expected) of "
        + "\(expectedFile.printable(upTo: 200)) comes next"
    case .beyond(let records): "the part has only \(records) records"
    }
  }
}
