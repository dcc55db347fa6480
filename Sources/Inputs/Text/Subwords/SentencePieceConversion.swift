import Bytes

extension TokenizerConversion {
  /// XLM-R's pieces have the ids of fairseq: its four special pieces come first, then those of the model behind its
  /// own three, then the mask.
  static func xlmRoberta(_ name: String, _ files: Files) throws(TokenizerError) -> JSON {
    let tokens = try HubTokens(files, defaults: robertaTokens, flags: ["add_prefix_space"])
    return try unigram(name, files, tokens, ends: ("bos_token", "eos_token")) { file throws(TokenizerError) in
      var pieces: [(text: String, score: Float)] = []
      for name in ["bos_token", "pad_token", "eos_token", "unk_token"] { pieces.append((try tokens.text(name), 0)) }
      return pieces + file.pieces.dropFirst(3).map { ($0.text, $0.score) } + [(try tokens.text("mask_token"), 0)]
    }
  }

  /// CamemBERT's pieces: five special ones come first, then those of the model behind its first, then the mask.
  static func camembert(_ name: String, _ files: Files) throws(TokenizerError) -> JSON {
    var defaults = robertaTokens
    defaults["mask_token"]?.lstrip = true
    let tokens = try HubTokens(files, defaults: defaults, flags: ["add_prefix_space"])
    return try unigram(name, files, tokens, ends: ("bos_token", "eos_token")) { file throws(TokenizerError) in
      var pieces: [(text: String, score: Float)] = [("<s>NOTUSED", 0), (try tokens.text("pad_token"), 0)]
      pieces += [("</s>NOTUSED", 0), (try tokens.text("unk_token"), 0), ("<unk>NOTUSED", -100)]
      return pieces + file.pieces.dropFirst().map { ($0.text, $0.score) } + [(try tokens.text("mask_token"), 0)]
    }
  }

  /// ALBERT's pieces are those of the model. Some BERTs have them, too, such as Japanese ones.
  static func albert(_ name: String, _ files: Files) throws(TokenizerError) -> JSON {
    let texts = [
      "bos_token": "[CLS]", "eos_token": "[SEP]", "sep_token": "[SEP]", "cls_token": "[CLS]", "unk_token": "<unk>",
      "pad_token": "<pad>", "mask_token": "[MASK]",
    ]
    let tokens = try HubTokens(
      files, defaults: texts.mapValues { HubTokens.Token(content: $0) },
      flags: ["add_prefix_space", "do_lower_case", "keep_accents", "remove_space"])
    func replacing(_ text: String) -> JSON {
      .members([
        ("type", .string("Replace")), ("pattern", .members([("String", .string(text))])), ("content", .string("\"")),
      ])
    }
    func step(_ type: String) -> JSON { .members([("type", .string(type))]) }
    var steps = [replacing("``"), replacing("''")]
    if !tokens.flag("keep_accents", false) { steps += [step("NFKD"), step("StripAccents")] }
    if tokens.flag("do_lower_case", true) { steps.append(step("Lowercase")) }
    return try unigram(name, files, tokens, ends: ("cls_token", "sep_token"), steps, unknown: 1) {
      file throws(TokenizerError) in
      // The class takes this id whatever the file says.
      guard file.unknown == 1 else { throw .unsupported("trainer_spec.unk_id", "\(file.unknown)") }
      return file.pieces.map { ($0.text, $0.score) }
    }
  }

