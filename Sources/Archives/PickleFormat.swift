import Bytes

/// The instructions of a pickle that a table of tensors and the plain values around it need, by their bytes.
enum PickleOpcode: UInt8 {
  case mark = 0x28  // (
  case stop = 0x2E  // .
  case byteInteger = 0x4B  // K
  case shortInteger = 0x4D  // M
  case integer = 0x4A  // J
  case longInteger = 0x8A
  case real = 0x47  // G
  case none = 0x4E  // N
  case yes = 0x88
  case no = 0x89
  case text = 0x58  // X
  case shortText = 0x8C
  case longText = 0x8D
  case emptyTuple = 0x29  // )
  case tuple = 0x74  // t
  case tuple1 = 0x85
  case tuple2 = 0x86
  case tuple3 = 0x87
  case emptyList = 0x5D  // ]
  case append = 0x61  // a
  case appends = 0x65  // e
  case emptyDictionary = 0x7D  // }
  case setItem = 0x73  // s
  case setItems = 0x75  // u
  case global = 0x63  // c
  case stackGlobal = 0x93
  case persistent = 0x51  // Q
  case call = 0x52  // R
  case newObject = 0x81
  case newObjectWithKeys = 0x92
  case bytes = 0x42  // B
  case shortBytes = 0x43  // C
  case longBytes = 0x8E
  case emptySet = 0x8F
  case addItems = 0x90
  case frozenSet = 0x91
  case build = 0x62  // b
  case put = 0x71  // q
  case longPut = 0x72  // r
  case memoize = 0x94
  case get = 0x68  // h
  case longGet = 0x6A  // j
  case proto = 0x80
  case frame = 0x95

  /// Python's name of an instruction, for messages about unsupported ones.
  static func name(_ byte: UInt8) -> String {
    names[byte] ?? "0x" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
  }

  private static let names: [UInt8: String] = [
    0x28: "MARK", 0x2E: "STOP", 0x4B: "BININT1", 0x4D: "BININT2", 0x4A: "BININT", 0x8A: "LONG1", 0x47: "BINFLOAT",
    0x4E: "NONE", 0x88: "NEWTRUE", 0x89: "NEWFALSE", 0x58: "BINUNICODE", 0x8C: "SHORT_BINUNICODE",
    0x8D: "BINUNICODE8", 0x29: "EMPTY_TUPLE", 0x74: "TUPLE", 0x85: "TUPLE1", 0x86: "TUPLE2", 0x87: "TUPLE3",
    0x5D: "EMPTY_LIST", 0x61: "APPEND", 0x65: "APPENDS", 0x7D: "EMPTY_DICT", 0x73: "SETITEM", 0x75: "SETITEMS",
    0x63: "GLOBAL", 0x93: "STACK_GLOBAL", 0x51: "BINPERSID", 0x52: "REDUCE", 0x62: "BUILD", 0x71: "BINPUT",
    0x72: "LONG_BINPUT", 0x94: "MEMOIZE", 0x68: "BINGET", 0x6A: "LONG_BINGET", 0x80: "PROTO", 0x95: "FRAME",
    0x30: "POP", 0x31: "POP_MARK", 0x32: "DUP", 0x49: "INT", 0x4C: "LONG", 0x46: "FLOAT", 0x53: "STRING",
    0x54: "BINSTRING", 0x55: "SHORT_BINSTRING", 0x56: "UNICODE", 0x50: "PERSID", 0x69: "INST", 0x6F: "OBJ",
    0x81: "NEWOBJ", 0x92: "NEWOBJ_EX", 0x82: "EXT1", 0x83: "EXT2", 0x84: "EXT4", 0x8B: "LONG4", 0x42: "BINBYTES",
    0x43: "SHORT_BINBYTES", 0x8E: "BINBYTES8", 0x8F: "EMPTY_SET", 0x90: "ADDITEMS", 0x91: "FROZENSET", 0x64: "DICT",
    0x6C: "LIST", 0x67: "GET", 0x70: "PUT", 0x96: "BYTEARRAY8", 0x97: "NEXT_BUFFER", 0x98: "READONLY_BUFFER",
  ]
}

/// A value in a pickle. Lists and dictionaries are indices into the reader's memory, so a pickle that puts one into
/// itself makes no reference cycle, and freeing deeply nested ones needs no stack.
enum PickleValue: Sendable {
  case none
  case bool(Bool)
  case integer(Int)
  /// A number or bytes that no table of tensors needs.
  case plain
  case text(String)
  case tuple(Int)
  case list(Int)
  case dictionary(Int)
  case callable(PickleName)
  case storage(Int)
  case tensor(Int)
  /// A Python value of a kind that the reader does not know: an index of its objects.
  case object(Int)
}

/// A Python value of an unknown kind, such as a number of NumPy's or argparse's namespace. It is never made: only its
/// name and the values that Python would make it from are kept.
struct PickledObject: Sendable {
  let name: String
  /// The pickle's byte at which it is named.
  let at: Int
  var parts: [PickleValue] = []
}

/// The few Python names that a table of tensors needs. None of them is called; the reader creates the result itself.
enum PickleName: Sendable, Equatable {
  case orderedDictionary
  case tensor
  case parameter
  case storage(StoredFormat)

  /// The name `module.name`; nil for any other name.
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

  /// Whether a name is one that no saved value has, but code that attacks a computer.
  static func isHostile(module: String, name: String) -> Bool {
    switch module {
    case "os", "posix", "nt", "subprocess", "commands", "pty", "runpy", "sys", "importlib": true
    case "builtins", "__builtin__":
      (["eval", "exec", "execfile", "compile", "__import__", "open"] as [ByteText]).contains(ByteText(name))
    default: false
    }
  }

  private static let storages: [String: StoredFormat] = [
    "DoubleStorage": .f64, "FloatStorage": .f32, "HalfStorage": .f16, "BFloat16Storage": .bf16, "LongStorage": .i64,
    "IntStorage": .i32, "ShortStorage": .i16, "CharStorage": .i8, "ByteStorage": .u8, "BoolStorage": .bool,
  ]
}

/// A storage that a pickle describes: numbers outside the pickle, under a key.
struct PickledStorage: Sendable, Equatable {
  let key: String
  let format: StoredFormat
  let count: Int
}

/// A tensor that a pickle describes.
struct PickledTensor: Sendable {
  let storage: Int
  let offset: Int
  let shape: [Int]
  let strides: [Int]
  /// The pickle's byte at which it was made.
  let at: Int
}
