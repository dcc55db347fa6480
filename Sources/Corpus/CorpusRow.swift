/// What a record of a corpus turns out to be.
public enum CorpusRow: Equatable, Sendable {
  /// A post that can be scored.
  case post(Post)
  /// A record that cannot be read, and why.
  case fault(RowFault)

  /// Where the record stands.
  public var position: RowPosition {
    switch self {
    case .post(let post): post.position
    case .fault(let fault): fault.position
    }
  }

  /// The record's key, where it could be read that far.
  public var key: String? {
    switch self {
    case .post(let post): post.key
    case .fault(let fault): fault.key
    }
  }

  /// What ``Shard`` and ``Sample`` are to be asked about: the key, or `FILE#LINE` where it could not be read,
  /// so that every record belongs to exactly one shard.
  public var partitionKey: String {
    key ?? "\(position.file)#\(position.line)"
  }
}