  /// SigLIP's pieces are those that SentencePiece itself finds, so the file contains the whole model.
  static func siglip(_ name: String, _ files: Files) throws(TokenizerError) -> JSON {
    func token(_ text: String) -> HubTokens.Token { HubTokens.Token(content: text, lstrip: true, rstrip: true) }
    let tokens = try HubTokens(
      files, defaults: ["eos_token": token("</s>"), "unk_token": token("<unk>"), "pad_token": token("</s>")],
      flags: ["do_lower_case"])
    let bytes = try files.bytes(name), file = try SentencePieceFile(bytes)
    var ids: [ByteText: Int] = [:]
    for (id, piece) in file.pieces.enumerated() { ids[ByteText(piece.text)] = id }
    let added = try tokens.all(ids), end = try tokens.text("eos_token")
    for (_, token) in added where !token.isSpecial || token.normalized || token.singleWord {
      throw .unsupported("added_tokens", "\(token.content), which is not a special token as SigLIP has them")
    }
    guard let closing = added.first(where: { ByteText($0.token.content) == ByteText(end) }) else {
      throw .missingPiece(end)
    }
    let template: [JSON] = [
      .members([("Sequence", .members([("id", .string("A"))]))]),
      .members([("SpecialToken", .members([("id", .string(end))]))]),
    ]
    return .members([
      ("added_tokens", list(added)),
      (
        "normalizer",
        .members([("type", .string("CanonicalText")), ("lowercase", .bool(tokens.flag("do_lower_case", true)))])
      ),
      ("pre_tokenizer", .members([("type", .string("Whole"))])),
      (
        "post_processor",
        .members([
          ("type", .string("TemplateProcessing")), ("single", .array(template)),
          ("special_tokens", .members([(end, .members([("ids", .array([.integer(closing.id)]))]))])),
        ])
      ),
      (
        "model",
        .members([
          ("type", .string(SubwordTokenizer.sentencePieceModel)), ("unk_token", .string(try tokens.text("unk_token"))),
          ("vocab", .array(file.pieces.map { .array([.string($0.text)]) })), ("file", .string(Base64.text(bytes))),
        ])
      ),
    ])
  }

  /// The file of a unigram model.
  ///
  /// - Parameters:
  ///   - name: the name of the `.model` file.
  ///   - files: the tokenizer's files.
  ///   - tokens: its special and added tokens.
  ///   - names: the keys of the tokens at a text's ends.
  ///   - steps: the normalisation before the model's own.
  ///   - unknown: the id of the unknown piece.
  ///   - pieces: the pieces in the order of their ids, with their scores.
  /// - Returns: the `tokenizer.json`.
  /// - Throws: ``TokenizerError``.
  private static func unigram(
    _ name: String, _ files: Files, _ tokens: HubTokens, ends names: (opening: String, closing: String),
    _ steps: [JSON] = [], unknown: Int = 3,
    pieces: (SentencePieceFile) throws(TokenizerError) -> [(text: String, score: Float)]
  ) throws(TokenizerError) -> JSON {
    let file = try SentencePieceFile(files.bytes(name))
    guard file.algorithm == .unigram else {
      throw .unsupported("trainer_spec.model_type", "\(file.algorithm) where this class needs unigram")
    }
    let pieces = try pieces(file)
    var ids: [ByteText: Int] = [:]
    for (id, piece) in pieces.enumerated() { ids[ByteText(piece.text)] = id }
    let control = file.pieces.filter { $0.kind == .control || $0.kind == .userDefined }
      .map { HubTokens.Token(content: $0.text, isSpecial: $0.kind == .control) }
    let added = try tokens.all(ids, control: control)
    var steps = steps
    if !file.charsmap.isEmpty {
      steps.append(
        .members([("type", .string("Precompiled")), ("precompiled_charsmap", .string(Base64.text(file.charsmap)))]))
    }
    let normalizer: JSON? =
      steps.count < 2 ? steps.first : .members([("type", .string("Sequence")), ("normalizers", .array(steps))])
    let splitting: [JSON] = [
      .members([("type", .string("WhitespaceSplit"))]),
      .members([
        ("type", .string("Metaspace")), ("replacement", .string("▁")),
        ("prepend_scheme", .string(tokens.flag("add_prefix_space", true) ? "always" : "never")),
      ]),
    ]
    return .members([
      ("added_tokens", list(added)), ("normalizer", normalizer),
      ("pre_tokenizer", .members([("type", .string("Sequence")), ("pretokenizers", .array(splitting))])),
      ("post_processor", try ends(tokens, added, names)),
      (
        "model",
        .members([
          ("type", .string("Unigram")), ("unk_id", .integer(unknown)),
          ("vocab", .array(pieces.map { .array([.string($0.text), .real(Double($0.score))]) })),
        ])
      ),
    ])
  }
}
