/// The fields of one record, one after the other in one buffer that is used again for the next.
struct FieldStore {
  /// Fields finished so far, those beyond the expected number included.
  private(set) var count = 0
  /// Whether the record's end was seen.
  private(set) var isClosed = false
  /// What went over its limit, if anything did.
  private(set) var excess: RecordTrouble.Part?

  private var bytes: [UInt8] = []
  /// Where each field kept ends in `bytes`.
  private var ends: [Int] = []
  private var expected = 0
  private var limits = RecordLimits()

  /// Empties the store; fields after the `expected` ones are counted but not kept.
  mutating func reset(expecting expected: Int, limits: RecordLimits) {
    count = 0
    isClosed = false
    excess = nil
    bytes.removeAll(keepingCapacity: true)
    ends.removeAll(keepingCapacity: true)
    self.expected = expected
    self.limits = limits
  }

  /// Takes a finished field.
  mutating func append(_ field: UnsafeRawBufferPointer) {
    count += 1
    guard excess == nil else { return }
    if field.count > limits.fieldBytes {
      excess = .field(count)
    } else if ends.count == expected {
      return
    } else if field.count > limits.recordBytes - bytes.count {
      excess = .record
    } else {
      bytes.append(contentsOf: field)
      ends.append(bytes.count)
    }
  }

  /// Notes that the field under way already is too large to be kept.
  mutating func noteExcess() {
    excess = excess ?? .field(count + 1)
  }

  /// Takes the record's end.
  mutating func close() {
    isClosed = true
  }

  /// The number of fields that can be read.
  var keptCount: Int { ends.count }

  /// The number of bytes in a field.
  func length(of index: Int) -> Int {
    ends[index] - (index == 0 ? 0 : ends[index - 1])
  }

  /// Lends a field's bytes.
  func withBytes<Result>(of index: Int, _ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
    let start = index == 0 ? 0 : ends[index - 1]
    return bytes.withUnsafeBufferPointer { body(UnsafeBufferPointer(rebasing: $0[start..<ends[index]])) }
  }

  /// A field as text; `nil` where it is not valid UTF-8.
  func text(of index: Int) -> String? {
    withBytes(of: index) { String(validating: $0, as: UTF8.self) }
  }

  /// The first field that holds a NUL, if any does.
  var fieldWithNUL: Int? {
    guard let place = bytes.withUnsafeBufferPointer({ $0.firstIndex(of: 0) }) else { return nil }
    return ends.firstIndex { place < $0 }
  }
}
