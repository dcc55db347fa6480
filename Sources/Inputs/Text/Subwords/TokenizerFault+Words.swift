import Bytes

extension TokenizerFault: CustomStringConvertible {
  /// What is wrong.
  public var description: String {
    switch self {
    case .tooLarge(let limit): "it has more than \(limit) bytes"
    case .notJSON(let at): "it is not JSON (byte \(at))"
    case .malformed(let path): "\(path.printable) is missing or of the wrong kind"
    case .unsupported(let path, let what):
      "\(path.printable) says \(what.printable(upTo: 120)), which is not read here; tokenizers of BERT, CLIP, RoBERTa, XLM-R and e5 are"
    case .missingPiece(let piece): "its vocabulary lacks \"\(piece.printable(upTo: 60))\", which another part names"
    }
  }
}
