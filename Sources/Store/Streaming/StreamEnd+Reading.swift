package import Bytes
import Corpus

/// Why a line cannot be the last one of `clfa stream`.
package enum StreamEndError: Error, Equatable, Sendable {
  /// It is not JSON.
  case notJSON(JSONError)
  /// A member is missing, or is not what it should be.
  case member(String)
  /// A later version of the format.
  case newer(version: Int)
}

extension StreamEndError: CustomStringConvertible {
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

extension StreamEnd {
  /// Reads the last line of a stream, without its line end; nil if the line is that of a record, or other JSON.
  ///
  /// - Parameter bytes: the line.
  /// - Throws: `StreamEndError`.
  package init?(parsing bytes: [UInt8]) throws(StreamEndError) {
    let json: JSON
    do {
      json = try JSONParser.parse(bytes)
    } catch {
      throw .notJSON(error)
    }
    guard json["end"]?.asBool == true else { return nil }
    try self.init(json)
  }

  private init(_ json: JSON) throws(StreamEndError) {
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
  fileprivate func text(_ key: ByteText) throws(StreamEndError) -> String {
    guard let text = self[key]?.asString else { throw .member(key.text) }
    return text
  }

  fileprivate func whole(_ key: ByteText) throws(StreamEndError) -> Int {
    guard let number = self[key]?.asInteger, number >= 0 else { throw .member(key.text) }
    return number
  }

  fileprivate func list(_ key: ByteText) throws(StreamEndError) -> [JSON] {
    guard let list = self[key]?.asList else { throw .member(key.text) }
    return list
  }

  fileprivate func members(_ key: ByteText) throws(StreamEndError) -> [Member] {
    guard case .object(let members) = self[key] else { throw .member(key.text) }
    return members
  }

  fileprivate var labelCount: Int { self["labels"]?.asList?.count ?? 0 }
}
