/// A value that a pickle made. Lists and dictionaries are numbers of places in the reader's memory, so that a pickle
/// that puts one into itself makes no knot, and letting go of deep ones takes no stack.
enum PickleValue: Sendable {
  case none
  case bool(Bool)
  case integer(Int)
  case real
  case text(String)
  case tuple(Int)
  case list(Int)
  case dictionary(Int)
  case callable(PickleName)
  case storage(Int)
  case tensor(Int)
}

/// The few Python names that a table of tensors needs. None of them is called: what it would make is made here.
enum PickleName: Sendable, Equatable {
  case orderedDictionary
  case tensor
  case parameter
  case storage(StoredFormat)

  /// The name `module.name`; nil for all others in the world.
  init?(module: String, name: String) {
    switch (module, name) {
    case ("collections", "OrderedDict"): self = .orderedDictionary
    case ("torch._utils", "_rebuild_tensor_v2"): self = .tensor
    case ("torch._utils", "_rebuild_parameter"): self = .parameter
    case ("torch", _):
      guard let format = Self.storages[name] else { return nil }
      self = .storage(format)
    default: return nil
    }
  }

  private static let storages: [String: StoredFormat] = [
    "DoubleStorage": .f64, "FloatStorage": .f32, "HalfStorage": .f16, "BFloat16Storage": .bf16, "LongStorage": .i64,
    "IntStorage": .i32, "ShortStorage": .i16, "CharStorage": .i8, "ByteStorage": .u8, "BoolStorage": .bool,
  ]
}

/// A storage that a pickle tells of: numbers beside the pickle, under a key.
struct PickledStorage: Sendable, Equatable {
  let key: String
  let format: StoredFormat
  let count: Int
}

/// A tensor that a pickle tells of.
struct PickledTensor: Sendable {
  let storage: Int
  let offset: Int
  let shape: [Int]
  let strides: [Int]
  /// The pickle's byte at which it was made.
  let at: Int
}
