import Bytes

/// The steps in a `tokenizer.json` of byte pairs or of a unigram model, and their keys, each with what becomes of it. The
/// table in `docs/model.md` lists them; another step or another key is an error that names it.
package struct SubwordStepKeys: Sendable {
  /// The member of the file that has such steps.
  enum Part: String, Sendable {
    case normalizer, preTokenizer = "pre_tokenizer", postProcessor = "post_processor"
  }

  let part: Part
  let types: [String]
  /// The keys that are read, and those that change no ids.
  let (keys, ignored): ([String], [String])
  let words: String

  private init(_ part: Part, _ types: [String], _ keys: [String], ignoring ignored: [String] = [], _ words: String) {
    (self.part, self.types, self.keys, self.ignored, self.words) = (part, types, keys, ignored, words)
  }

  private static let all: [SubwordStepKeys] = [
    .init(.normalizer, ["Sequence"], ["normalizers"], "its steps, in order"),
    .init(.normalizer, ["NFC", "NFD", "NFKC", "NFKD"], [], "composed or decomposed, by Unicode 9"),
    .init(.normalizer, ["Lowercase"], [], "lower case, letter by letter"),
    .init(.normalizer, ["StripAccents"], [], "marks removed, by Unicode 9"),
    .init(
      .normalizer, ["Replace"], ["pattern", "content"],
      "a text by another; of regular expressions only `\\s+`, ` {2,}` and `\\s{2,}|[\\n\\r\\t]` by a blank, and a class of signs, such as `[!?]`, by nothing"
    ),
    .init(.normalizer, ["Strip"], ["strip_left", "strip_right"], "white space at the ends removed"),
    .init(.normalizer, ["Precompiled"], ["precompiled_charsmap"], "characters by SentencePiece's table"),
    .init(.normalizer, ["TweetNormalizer"], [], "BERTweet's normalisation, in files that clfa wrote"),
    .init(.normalizer, ["CanonicalText"], ["lowercase"], "SigLIP's normalisation, in files that clfa wrote"),
    .init(
      .preTokenizer, ["Sequence"], ["pretokenizers"], "`Split` and `ByteLevel`, or `WhitespaceSplit` and `Metaspace`"),
    .init(
      .preTokenizer, ["ByteLevel"], ["add_prefix_space", "use_regex"], ignoring: ["trim_offsets"],
      "GPT-2's words; `use_regex` must not be false. Behind `Split` `add_prefix_space` must be false"),
    .init(
      .preTokenizer, ["Split"], ["pattern", "behavior", "invert"],
      "only CLIP's expression, with `Removed` and `invert`"),
    .init(.preTokenizer, ["WhitespaceSplit"], [], "white space dropped, before `Metaspace`"),
    .init(
      .preTokenizer, ["Metaspace"], ["replacement", "prepend_scheme", "add_prefix_space", "split"],
      ignoring: ["str_rep"],
      "words begin at `▁`, which `prepend_scheme` `always` or `never` puts before each part; `split` must not be false"),
    .init(.preTokenizer, ["TweetWords"], [], "BERTweet's words, in files that clfa wrote"),
    .init(.preTokenizer, ["Whole"], [], "the whole text, for SigLIP, in files that clfa wrote"),
    .init(.postProcessor, ["Sequence"], ["processors"], "one of the following; a `ByteLevel` next to it has no effect"),
    .init(.postProcessor, ["ByteLevel"], [], ignoring: ["add_prefix_space", "trim_offsets", "use_regex"], "no effect"),
    .init(
      .postProcessor, ["RobertaProcessing", "BertProcessing"], ["cls", "sep"],
      ignoring: ["trim_offsets", "add_prefix_space"], "the ids of the first and the last piece"),
    .init(
      .postProcessor, ["TemplateProcessing"], ["single", "special_tokens"], ignoring: ["pair"],
      "one piece behind a text, and perhaps one before it, of type 0"),
  ]

  /// The lines of the documented table.
  package static var documentation: [String] {
    func names(_ names: [String]) -> String { names.map { "`\($0)`" }.joined(separator: ", ") }
    return all.map { step in
      let ignored = step.ignored.isEmpty ? "" : (step.keys.isEmpty ? "" : "; ") + "no effect: " + names(step.ignored)
      return "| `\(step.part.rawValue)` | \(names(step.types)) | \(names(step.keys))\(ignored) | \(step.words) |"
    }
  }

  /// The type of a step.
  ///
  /// - Parameters:
  ///   - step: the object in the file.
  ///   - part: the member of the file that it is in.
  /// - Returns: the type.
  /// - Throws: `unsupported` for another type or key.
  static func type(of step: JSON?, _ part: Part) throws(TokenizerError) -> String {
    guard let step else { throw .unsupported(part.rawValue, "nothing") }
    guard let type = step["type"]?.asString else { throw .malformed("\(part.rawValue).type") }
    guard let known = all.first(where: { $0.part == part && $0.types.contains { ByteText($0) == ByteText(type) } })
    else {
      throw .unsupported(part.rawValue, type)
    }
    try SubwordTokenizer.check(step, "\(part.rawValue): \(type)", Set(["type"] + known.keys + known.ignored))
    return type
  }
}
