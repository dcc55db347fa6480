package import Bytes
import Corpus
import Foundation

/// Why a line cannot be one that `clfa stream` wrote.
package enum StreamLineError: Error, Equatable, Sendable {
  /// It is not JSON.
  case notJSON(JSONError)
  /// A member is missing, or is not what it should be.
  case member(String)
  /// A later version of the format.
  case newer(version: Int)
}

extension StreamLineError: CustomStringConvertible {
  /// The message, without the file and the line.
  package var description: String {
    switch self {
    case .notJSON(let error): "not JSON: \(error)"
    case .member(let name): "'\(name.printable(upTo: 60))' is missing, or is not what clfa stream writes"
    case .newer(let version):
      "a later clfa wrote it (format \(version), and this clfa reads \(StreamLine.version)): use that one"
    }
  }
}

extension StreamLine {
  /// Reads a line, without its line end.
  ///
  /// - Parameter bytes: the line.
  /// - Throws: `StreamLineError`.
  package init(parsing bytes: [UInt8]) throws(StreamLineError) {
    let json: JSON
    do {
      json = try JSONParser.parse(bytes)
    } catch {
      throw .notJSON(error)
    }
    if json["end"]?.asBool == true {
      self = .end(try StreamEnd(json))
      return
    }
    let position = RowPosition(
      file: ByteText(try json.text("file")), record: try json.whole("record"), line: try json.whole("line"))
    guard let state = EntryState(rawValue: try json.text("state")) else { throw .member("state") }
    switch state {
    case .faulted:
      let fault = RowFault(
        position: position, key: json["key"]?.asString.map { ByteText($0) },
        stage: try json.named("stage", RowFault.Stage.init(rawValue:)),
        code: try json.named("code", FaultCode.init(rawValue:)), path: json["path"]?.asString,
        detail: try json.text("detail"))
      self = .record(LedgerRow(position: position, outcome: .fault(fault)), hasPost: false)
    case .scored, .withoutPicture:
      let post = try json.post(hasPicture: state == .scored)
      let row = LedgerRow(position: position, outcome: .post(post, try json.prediction()))
      self = .record(row, hasPost: json["text"] != nil)
    case .duplicate, .forgotten: throw .member("state")
    }
  }
}

extension StreamEnd {
  fileprivate init(_ json: JSON) throws(StreamLineError) {
    let version = try json.whole("clfa_stream")
    guard version <= StreamLine.version else { throw .newer(version: version) }
    guard let scorer = json["scorer"], let labels = scorer["labels"]?.asList else { throw .member("scorer") }
    guard let options = scorer["options"] else { throw .member("options") }
    guard let machine = json["machine"] else { throw .member("machine") }
    self.init(
      scorer: ScorerRecord(
        modelFingerprint: try scorer.text("model_fingerprint"), modelName: try scorer.text("model_name"),
        precision: try scorer.text("precision"), options: options.text(),
        labels: labels.compactMap { $0.asString.map { ByteText($0) } }),
      corpus: try json.text("corpus"), images: json["images"]?.asString, reading: [],
      version: try json.text("version"), machine: machine)
    (read, scored) = (try json.whole("read"), try json.whole("scored"))
    (withoutPicture, faults) = (try json.whole("without_picture"), try json.whole("faults"))
    guard try json.whole("written") == written, scorer.labelCount == self.scorer.labels.count else {
      throw .member("written")
    }
    for member in try json.members("reading") {
      guard let value = member.value.asString else { throw .member("reading") }
      reading.append(ReadingFlag(name: member.key.text, value: value))
    }
    for file in try json.list("files") {
      files.append(FileCounts(name: ByteText(try file.text("name")), read: try file.whole("records")))
    }
    if json["pictures"] != nil {
      for member in try json.members("pictures") { pictures.add(member.key.text, member.value.asInteger ?? 0) }
    }
    if let part = json["part"] {
      self.part = StreamPart(
        number: try part.whole("number"), of: try part.whole("of"), parts: try part.text("parts"),
        file: ByteText(try part.text("file")), firstRecord: try part.whole("first_record"),
        records: try part.whole("records"))
    }
  }
}

