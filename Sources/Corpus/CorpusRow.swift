package import Bytes

/// A record of a corpus: a post, or a fault.
package enum CorpusRow: Equatable, Sendable {
  /// A post that can be scored.
  case post(Post)
  /// A record that cannot be read, with the reason.
  case fault(RowFault)

  /// The record's place in the corpus.
  package var position: RowPosition {
    switch self {
    case .post(let post): post.position
    case .fault(let fault): fault.position
    }
  }

  /// The record's key, if it could be read.
  package var key: ByteText? {
    switch self {
    case .post(let post): post.key
    case .fault(let fault): fault.key
    }
  }

  /// The key by which ``Shard`` and ``Sample`` decide; `FILE#LINE` if the record's key could not be read, so that every
  /// record belongs to exactly one shard. The rows of a post with several pictures stay together.
  package var partitionKey: String {
    if case .post(let post) = self { return post.wholeKey }
    return key?.text ?? "\(position.file)#\(position.line)"
  }
}

/// The place of a row in a corpus.
package struct RowPosition: Hashable, Sendable {
  /// The file's name in the ledger: its last path component, `-` for standard input.
  package var file: ByteText
  /// The record's number in its file, from 1; the header is not a record.
  package var record: Int
  /// The line number that an editor shows for the record's first character, from 1.
  package var line: Int

  /// Creates a position from a file's name, a record number and a line number.
  package init(file: ByteText, record: Int, line: Int) {
    self.file = file
    self.record = record
    self.line = line
  }
}

/// A post of a corpus, exactly as in its row.
package struct Post: Equatable, Sendable {
  /// The row's place in the corpus.
  package var position: RowPosition
  /// The post's id as text; `FILE#LINE` if the corpus has no id column.
  package var key: ByteText
  /// The post's text, including blanks; empty if the cell is empty or there is no column.
  package var text: String
  /// The knowledge (such as words read from the picture, or a caption); empty if there is none.
  package var knowledge: String
  /// The picture's path as written; `nil` if the cell is empty or there is no column.
  package var image: String?
  /// How the cell of the picture was written, if not as one path.
  package var imageForm: ImageCell.Form?
  /// The number of pictures in that cell that are no row's.
  package var leftOutPictures = 0
  /// The number of this row among those of a post with several pictures, from 1.
  package var part = 1
  /// The true label as written; `nil` if the cell is empty or there is no column.
  package var label: ByteText?
  /// The cell of the column that `--date` names; `nil` if it is empty.
  package var date: String?
  /// Every other column, in the header's order.
  package var extra: [ExtraField]

  /// Creates a post from its cells.
  package init(
    position: RowPosition, key: ByteText, text: String, knowledge: String = "", image: String? = nil,
    label: ByteText? = nil, date: String? = nil, extra: [ExtraField] = []
  ) {
    self.position = position
    self.key = key
    self.text = text
    self.knowledge = knowledge
    self.image = image
    self.label = label
    self.date = date
    self.extra = extra
  }
}

extension Post {
  /// The key of the post of which this row may be a part.
  package var wholeKey: String {
    part == 1 ? key.text : String(key.text.utf8.dropLast("#\(part)".utf8.count)) ?? key.text
  }

  /// The picture's path in the form that is stored: a picture within the cell has a short name.
  package var storedImage: String? { image.map { DataAddress($0)?.name ?? $0 } }
}

/// A cell of a column that the model does not read.
package struct ExtraField: Equatable, Sendable {
  /// The column's name.
  package var name: ByteText
  /// The cell, to the byte.
  package var value: String

  /// Creates a field.
  package init(name: ByteText, value: String) {
    self.name = name
    self.value = value
  }
}

/// The identity of what the model reads of a post; its label, date and other columns do not count.
package enum ContentHash {
  /// SHA-256, in lower-case hexadecimal, over text, knowledge, picture and features, each preceded by its length.
  ///
  /// A length is 8 bytes, little-endian, and counts bytes. `pictureHash` is the SHA-256 of the picture file; for a post
  /// without a picture, eight bytes of 0xFF take its place, a length that cannot occur. `features`: the SHA-256 of the
  /// post's file for each feature stream in which it has one, in the order of the streams' names, each preceded by its
  /// name.
  package static func hex(
    text: String, knowledge: String, pictureHash: [UInt8]?, features: [(stream: String, hash: [UInt8])] = []
  ) -> String {
    var hash = SHA256()
    for string in [text, knowledge] {
      hash.update(length: string.utf8.count)
      hash.update(string: string)
    }
    if let pictureHash {
      hash.update(length: pictureHash.count)
      hash.update(data: pictureHash)
    } else {
      hash.update(length: -1)
    }
    for (stream, own) in features.sorted(by: { $0.stream.utf8.lexicographicallyPrecedes($1.stream.utf8) }) {
      hash.update(length: stream.utf8.count)
      hash.update(string: stream)
      hash.update(length: own.count)
      hash.update(data: own)
    }
    return hash.finalize().hexadecimal
  }
}

extension SHA256 {
  /// Hashes a length as 8 bytes, little-endian.
  mutating func update(length: Int) {
    withUnsafeBytes(of: UInt64(bitPattern: Int64(length)).littleEndian) { update(bufferPointer: $0) }
  }
}
