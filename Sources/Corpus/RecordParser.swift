import CCSV
import Glibc

/// Divides records into fields, one line at a time: libcsv, or a ``DialectTokenizer`` for a dialect that libcsv lacks.
///
/// libcsv begins every record in strict mode. If that fails, nothing of the line is lost: libcsv keeps its state, so the
/// rest is read in lax mode from the same byte, with the same result as lax mode from the start, and ``hasStrayQuote``
/// becomes true.
struct RecordParser: ~Copyable {
  /// Whether there is a quote where RFC 4180 allows none.
  private(set) var hasStrayQuote = false

  /// The byte between two fields.
  let delimiter: UInt8
  /// The reader of records without quotes or with backslashes; nil if libcsv reads them.
  private var tokenizer: DialectTokenizer?
  private let parser: UnsafeMutablePointer<csv_parser>
  private let store: UnsafeMutablePointer<FieldBuffer>
  private let limits: RecordLimits

  init(limits: RecordLimits, delimiter: UInt8, dialect: Dialect) {
    self.limits = limits
    self.delimiter = delimiter
    if dialect.quote == .none || dialect.escapesByBackslash {
      tokenizer = DialectTokenizer(dialect, delimiter: delimiter)
    }
    store = .allocate(capacity: 1)
    store.initialize(to: FieldBuffer())
    parser = .allocate(capacity: 1)
    parser.initialize(to: csv_parser())
    // This fails only if the parser is missing.
    _ = csv_init(parser, UInt8(CSV_STRICT))
    // Blanks around a field belong to it.
    csv_set_space_func(parser) { _ in 0 }
    // The default of 128 bytes would copy a large field thousands of times over.
    csv_set_blk_size(parser, 64 << 10)
    csv_set_delim(parser, delimiter)
    if let quote = dialect.quote.byte { csv_set_quote(parser, quote) }
  }

  deinit {
    csv_free(parser)
    parser.deinitialize(count: 1)
    parser.deallocate()
    store.deinitialize(count: 1)
    store.deallocate()
  }

  /// The fields read so far.
  var fields: FieldBuffer {
    _read { yield store.pointee }
  }

  /// Says what each of the header's fields is for, on which depends how long it may be.
  mutating func setUses(_ uses: [FieldUse]) { store.pointee.uses = uses }

  /// Discards the current record and begins the next.
  mutating func begin(expecting count: Int) {
    if tokenizer != nil {
      hasStrayQuote = false
    } else if hasStrayQuote || !store.pointee.isClosed {
      _ = csv_fini(parser, nil, nil, nil)
      _ = csv_set_opts(parser, UInt8(CSV_STRICT))
      hasStrayQuote = false
    }
    tokenizer?.begin()
    store.pointee.reset(expecting: count, limits: limits)
  }

  /// Parses a piece of a line; false if memory ran out.
  ///
  /// At the end of a file without a line end, the record is still closed, unless a quote keeps it open.
  mutating func feed(_ piece: LineSource.Piece, of bytes: [UInt8]) -> Bool {
    bytes.withUnsafeBytes { buffer in
      let content = UnsafeRawBufferPointer(rebasing: buffer[piece.content])
      let ending = UnsafeRawBufferPointer(rebasing: buffer[piece.ending])
      if tokenizer != nil {
        tokenizer?.feed(content, ending: ending, isLast: piece.isLast, into: &store.pointee)
        hasStrayQuote = tokenizer?.hasStrayQuote ?? false
        store.pointee.checkOpen(tokenizer?.openBytes ?? 0)
        return true
      }
      let line = UnsafeRawBufferPointer(rebasing: buffer[piece.content.lowerBound..<piece.ending.upperBound])
      var isFine = true
      if let base = content.baseAddress, memchr(base, Int32(UInt8(ascii: "\r")), content.count) != nil {
        // libcsv would end the record at a carriage return within the line.
        csv_set_term_func(parser) { $0 == UInt8(ascii: "\n") ? 1 : 0 }
        isFine = parse(content)
        csv_set_term_func(parser, nil)
        isFine = isFine && parse(ending)
      } else {
        isFine = parse(line)
      }
      if isFine, piece.isLast, ending.last != UInt8(ascii: "\n") {
        isFine = withUnsafeBytes(of: UInt8(ascii: "\n")) { parse($0) }
      }
      // A closing quote still counts among the bytes of the current field.
      store.pointee.checkOpen(parser.pointee.entry_pos - 1)
      return isFine
    }
  }

  private mutating func parse(_ bytes: UnsafeRawBufferPointer) -> Bool {
    let taken = pass(bytes)
    if taken == bytes.count { return true }
    guard !hasStrayQuote, csv_error(parser) == CSV_EPARSE else { return false }
    hasStrayQuote = true
    _ = csv_set_opts(parser, 0)
    let rest = UnsafeRawBufferPointer(rebasing: bytes[taken...])
    return pass(rest) == rest.count
  }