extension JSON {
  fileprivate func text(_ key: ByteText) throws(StreamLineError) -> String {
    guard let text = self[key]?.asString else { throw .member(key.text) }
    return text
  }

  fileprivate func whole(_ key: ByteText) throws(StreamLineError) -> Int {
    guard let number = self[key]?.asInteger, number >= 0 else { throw .member(key.text) }
    return number
  }

  fileprivate func real(_ key: ByteText) throws(StreamLineError) -> Double {
    guard let number = self[key]?.asNumber else { throw .member(key.text) }
    return number
  }

  fileprivate func list(_ key: ByteText) throws(StreamLineError) -> [JSON] {
    guard let list = self[key]?.asList else { throw .member(key.text) }
    return list
  }

  fileprivate func members(_ key: ByteText) throws(StreamLineError) -> [Member] {
    guard case .object(let members) = self[key] else { throw .member(key.text) }
    return members
  }

  fileprivate func named<Value>(_ key: ByteText, _ find: (String) -> Value?) throws(StreamLineError) -> Value {
    guard let value = find(try text(key)) else { throw .member(key.text) }
    return value
  }

  fileprivate var labelCount: Int { self["labels"]?.asList?.count ?? 0 }

  fileprivate func post(hasPicture: Bool) throws(StreamLineError) -> PostRecord {
    var extra: [ExtraField] = []
    if self["extra"] != nil {
      for member in try members("extra") {
        guard let value = member.value.asString else { throw .member("extra") }
        extra.append(ExtraField(name: member.key, value: value))
      }
    }
    var post = PostRecord(
      identity: PostIdentity(key: ByteText(try text("key")), contentHash: try text("content_hash")),
      text: self["text"]?.asString ?? "", knowledge: self["knowledge"]?.asString ?? "",
      image: self["image"]?.asString, pictureHash: self["picture_hash"]?.asString,
      postedAt: self["posted_at"]?.asString, extra: extra, label: self["truth"]?.asString.map { ByteText($0) },
      hasPicture: hasPicture)
    post.pictureIsCut = self["cut"]?.asBool == true
    if self["features"] != nil {
      for member in try members("features") {
        guard let hash = member.value.asString.flatMap(Self.bytes) else { throw .member("features") }
        post.features.append(FeatureRecord(stream: member.key.text, hash: hash))
      }
    }
    return post
  }

  fileprivate func prediction() throws(StreamLineError) -> PredictionRecord {
    var probabilities: [(label: ByteText, value: Double)] = []
    for member in try members("probabilities") {
      guard let value = member.value.asNumber else { throw .member("probabilities") }
      probabilities.append((member.key, value))
    }
    var vectors: [(space: String, values: [Float])] = []
    if self["vectors"] != nil {
      for member in try members("vectors") {
        guard let values = member.value.asString.flatMap({ Data(base64Encoded: $0) }).flatMap(VectorBytes.values)
        else { throw .member("vectors") }
        vectors.append((member.key.text, values))
      }
    }
    return PredictionRecord(
      label: ByteText(try text("label")), confidence: try real("confidence"), probabilities: probabilities,
      textImageSimilarity: self["text_image_similarity"]?.asNumber, unknownShare: try real("unknown_share"),
      truncated: try whole("truncated"), vectors: vectors)
  }

  /// The bytes of a hexadecimal text; nil for any other text.
  private static func bytes(_ hexadecimal: String) -> [UInt8]? {
    let digits = hexadecimal.utf8.compactMap { Character(Unicode.Scalar($0)).hexDigitValue }
    guard digits.count == hexadecimal.utf8.count, digits.count.isMultiple(of: 2) else { return nil }
    return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
  }
}
