/// The content of a `.model` file of SentencePiece, as far as it determines how a text is split into pieces. Of its
/// normalisation, the tokenizers of XLM-R, CamemBERT and ALBERT use only the table of characters.
///
/// The file is a message of Protocol Buffers (`sentencepiece_model.proto`). It comes from an untrusted source: lengths
/// are checked against the file, and nested messages are read to a fixed depth.
struct SentencePieceFile: Sendable {
  /// What a piece is for; the raw value is its number in the file.
  enum Kind: Int, Sendable {
    case normal = 1, unknown, control, userDefined, unused, byte
  }

  /// The algorithm that the pieces were learnt for.
  enum Algorithm: Int, Sendable {
    case unigram = 1, bytePairs, word, character
  }

  struct Piece: Sendable {
    var text = ""
    var score: Float = 0
    var kind = Kind.normal
  }

  var pieces: [Piece] = []
  var algorithm = Algorithm.unigram
  var unknown = 0
  var byteFallback = false
  var whitespaceIsSuffix = false
  /// The table of replaced characters; empty for none.
  var charsmap: [UInt8] = []
  var addsDummyPrefix = true
  var removesExtraWhitespace = true
  var escapesWhitespace = true

  /// Reads a file. O(bytes).
  ///
  /// - Throws: ``TokenizerError`` if it is too large, damaged, or has more pieces than allowed.
  init(_ bytes: [UInt8]) throws(TokenizerError) {
    guard bytes.count <= SubwordTokenizer.byteLimit else { throw .tooLarge(limit: SubwordTokenizer.byteLimit) }
    var file = ProtobufReader(bytes[...])
    while let field = try file.next() {
      switch (field.number, field.value) {
      case (1, .bytes(let message)):
        guard pieces.count < SubwordTokenizer.pieceLimit else { throw .malformed("pieces") }
        pieces.append(try Self.piece(message))
      case (2, .bytes(let message)): try readTrainer(message)
      case (3, .bytes(let message)): try readNormalizer(message)
      default: break
      }
    }
    guard pieces.indices.contains(unknown), pieces[unknown].kind == .unknown,
      pieces.count(where: { $0.kind == .unknown }) == 1
    else { throw .malformed("trainer_spec.unk_id") }
  }

  private static func piece(_ message: ArraySlice<UInt8>) throws(TokenizerError) -> Piece {
    var reader = ProtobufReader(message), piece = Piece()
    while let field = try reader.next() {
      switch (field.number, field.value) {
      case (1, .bytes(let text)): piece.text = try Self.text(text, "pieces.piece")
      case (2, .fixed32(let bits)): piece.score = Float(bitPattern: bits)
      case (3, .number(let kind)):
        guard let kind = Kind(rawValue: Int(clamping: kind)) else { throw .unsupported("pieces.type", "\(kind)") }
        piece.kind = kind
      case (1...3, _): throw .malformed("pieces")
      default: break
      }
    }
    guard piece.score.isFinite, !piece.text.isEmpty else { throw .malformed("pieces") }
    guard piece.text.utf8.count <= UnigramModel.longestPiece else {
      throw .unsupported("pieces", "a piece of more than \(UnigramModel.longestPiece) bytes")
    }
    return piece
  }

  private mutating func readTrainer(_ message: ArraySlice<UInt8>) throws(TokenizerError) {
    var reader = ProtobufReader(message)
    while let field = try reader.next() {
      switch (field.number, field.value) {
      case (3, .number(let value)):
        guard let kind = Algorithm(rawValue: Int(clamping: value)) else {
          throw .unsupported("trainer_spec.model_type", "\(value)")
        }
        algorithm = kind
      case (24, .number(let value)): whitespaceIsSuffix = value != 0
      case (35, .number(let value)): byteFallback = value != 0
      case (40, .number(let value)): unknown = Int(clamping: value)
      case (3, _), (24, _), (35, _), (40, _): throw .malformed("trainer_spec")
      default: break
      }
    }
  }

  private mutating func readNormalizer(_ message: ArraySlice<UInt8>) throws(TokenizerError) {
    var reader = ProtobufReader(message)
    while let field = try reader.next() {
      switch (field.number, field.value) {
      case (2, .bytes(let table)): charsmap = Array(table)
      case (3, .number(let value)): addsDummyPrefix = value != 0
      case (4, .number(let value)): removesExtraWhitespace = value != 0
      case (5, .number(let value)): escapesWhitespace = value != 0
      case (2...5, _): throw .malformed("normalizer_spec")
      default: break
      }
    }
  }

  private static func text(_ bytes: ArraySlice<UInt8>, _ path: String) throws(TokenizerError) -> String {
    guard let text = String(validating: bytes, as: UTF8.self) else { throw .malformed(path) }
    return text
  }
}

/// The fields of one message of Protocol Buffers, in their order in the file.
struct ProtobufReader {
  enum Value {
    case number(UInt64)
    case fixed64(UInt64)
    case bytes(ArraySlice<UInt8>)
    case fixed32(UInt32)
  }

  private var rest: ArraySlice<UInt8>

  init(_ message: ArraySlice<UInt8>) { rest = message }

  /// The next field; nil at the end of the message. O(1), nested messages are not read.
  mutating func next() throws(TokenizerError) -> (number: UInt64, value: Value)? {
    guard !rest.isEmpty else { return nil }
    let tag = try varint(), number = tag >> 3
    guard number > 0 else { throw Self.damaged }
    switch tag & 7 {
    case 0: return (number, .number(try varint()))
    case 1: return (number, .fixed64(Self.littleEndian(try take(8))))
    case 2:
      let size = try varint()
      guard size <= UInt64(rest.count) else { throw Self.damaged }
      return (number, .bytes(try take(Int(size))))
    case 5: return (number, .fixed32(UInt32(Self.littleEndian(try take(4)))))
    default: throw Self.damaged
    }
  }

  private static let damaged = TokenizerError.malformed("a field of the sentencepiece model")

  private mutating func take(_ count: Int) throws(TokenizerError) -> ArraySlice<UInt8> {
    guard count <= rest.count else { throw Self.damaged }
    defer { rest = rest.dropFirst(count) }
    return rest.prefix(count)
  }

  private mutating func varint() throws(TokenizerError) -> UInt64 {
    var value: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 70, by: 7) {
      guard let byte = rest.popFirst() else { throw Self.damaged }
      value |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return value }
    }
    throw Self.damaged
  }

  private static func littleEndian(_ bytes: ArraySlice<UInt8>) -> UInt64 {
    bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }
}