  /// Passes bytes to libcsv; returns the number of bytes consumed.
  private func pass(_ bytes: UnsafeRawBufferPointer) -> Int {
    guard let base = bytes.baseAddress, !bytes.isEmpty else { return 0 }
    return csv_parse(
      parser, base, bytes.count,
      { field, length, store in
        store?.assumingMemoryBound(to: FieldBuffer.self).pointee
          .append(UnsafeRawBufferPointer(start: field, count: length))
      },
      { _, store in store?.assumingMemoryBound(to: FieldBuffer.self).pointee.close() },
      store)
  }
}

/// What a field is for.
enum FieldUse {
  /// The post, or a rule, reads it.
  case read
  /// It has pictures: one that is itself in the cell may be as long as a record.
  case picture
  /// Nothing reads it: one over the limit is left empty, and costs no record.
  case unread

  /// Whether a field of this use may be longer than others: a picture's `data:` address, also in a list.
  func allowsLong(_ field: UnsafeRawBufferPointer) -> Bool {
    guard self == .picture else { return false }
    let blanksAndMarks = "[ \"'\t\n\r".utf8
    let start = field.prefix(16).drop { blanksAndMarks.contains($0) }.prefix(5)
    return start.elementsEqual("data:".utf8)
  }
}

/// The fields of one record, one after the other in a buffer that is reused for the next.
struct FieldBuffer {
  /// The number of finished fields, including those beyond the expected number.
  private(set) var count = 0
  /// Whether the end of the record was reached.
  private(set) var isClosed = false
  /// The part that exceeded its limit, if any.
  private(set) var excess: RecordFault.Part?
  /// What each of the header's fields is for.
  fileprivate(set) var uses: [FieldUse] = []
  /// The number of fields over the limit that were left empty since nothing reads them.
  private(set) var omitted = 0

  private var bytes: [UInt8] = []
  /// The end of each kept field in `bytes`.
  private var ends: [Int] = []
  private var expected = 0
  private var limits = RecordLimits()

  /// Empties the buffer; fields after the `expected` ones are counted but not kept.
  mutating func reset(expecting expected: Int, limits: RecordLimits) {
    count = 0
    isClosed = false
    excess = nil
    omitted = 0
    bytes.removeAll(keepingCapacity: true)
    ends.removeAll(keepingCapacity: true)
    self.expected = expected
    self.limits = limits
  }

  /// Adds a finished field.
  mutating func append(_ field: UnsafeRawBufferPointer) {
    count += 1
    guard excess == nil else { return }
    if field.count > limits.fieldBytes, !use(of: count - 1).allowsLong(field) {
      guard use(of: count - 1) == .unread, field.count <= limits.recordBytes, ends.count < expected else {
        excess = .field(count)
        return
      }
      omitted += 1
      ends.append(bytes.count)
    } else if ends.count == expected {
      return
    } else if field.count > limits.recordBytes - bytes.count {
      excess = .record
    } else {
      bytes.append(contentsOf: field)
      ends.append(bytes.count)
    }
  }

  /// Records that the open field is already too large to be kept, if it is.
  mutating func checkOpen(_ length: Int) {
    guard length > limits.fieldBytes, use(of: count) == .read || length > limits.recordBytes else { return }
    excess = excess ?? (length > limits.recordBytes && use(of: count) == .picture ? .record : .field(count + 1))
  }

  private func use(of place: Int) -> FieldUse { place < uses.count ? uses[place] : .read }

  /// Marks the end of the record.
  mutating func close() {
    isClosed = true
  }

  /// The number of fields that can be read.
  var keptCount: Int { ends.count }

  /// The number of bytes in a field.
  func length(of index: Int) -> Int {
    ends[index] - (index == 0 ? 0 : ends[index - 1])
  }

  /// Calls `body` with a field's bytes.
  func withBytes<Result>(of index: Int, _ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
    let start = index == 0 ? 0 : ends[index - 1]
    return bytes.withUnsafeBufferPointer { body(UnsafeBufferPointer(rebasing: $0[start..<ends[index]])) }
  }

  /// A field as text; `nil` if it is not valid UTF-8.
  func text(of index: Int) -> String? {
    withBytes(of: index) { String(validating: $0, as: UTF8.self) }
  }

  /// The index of the first field that contains a NUL, if any.
  var fieldWithNUL: Int? {
    guard let place = bytes.withUnsafeBufferPointer({ $0.firstIndex(of: 0) }) else { return nil }
    return ends.firstIndex { place < $0 }
  }
}
