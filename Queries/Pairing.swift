/// Which posts of two runs are compared with each other.
public enum Pairing: String, CaseIterable, Sendable {
  /// The same post: key, text, knowledge and picture.
  case content
  /// The same post; otherwise the posts of one key, where each run has one post of that key.
  case key
}
