package import Bytes
package import Corpus
import Foundation

/// The lines of `clfa stream`: the answer to each record, then the end.
///
/// This file and its neighbours are the only ones that know the format; docs/design.md describes it.
package enum StreamLine {}

/// Which parts of a post the lines of a stream have.
package enum StreamedPosts: Equatable, Sendable {
  /// Its key and its content's hash.
  case identity
  /// Also these other columns.
  case columns([ByteText])
  /// Everything that a store keeps of it.
  case whole
}

/// What the last line of a stream says: what was read, and what a store needs for the run.
package struct StreamEnd: Sendable, Equatable {
  /// The records read; one line was written for each.
  package var read = 0
  /// The posts scored with a picture.
  package var scored = 0
  /// The posts scored without one.
  package var withoutPicture = 0
  /// The faulted records.
  package var faults = 0
  /// The part of a divided corpus that was read; nil for all of it.
  package var part: StreamPart?
  /// The files with the numbers of their records read, in the order of the corpus.
  package var files: [FileCounts] = []
  /// How pictures were found.
  package var pictures = PictureCounts()
  /// The scorer.
  package var scorer: ScorerRecord
  /// The files' names joined by ` + `.
  package var corpus: String
  /// The pictures' folder as given.
  package var images: String?
  /// The flags with which the corpus was read.
  package var reading: [ReadingFlag] = []
  /// The program's version.
  package var version: String
  /// The machine, a JSON object.
  package var machine: JSON

  /// An end without records.
  package init(
    scorer: ScorerRecord, corpus: String, images: String?, reading: [ReadingFlag], version: String, machine: JSON
  ) {
    (self.scorer, self.corpus, self.images) = (scorer, corpus, images)
    (self.reading, self.version, self.machine) = (reading, version, machine)
  }

  /// The lines before this one.
  package var written: Int { scored + withoutPicture + faults }

  package static func == (left: StreamEnd, right: StreamEnd) -> Bool { left.json.text() == right.json.text() }
}

/// A part of a corpus that `clfa split` has divided.
package struct StreamPart: Sendable, Equatable {
  /// The part's number, from 1, and the number of parts.
  package var number: Int, of: Int
  /// SHA-256 of the file of parts, in lower-case hexadecimal.
  package var parts: String
  /// The file's name in the ledger.
  package var file: ByteText
  /// The first record of the part, from 1, and the number of its records.
  package var firstRecord: Int, records: Int

  package init(number: Int, of: Int, parts: String, file: ByteText, firstRecord: Int, records: Int) {
    (self.number, self.of, self.parts, self.file) = (number, of, parts, file)
    (self.firstRecord, self.records) = (firstRecord, records)
  }
}

extension StreamLine {
  /// The version of the format.
  package static let version = 1

  /// The line of a record, without a line end.
  ///
  /// - Parameters:
  ///   - row: a fault, or a post with its prediction.
  ///   - posts: which parts of the post it has.
  /// - Returns: dense JSON.
  package static func text(of row: LedgerRow, _ posts: StreamedPosts) -> String {
    var json = JSONWriter()
    switch row.outcome {
    case .fault(let fault): json.object(members(of: fault))
    case .post(let post, let prediction):
      json.object(members(of: post, at: row.position, prediction, posts))
    }
    return json.text
  }

  private typealias Member = (String, (inout JSONWriter) -> Void)

  private static func members(of position: RowPosition, _ key: ByteText?, _ state: EntryState) -> [Member] {
    [
      ("file", { $0.string(position.file.text) }), ("record", { $0.number(position.record) }),
      ("line", { $0.number(position.line) }), ("key", { $0.optional(key?.text) }),
      ("state", { $0.string(state.rawValue) }),
    ]
  }

  private static func members(of fault: RowFault) -> [Member] {
    var members = members(of: fault.position, fault.key, .faulted)
    members.append(("stage", { $0.string(fault.stage.rawValue) }))
    members.append(("code", { $0.string(fault.code.rawValue) }))
    if let path = fault.path { members.append(("path", { $0.string(path) })) }
    members.append(("detail", { $0.string(fault.detail) }))
    return members
  }

