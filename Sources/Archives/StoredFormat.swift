/// How a file of another program writes a tensor's numbers; all are little-endian.
package enum StoredFormat: Sendable, Equatable, CaseIterable {
  case f64
  case f32
  case f16
  case bf16
  case i64
  case i32
  case i16
  case i8
  case u8
  case bool

  /// The bytes of one number.
  package var bytes: Int {
    switch self {
    case .f64, .i64: 8
    case .f32, .i32: 4
    case .f16, .bf16, .i16: 2
    case .i8, .u8, .bool: 1
    }
  }

  /// Whether such numbers can be weights; the others are counters and tables of positions.
  package var isFloating: Bool {
    switch self {
    case .f64, .f32, .f16, .bf16: true
    case .i64, .i32, .i16, .i8, .u8, .bool: false
    }
  }
}
