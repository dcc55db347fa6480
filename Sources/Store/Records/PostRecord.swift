import Bytes
public import Corpus

/// A post as the store keeps it.
///
/// Key and content hash identify it. Its label lands in a table of its own; the picture's path is that of the row that
/// brought the post first, date and extras are those of later runs, too.
public struct PostRecord: Sendable {
  /// Key and content hash.
  public var identity: PostIdentity
  /// The text, to the byte.
  public var text: String
  /// The third stream's text; empty where there is none.
  public var knowledge: String
  /// The picture's path as written; `nil` where the post names none.
  public var image: String?
  /// SHA-256 of the picture file's bytes, lower-case hexadecimal; `nil` for a post without a picture.
  public var pictureHash: String?
  /// When the post was written: UTC in ISO 8601.
  public var postedAt: String?
  /// Every other column, in the header's order.
  public var extra: [ExtraField]
  /// The true label, where the corpus has one.
  public var label: String?
  /// Whether the model sees a picture; one without has no `image` vector.
  public var hasPicture: Bool
  /// The streams of features that the model has rows of it in.
  public var features: [FeatureRecord] = []
  /// The post's picture, small, where that is to be kept.
  public var thumbnail: ThumbnailRecord?

  /// Creates a post from its parts.
  public init(
    identity: PostIdentity, text: String, knowledge: String = "", image: String? = nil,
    pictureHash: String? = nil, postedAt: String? = nil, extra: [ExtraField] = [], label: String? = nil,
    hasPicture: Bool
  ) {
    self.identity = identity
    self.text = text
    self.knowledge = knowledge
    self.image = image
    self.pictureHash = pictureHash
    self.postedAt = postedAt
    self.extra = extra
    self.label = label
    self.hasPicture = hasPicture
  }

  /// The bytes of its texts together, which are what it takes of memory.
  package var bytes: Int {
    let texts = [identity.key, text, knowledge, image ?? "", label ?? "", postedAt ?? ""]
    return extra.reduce(texts.reduce(0) { $0 + $1.utf8.count }) { $0 + $1.name.utf8.count + $1.value.utf8.count }
  }

  /// The extras as a JSON object of strings, in their order.
  var extraJSON: String {
    var json = JSONText()
    json.object(extra, key: \.name) { json, field in json.string(field.value) }
    return json.text
  }
}
