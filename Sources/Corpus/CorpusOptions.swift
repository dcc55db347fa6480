/// How corpus files are to be read.
public struct CorpusOptions: Sendable {
  /// The byte between two fields; `nil` takes a tab for `.tsv` files and a comma for all others.
  public var delimiter: UInt8?
  /// The characters' spelling.
  public var encoding: TextEncoding
  /// Whether the first record names the columns; if not, they are called `1`, `2`, ….
  public var hasHeader: Bool
  /// Which column plays which part.
  public var columns: ColumnMap
  /// Names for labels that the corpus codes.
  public var labelNames: LabelNames
  /// What a record may cost.
  public var limits: RecordLimits
  /// Whether a record's cells beyond the header's are kept for ``CorpusReader/cells``.
  public var keepsSurplus = false
  /// Asked while a pipe is silent; yes ends the reading with `CorpusError.interrupted`.
  public var shouldStop: @Sendable () -> Bool

  /// Creates options; the defaults are those of the command line.
  public init(
    delimiter: UInt8? = nil, encoding: TextEncoding = .utf8, hasHeader: Bool = true,
    columns: ColumnMap = ColumnMap(), labelNames: LabelNames = LabelNames(),
    limits: RecordLimits = RecordLimits(), shouldStop: @escaping @Sendable () -> Bool = { false }
  ) {
    self.delimiter = delimiter
    self.encoding = encoding
    self.hasHeader = hasHeader
    self.columns = columns
    self.labelNames = labelNames
    self.limits = limits
    self.shouldStop = shouldStop
  }
}

/// What a record may cost in memory and in look-ahead.
public struct RecordLimits: Sendable {
  /// The bytes of UTF-8 that one field may hold.
  public var fieldBytes: Int
  /// The bytes that all fields of a record may hold together.
  public var recordBytes: Int
  /// The lines that one record may span.
  public var lines: Int
  /// The columns that a header may have.
  public var columns: Int
  /// The bytes read at a time; tests make it small to meet the seams.
  package var chunkBytes = 256 << 10

  /// Creates limits: 1 MiB a field, 16 MiB a record, 100 lines, 10,000 columns. None may be below 1.
  public init(
    fieldBytes: Int = 1 << 20, recordBytes: Int = 16 << 20, lines: Int = 100, columns: Int = 10_000
  ) {
    precondition(fieldBytes > 0 && recordBytes > 0 && lines > 0 && columns > 0, "A limit is at least 1.")
    self.fieldBytes = fieldBytes
    self.recordBytes = recordBytes
    self.lines = lines
    self.columns = columns
  }
}