  private static func members(
    of post: PostRecord, at position: RowPosition, _ prediction: PredictionRecord?, _ posts: StreamedPosts
  ) -> [Member] {
    var members = members(of: position, post.identity.key, .first(hasPicture: post.hasPicture))
    members.append(("content_hash", { $0.string(post.identity.contentHash) }))
    if let prediction { members += self.members(of: prediction) }
    let extra: [ExtraField]?
    switch posts {
    case .identity: extra = nil
    case .columns(let names): extra = post.extra.filter { names.contains($0.name) }
    case .whole:
      extra = post.extra
      members.append(("text", { $0.string(post.text) }))
      if !post.knowledge.isEmpty { members.append(("knowledge", { $0.string(post.knowledge) })) }
      if let image = post.image { members.append(("image", { $0.string(image) })) }
      if let hash = post.pictureHash { members.append(("picture_hash", { $0.string(hash) })) }
      if let time = post.postedAt { members.append(("posted_at", { $0.string(time) })) }
      if let label = post.label { members.append(("truth", { $0.string(label.text) })) }
      if !post.features.isEmpty {
        members.append(("features", { $0.object(post.features, key: \.stream) { $0.string($1.hash.hexadecimal) } }))
      }
    }
    if let extra { members.append(("extra", { $0.object(extra, key: \.name.text) { $0.string($1.value) } })) }
    if post.pictureIsCut { members.append(("cut", { $0.bool(true) })) }
    return members
  }

  private static func members(of prediction: PredictionRecord) -> [Member] {
    var members: [Member] = [
      ("label", { $0.string(prediction.label.text) }), ("confidence", { $0.number(prediction.confidence) }),
      ("probabilities", { $0.object(prediction.probabilities, key: \.label.text) { $0.number($1.value) } }),
      (
        "text_image_similarity",
        { if let value = prediction.textImageSimilarity { $0.number(value) } else { $0.null() } }
      ),
      ("unknown_share", { $0.number(prediction.unknownShare) }), ("truncated", { $0.number(prediction.truncated) }),
    ]
    if !prediction.vectors.isEmpty {
      members.append(
        (
          "vectors",
          {
            $0.object(prediction.vectors, key: \.space) {
              $0.string(VectorBytes.data($1.values).base64EncodedString())
            }
          }
        ))
    }
    return members
  }
}

extension StreamEnd {
  /// The line, without a line end.
  package var text: String { json.text() }

  private var json: JSON {
    .members([
      ("end", .bool(true)), ("read", .integer(read)), ("written", .integer(written)), ("scored", .integer(scored)),
      ("without_picture", .integer(withoutPicture)), ("faults", .integer(faults)), ("part", part?.json ?? .null),
      (
        "files",
        .array(files.map { .members([("name", .string($0.name.text)), ("records", .integer($0.read))]) })
      ),
      ("pictures", pictures.isEmpty ? nil : .members(pictures.all.map { ($0.name, .integer($0.count)) })),
      (
        "scorer",
        .members([
          ("model_fingerprint", .string(scorer.modelFingerprint)), ("model_name", .string(scorer.modelName)),
          ("precision", .string(scorer.precision)),
          ("options", (try? JSONParser.parse(Array(scorer.options.utf8))) ?? .string(scorer.options)),
          ("labels", .array(scorer.labels.map { .string($0.text) })),
        ])
      ),
      ("corpus", .string(corpus)), ("images", images.map(JSON.string) ?? .null),
      ("reading", .members(reading.map { ($0.name, .string($0.value)) })), ("version", .string(version)),
      ("machine", machine), ("clfa_stream", .integer(StreamLine.version)),
    ])
  }
}

extension StreamPart {
  fileprivate var json: JSON {
    .members([
      ("number", .integer(number)), ("of", .integer(of)), ("parts", .string(parts)), ("file", .string(file.text)),
      ("first_record", .integer(firstRecord)), ("records", .integer(records)),
    ])
  }
}
