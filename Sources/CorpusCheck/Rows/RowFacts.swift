internal import Models
internal import Bytes
internal import Corpus
internal import Inputs
internal import Preparation

/// The facts of one row, computed by any thread; they are counted later in the order of the rows.
struct RowFacts: Sendable {
  var row: CorpusRow
  /// The picture's fault, if scoring would report one.
  var pictureFault: RowFault?
  /// What was changed in the reference to find the picture's file, readable or not; nil if there is none.
  var pictureRules: [PictureRule]?
  /// The file that a rule would find.
  var pictureHint: PictureHint?
  var picture: PictureFileContents?
  /// Whether the picture's file cannot be read; scoring finds that before it reads features.
  var isPictureLost = false
  /// Its features in each stream; empty if no streams were requested.
  var features: [FeatureFileStatus] = []
  /// `nil` for a row that could not be read.
  var post: PostFacts?
}

/// The facts of a post.
struct PostFacts: Sendable {
  /// The hash of text, knowledge, picture and features, which distinguishes contents as the store does; uses the path
  /// of a file that cannot be read.
  var content: UInt64
  var key: UInt64
  /// The group of its reposts; nil if it is too short to have any.
  var reposts: UInt64?
  /// Its half of the corpus in the test of cues, 0 or 1, and a number that spreads posts evenly.
  var half: Int
  var order: UInt64
  var text: TextScan
  var knowledge: TextScan?
  var bands: [UInt64]
  /// The text as the model's tokenizer reads it.
  var pieces: Pieces?
  /// What encodings and web pages did to the text.
  var damages: [(damage: TextDamage?, repaired: String)] = []

  struct Pieces: Sendable {
    var count: Int
    var unknown: Int
    var truncated: Int
  }
}

/// How rows are examined.
struct RowReader: Sendable {
  let folders: PictureFolders
  var features: FeatureFiles?
  let decodes: Bool
  let readsKnowledge: Bool
  let model: InputReader?

  func facts(_ row: CorpusRow) -> RowFacts {
    guard case .post(let post) = row else { return RowFacts(row: row) }
    var facts = RowFacts(row: row)
    if let path = post.image {
      do throws(PictureFileError) {
        facts.picture = try PictureFileContents(path, in: folders[post.position.file], decodes: decodes)
        facts.pictureRules = facts.picture?.found?.rules ?? []
      } catch {
        facts.pictureHint = error.hint
        facts.pictureFault = error.rowFault(at: post.position, key: post.key)
        let file = folders[post.position.file].look(path)
        (facts.pictureRules, facts.isPictureLost) = (file.rules, file.problem != nil)
      }
    }
    facts.features = features?.statuses(post) ?? []
    let identity = facts.picture?.hash ?? post.image.map { Array($0.utf8) }
    let streams = features?.columns.map(\.stream.name) ?? []
    let content = ContentHash.hex(
      text: post.text, knowledge: post.knowledge, pictureHash: identity,
      features: zip(streams, facts.features).compactMap { stream, status in status.identity.map { (stream, $0) } })
    let order = KeyHash.value(of: post.key.text, for: .leakage)
    let text = TextScan(post.text)
    var result = PostFacts(
      content: UInt64(content.prefix(16), radix: 16) ?? 0, key: TextHash.of(post.key.utf8), half: Int(order & 1),
      order: order >> 1, text: text, bands: NearDuplicateTexts.bands(of: text.words))
    result.damages = TextDamage.all(in: post.text, prepared: model?.prepared(post.text) ?? post.text)
    if readsKnowledge { result.knowledge = TextScan(post.knowledge) }
    if let model {
      let read = model.words(text: post.text, knowledge: "").text
      result.pieces = .init(count: read.pieces, unknown: read.unknown, truncated: read.truncated)
    }
    let reposts = RepostGroup(
      text: post.text, pictureHash: facts.picture?.hash.hexadecimal, key: post.key, contentHash: content)
    result.reposts = reposts.isSingle ? nil : UInt64(reposts.id.prefix(16), radix: 16)
    facts.post = result
    return facts
  }
}
