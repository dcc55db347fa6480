extension JSONFault: CustomStringConvertible {
  /// What is wrong, and how to mend it.
  public var description: String {
    switch self {
    case .expected(let what, let at): "expected \(what) at byte \(at)"
    case .duplicateKey(let key, let at): "the key \"\(key.printable(upTo: 120))\" stands there again at byte \(at)"
    case .tooDeep(let limit, let at): "more than \(limit) lists and objects within each other at byte \(at)"
    }
  }
}
