import Bytes

/// Tokenizers of model hubs in other files than `tokenizer.json`, converted to the `tokenizer.json` that gives the same
/// ids: `vocab.json` and `merges.txt` of RoBERTa and CLIP, SentencePiece's models of XLM-R, CamemBERT and ALBERT, and
/// `vocab.txt` and `bpe.codes` of BERTweet.
///
/// The conversions are those of `transformers` 5. Nothing in the files is run.
package enum TokenizerConversion {
  /// The files of a tokenizer's folder.
  package struct Files {
    private let read: (String) throws(TokenizerError) -> [UInt8]?

    /// Files that `read` finds by their names; it returns nil for those that do not exist.
    package init(_ read: @escaping (String) throws(TokenizerError) -> [UInt8]?) { self.read = read }

    func bytes(_ name: String) throws(TokenizerError) -> [UInt8] {
      guard let bytes = try read(name) else { throw .malformed(name) }
      guard bytes.count <= SubwordTokenizer.byteLimit else { throw .tooLarge(limit: SubwordTokenizer.byteLimit) }
      return bytes
    }

    /// The members of the object in a file; none if the file does not exist.
    func object(_ name: String) throws(TokenizerError) -> [String: JSON] {
      guard try read(name) != nil else { return [:] }
      return try members(name)
    }

    fileprivate func members(_ name: String) throws(TokenizerError) -> [String: JSON] {
      let file: JSON
      do {
        file = try JSONParser.parse(bytes(name))
      } catch let error as TokenizerError {
        throw error
      } catch {
        throw .malformed(name)
      }
      guard case .object(let members) = file else { throw .malformed(name) }
      return Dictionary(members.map { ($0.key.text, $0.value) }) { first, _ in first }
    }
  }

  /// The `tokenizer.json` of a tokenizer. O(bytes · log pieces).
  ///
  /// - Parameters:
  ///   - name: the file with the tokenizer's pieces or merges: `bpe.codes`, `merges.txt` or a SentencePiece model.
  ///   - files: that file and those next to it.
  /// - Returns: the bytes of the file.
  /// - Throws: ``TokenizerError``, with the setting that is invalid or not supported.
  package static func json(of name: String, _ files: Files) throws(TokenizerError) -> [UInt8] {
    let kind = try tokenizerClass(files)
    let file =
      switch (name, kind) {
      case ("bpe.codes", "BertweetTokenizer"): try bertweet(files)
      case ("merges.txt", "RobertaTokenizer"): try roberta(files)
      case ("merges.txt", "CLIPTokenizer"): try clip(files)
      case ("sentencepiece.bpe.model", "XLMRobertaTokenizer"): try xlmRoberta(name, files)
      case ("sentencepiece.bpe.model", "CamembertTokenizer"): try camembert(name, files)
      case ("spiece.model", "AlbertTokenizer"): try albert(name, files)
      case ("spiece.model", "SiglipTokenizer"): try siglip(name, files)
      default: throw TokenizerError.otherClass(kind, file: name)
      }
    return Array(file.text().utf8)
  }

  /// The class of `transformers` that reads the folder, without the ending `Fast`.
  private static func tokenizerClass(_ files: Files) throws(TokenizerError) -> String {
    let config = try files.object("config.json")
    let given = try files.object("tokenizer_config.json")["tokenizer_class"] ?? config["tokenizer_class"]
    if let name = given?.asString { return name.hasSuffix("Fast") ? String(name.dropLast(4)) : name }
    switch config["model_type"]?.asString {
    case "roberta": return "RobertaTokenizer"
    case "clip", "clip_text_model": return "CLIPTokenizer"
    case "xlm-roberta": return "XLMRobertaTokenizer"
    case "camembert": return "CamembertTokenizer"
    case "siglip", "siglip_text_model": return "SiglipTokenizer"
    case let other: return "the default of \(other ?? "an unknown model")"
    }
  }

  // MARK: Byte pairs

  private static func roberta(_ files: Files) throws(TokenizerError) -> JSON {
    let tokens = try HubTokens(files, defaults: robertaTokens, flags: ["add_prefix_space"])
    let (model, ids) = try bytePairs(files, suffix: "")
    // Without a normalizer it does not matter which tokens are matched in normalised text.
    var added = try tokens.all(ids)
    for index in added.indices { added[index].token.normalized = false }
    return .members([
      ("added_tokens", list(added)),
      (
        "pre_tokenizer",
        .members([("type", .string("ByteLevel")), ("add_prefix_space", .bool(tokens.flag("add_prefix_space", false)))])
      ),
      ("post_processor", try ends(tokens, added, ("cls_token", "sep_token"))), ("model", model),
    ])
  }

  private static func clip(_ files: Files) throws(TokenizerError) -> JSON {
    let end = HubTokens.Token(content: "<|endoftext|>")
    let tokens = try HubTokens(
      files,
      defaults: [
        "bos_token": HubTokens.Token(content: "<|startoftext|>"), "eos_token": end, "unk_token": end, "pad_token": end,
      ], lowercases: true, flags: ["add_prefix_space"])
    let (model, ids) = try bytePairs(files, suffix: "</w>"), added = try tokens.all(ids)
    func step(_ type: String, _ members: [(String, JSON?)] = []) -> JSON {
      .members([("type", .string(type))] + members)
    }
    func pattern(_ text: String) -> (String, JSON?) { ("pattern", .members([("Regex", .string(text))])) }
    return .members([
      ("added_tokens", list(added)),
      (
        "normalizer",
        step(
          "Sequence",
          [
            (
              "normalizers",
              .array([
                step("NFC"), step("Replace", [pattern("\\s+"), ("content", .string(" "))]), step("Lowercase"),
              ])
            )
          ])
      ),
      (
        "pre_tokenizer",
        step(
          "Sequence",
          [
            (
              "pretokenizers",
              .array([
                step(
                  "Split",
                  [pattern(SubwordTokenizer.clipPattern), ("behavior", .string("Removed")), ("invert", .bool(true))]),
                step("ByteLevel", [("add_prefix_space", .bool(false))]),
              ])
            )
          ])
      ), ("post_processor", try ends(tokens, added, ("bos_token", "eos_token"))), ("model", model),
    ])
  }

  /// The model of `vocab.json` and `merges.txt`, and the pieces' ids.
  private static func bytePairs(
    _ files: Files, suffix: String
  ) throws(TokenizerError) -> (model: JSON, ids: [ByteText: Int]) {
    let vocabulary = try files.members("vocab.json")
    guard vocabulary.count <= SubwordTokenizer.pieceLimit else { throw .malformed("vocab.json") }
    var ids: [ByteText: Int] = [:]
    for (piece, value) in vocabulary {
      guard let id = value.asInteger, (0..<1 << 24).contains(id) else { throw .malformed("vocab.json") }
      ids[ByteText(piece)] = id
    }
    var merges: [JSON] = []
    for (number, line) in try files.bytes("merges.txt").split(separator: 0x0A, omittingEmptySubsequences: false)
      .enumerated()
    {
      let bytes = line.last == 0x0D ? line.dropLast() : line
      if bytes.isEmpty || bytes.starts(with: "#version".utf8) { continue }
      guard let text = String(validating: bytes, as: UTF8.self), bytes.count(where: { $0 == 0x20 }) == 1,
        merges.count < 1 << 22
      else { throw .malformed("merges.txt: line \(number + 1)") }
      merges.append(.string(text))
    }
    let members = vocabulary.sorted { $0.key < $1.key }.map { ($0.key, Optional($0.value)) }
    return (
      .members([
        ("type", .string("BPE")), ("end_of_word_suffix", .string(suffix)), ("vocab", .members(members)),
        ("merges", .array(merges)),
      ]), ids
    )
  }

  static func ends(
    _ tokens: HubTokens, _ added: [(id: Int, token: HubTokens.Token)], _ names: (opening: String, closing: String)
  ) throws(TokenizerError) -> JSON {
    func pair(_ name: String) throws(TokenizerError) -> JSON {
      let text = try tokens.text(name)
      guard let entry = added.first(where: { ByteText($0.token.content) == ByteText(text) }) else {
        throw .missingPiece(text)
      }
      return .array([.string(text), .integer(entry.id)])
    }
    return .members([
      ("type", .string("RobertaProcessing")), ("cls", try pair(names.opening)), ("sep", try pair(names.closing)),
    ])
  }

  /// The special tokens of RoBERTa and its descendants.
  static let robertaTokens = [
    "bos_token": "<s>", "eos_token": "</s>", "sep_token": "</s>", "cls_token": "<s>", "unk_token": "<unk>",
    "pad_token": "<pad>", "mask_token": "<mask>",
  ].mapValues { HubTokens.Token(content: $0) }

  static func list(_ added: [(id: Int, token: HubTokens.Token)]) -> JSON {
    .array(
      added.map { id, token in
        .members([
          ("id", .integer(id)), ("content", .string(token.content)), ("single_word", .bool(token.singleWord)),
          ("lstrip", .bool(token.lstrip)), ("rstrip", .bool(token.rstrip)), ("normalized", .bool(token.normalized)),
          ("special", .bool(token.isSpecial)),
        ])
      })
  }
}
