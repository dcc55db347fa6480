package import Bytes
package import Corpus
import Queries

/// A post as the store keeps it.
///
/// Key and content hash identify it. Its label is stored in a table of its own; the picture's path is that of the row
/// that first added the post, while date and extras can come from later runs.
package struct PostRecord: Sendable {
  /// Key and content hash.
  package var identity: PostIdentity
  /// The text, to the byte.
  package var text: String
  /// The third stream's text; empty without one.
  package var knowledge: String
  /// The picture's path as written; `nil` if the post names none.
  package var image: String?
  /// SHA-256 of the picture file's bytes, lower-case hexadecimal; `nil` for a post without a picture.
  package var pictureHash: String?
  /// When the post was written: UTC in ISO 8601.
  package var postedAt: String?
  /// Every other column, in the header's order.
  package var extra: [ExtraField]
  /// The true label, if the corpus has one.
  package var label: ByteText?
  /// Whether the model sees a picture; one without has no `image` vector.
  package var hasPicture: Bool
  /// Whether the picture's file ended early and was accepted; only the run counts it.
  package var pictureIsCut = false
  /// The feature streams in which the post has rows.
  package var features: [FeatureRecord] = []
  /// The post's thumbnail, if thumbnails are kept.
  package var thumbnail: ThumbnailRecord?

  /// Creates a post from its parts.
  package init(
    identity: PostIdentity, text: String, knowledge: String = "", image: String? = nil,
    pictureHash: String? = nil, postedAt: String? = nil, extra: [ExtraField] = [], label: ByteText? = nil,
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

  /// The bytes of its texts together, which dominate its memory use.
  package var bytes: Int {
    let texts = [identity.key.text, text, knowledge, image ?? "", label?.text ?? "", postedAt ?? ""]
    return extra.reduce(texts.reduce(0) { $0 + $1.utf8.count }) { $0 + $1.name.utf8.count + $1.value.utf8.count }
  }

  /// The extras as a JSON object of strings, in their order.
  var extraJSON: String {
    var json = JSONWriter()
    json.object(extra, key: \.name.text) { json, field in json.string(field.value) }
    return json.text
  }
}

/// The identity of a post: its key and its content's hash, compared byte by byte.
package struct PostIdentity: Hashable, Sendable {
  /// The post's id as text.
  package let key: ByteText
  private let ownHash: ByteText

  /// Creates an identity from a key and a content hash.
  package init(key: ByteText, contentHash: String) { (self.key, ownHash) = (key, ByteText(contentHash)) }

  /// SHA-256 of the post's content, lower-case hexadecimal.
  package var contentHash: String { ownHash.text }
}

/// The record of a post's features in a stream: enough to recognise them.
package struct FeatureRecord: Equatable, Sendable {
  /// The stream's name, which is also its vectors' space.
  package var stream: String
  /// SHA-256 of the file's bytes, 32 bytes.
  package var hash: [UInt8]

  /// A stream and a hash.
  package init(stream: String, hash: [UInt8]) { (self.stream, self.hash) = (stream, hash) }
}

/// A post's picture, small: a JPEG file.
package struct ThumbnailRecord: Equatable, Sendable {
  /// Pixels in a row.
  package var width: Int
  /// The file's bytes.
  package var jpeg: [UInt8]

  /// Creates a thumbnail from its parts.
  package init(width: Int, jpeg: [UInt8]) { (self.width, self.jpeg) = (width, jpeg) }
}
