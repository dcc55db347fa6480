/// What became of every row that was read.
public struct Ledger: Equatable, Sendable {
  /// One file's rows, each in exactly one state.
  public struct File: Equatable, Sendable {
    /// The file's name.
    public var name: String
    /// Records read.
    public var read = 0
    /// Rows scored with their picture.
    public var scored = 0
    /// Rows scored from their text alone.
    public var withoutPicture = 0
    /// Rows that repeat an earlier one.
    public var duplicate = 0
    /// Rows that could not be scored.
    public var faulted = 0
    /// Rows whose post was removed for good.
    public var forgotten = 0
    /// Records left to other shards.
    public var otherShards = 0
    /// Records that the sample left out.
    public var notSampled = 0

    /// Records that are accounted for.
    public var accounted: Int {
      scored + withoutPicture + duplicate + faulted + forgotten + otherShards + notSampled
    }

    mutating func add(_ other: File) {
      read += other.read
      scored += other.scored
      withoutPicture += other.withoutPicture
      duplicate += other.duplicate
      faulted += other.faulted
      forgotten += other.forgotten
      otherShards += other.otherShards
      notSampled += other.notSampled
    }
  }

  /// The files in the corpus' order; many files end in one line for the rest.
  public var files: [File]
  /// How many files the last line stands for; 0 where every file has its own.
  public var pooledFiles: Int

  /// The sum over all files.
  public var total: File {
    files.reduce(into: File(name: "all files")) { $0.add($1) }
  }

  /// Whether every record read is accounted for.
  public var addsUp: Bool { files.allSatisfy { $0.read == $0.accounted } }
}
