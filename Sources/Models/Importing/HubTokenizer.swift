import Bytes

/// The tokenizer of a folder from a model hub: the file with its pieces, and all settings of the files next to it.
///
/// Every setting is used, has no effect on ids, or is an error; `HubTokenizerKeys` lists them. Where files could
/// contradict each other, they must agree.
package struct HubTokenizer: Sendable {
  /// The settings, except for the maximum numbers of tokens.
  package let settings: TokenizerSettings
  /// The file with the pieces.
  package let path: String

  /// Reads the tokenizer's files of a folder.
  ///
  /// - Parameters:
  ///   - path: the folder.
  ///   - isPretokenized: whether texts come with blanks between words, and nothing else is to be split.
  /// - Returns: the tokenizer's settings and the file with its pieces.
  /// - Throws: `HubError` for a file that is missing, for a setting that is not supported, or for files that contradict
  ///   each other.
  package static func load(_ path: String, isPretokenized: Bool = false) throws(HubError) -> HubTokenizer {
    try load(HubFolder(path: path), isPretokenized: isPretokenized)
  }

  static func load(_ folder: HubFolder, isPretokenized: Bool) throws(HubError) -> HubTokenizer {
    if let path = convertedPath(in: folder) {
      if isPretokenized { throw notPretokenized(folder.path) }
      var settings = TokenizerSettings()
      settings.kind = .subword
      return HubTokenizer(settings: settings, path: path)
    }
    let files = try HubTokenizerFiles(folder, isPretokenized: isPretokenized)
    return switch try kind(of: files) {
    case .wordPiece, .wordPieceJSON: try wordPieces(files, isPretokenized: isPretokenized)
    case .subword: try subwords(files, isPretokenized: isPretokenized)
    }
  }

  /// The table of all keys in `docs/model.md`.
  package static var documentation: [String] { HubTokenizerKeys.documentation }

  /// The error for texts with blanks between words and an encoder whose folder has another tokenizer than word pieces.
  package static func notPretokenized(_ folder: String) -> HubError {
    .tokenizer(path: HubFolder(path: folder).file("tokenizer.json"), .notPretokenized)
  }

  /// The files of tokenizers that are converted to a `tokenizer.json`: merges of byte pairs, SentencePiece's models. The
  /// first that exists tells the kind; the others belong to some kinds.
  private static let convertedFiles = [
    "bpe.codes", "merges.txt", "sentencepiece.bpe.model", "spiece.model", "spm.model", "tokenizer.model", "vocab.json",
  ]

  /// The names of the files that can define a folder's tokenizer.
  static func files(in folder: HubFolder) -> [String] {
    ["vocab.txt"] + [.tokenizer, .configuration, .addedTokens, .specialTokens].map(\HubTokenizerKeys.File.rawValue)
      + (convertedPath(in: folder) == nil ? [] : convertedFiles)
  }

  /// The file to convert; nil if the folder has a `vocab.txt` of word pieces or a `tokenizer.json`.
  private static func convertedPath(in folder: HubFolder) -> String? {
    func exists(_ name: String) -> Bool { (try? MappedFile(path: folder.file(name))) != nil }
    // BERTweet's vocab.txt is not a list of word pieces.
    if exists("bpe.codes") { return folder.file("bpe.codes") }
    if exists("vocab.txt") || exists("tokenizer.json") { return nil }
    return convertedFiles.dropLast().first(where: exists).map(folder.file)
  }

  /// The kind of tokenizer: that of a `tokenizer.json`, otherwise word pieces if there is a `vocab.txt`.
  private static func kind(of files: HubTokenizerFiles) throws(HubError) -> TokenizerSettings.Kind {
    if let file = files.tokenizer { return file.hasWordPieces ? .wordPieceJSON : .subword }
    if files.words != nil { return .wordPiece }
    throw .missing(path: files.folder.file("vocab.txt"))
  }

  private static func wordPieces(
    _ files: HubTokenizerFiles, isPretokenized: Bool
  ) throws(HubError) -> HubTokenizer {
    var settings = TokenizerSettings()
    // A vocab.txt with the same pieces is preferred to a tokenizer.json.
    settings.kind = files.words == nil ? .wordPieceJSON : .wordPiece
    let ids = try files.pieces()
    try files.checkWordPieces(isPretokenized: isPretokenized)
    try files.readRules(into: &settings)
    let names = try files.namedTokens()
    try files.readNames(names, into: &settings)
    settings.addedTokens = try files.allTokens(names, ids)
    if isPretokenized { settings.isPretokenized = true }
    let isNormalized = settings.addedTokens?.contains(where: \.normalized) ?? false
    if !settings.neverSplit.isEmpty, isNormalized {
      throw files.fault(
        .configuration,
        .disagrees(
          key: "never_split", value: settings.neverSplit.map(\.text).listed(most: 3), file: "its list of added tokens",
          other: "that some are found in normalized text"))
    }
    return HubTokenizer(settings: settings, path: files.folder.file(settings.kind.fileName))
  }

  /// A `tokenizer.json` of byte pairs or a unigram model, which is read with the posts; its small files must agree.
  private static func subwords(_ files: HubTokenizerFiles, isPretokenized: Bool) throws(HubError) -> HubTokenizer {
    if isPretokenized { throw notPretokenized(files.folder.path) }
    var settings = TokenizerSettings()
    settings.kind = .subword
    try files.checkSubwords()
    return HubTokenizer(settings: settings, path: files.folder.file(settings.kind.fileName))
  }
}

/// The small files of a tokenizer, as they are, with known keys.
struct HubTokenizerFiles {
  private static let limit = 64 * 1_048_576

  let folder: HubFolder
  let configuration, specialTokens, addedTokens, tokenizer: JSON?
  /// The content of `vocab.txt`.
  let words: [UInt8]?
  /// The class of tokenizers, without `Fast` at its end; nil for the model's own.
  let tokenizerClass: String?

  /// Reads the files that exist, and checks their keys.
  init(_ folder: HubFolder, isPretokenized: Bool) throws(HubError) {
    self.folder = folder
    func json(_ file: HubTokenizerKeys.File) throws(HubError) -> JSON? {
      guard let bytes = try Self.bytes(folder.file(file.rawValue)) else { return nil }
      do {
        return try JSONParser.parse(bytes)
      } catch {
        throw .configuration(path: folder.file(file.rawValue), .notJSON(error))
      }
    }
    configuration = try json(.configuration)
    specialTokens = try json(.specialTokens)
    addedTokens = try json(.addedTokens)
    tokenizer = try json(.tokenizer)
    words = try Self.bytes(folder.file("vocab.txt"))
    var kind = configuration?["tokenizer_class"]?.asString
    if kind == nil {
      kind =
        try folder.read("config.json", isOptional: true) { (reader) throws(ConfigurationError) in
          reader.take("tokenizer_class")?.asString
        } ?? nil
    }
    tokenizerClass = kind.map { $0.hasSuffix("Fast") ? String($0.dropLast(4)) : $0 }
    // With words from elsewhere the settings of a dictionary have no effect.
    let dictionary = ["word_tokenizer_type", "mecab_kwargs", "sudachi_kwargs", "jumanpp_kwargs"]
    if !isPretokenized, let kind = tokenizerClass, Self.dictionaryClasses.contains(kind) {
      throw fault(.configuration, .needsDictionary(kind))
    }
    for (file, value) in [
      (HubTokenizerKeys.File.configuration, configuration), (.specialTokens, specialTokens),
      (.addedTokens, addedTokens),
    ] {
      guard let value else { continue }
      do throws(HubTokenizerError) {
        try HubTokenizerKeys.check(value, of: file, allowing: isPretokenized ? dictionary : [])
      } catch {
        throw fault(file, error)
      }
    }
  }

  /// Classes that split words with a dictionary before pieces are found.
  private static let dictionaryClasses: Set<String> = [
    "BertJapaneseTokenizer", "RoFormerTokenizer", "JiebaTokenizer", "CpmTokenizer",
  ]

  private static func bytes(_ path: String) throws(HubError) -> [UInt8]? {
    do throws(ModelError) {
      return try MappedFile(path: path, limit: limit).copy()
    } catch .missingFile {
      return nil
    } catch {
      throw HubError(error)
    }
  }

  /// The error for a file of the folder.
  func fault(_ file: HubTokenizerKeys.File, _ error: HubTokenizerError) -> HubError {
    .tokenizer(path: folder.file(file.rawValue), error)
  }

  /// Whether `transformers` builds BERT's tokenizer from the settings, and not from a `tokenizer.json` alone.
  var isBert: Bool {
    !["PreTrainedTokenizer", "TokenizersBackend"].contains(tokenizerClass ?? "")
  }

  /// The ids of the pieces, from `vocab.txt` and `tokenizer.json`, which must agree.
  func pieces() throws(HubError) -> [ByteText: Int] {
    let listed = words.map(Self.lines)
    guard let tokenizer else { return listed ?? [:] }
    guard case .object(let members)? = tokenizer["model"]?["vocab"] else {
      throw fault(.tokenizer, .malformed("model.vocab"))
    }
    var ids: [ByteText: Int] = [:]
    for member in members {
      guard let id = member.value.asInteger, (0..<4_194_304).contains(id) else {
        throw fault(.tokenizer, .malformed("model.vocab"))
      }
      ids[member.key] = id
    }
    guard let listed else { return ids }
    // Lines end before white space, so a piece of blanks alone can be in tokenizer.json only; no word has it.
    func isBlank(_ piece: ByteText) -> Bool { piece.text.unicodeScalars.last?.properties.isWhitespace ?? true }
    let other =
      ids.first { !isBlank($0.key) && listed[$0.key] != $0.value }?.key
      ?? listed.first { !isBlank($0.key) && ids[$0.key] != $0.value }?.key
    if let other {
      func place(_ id: Int?) -> String { id.map(String.init) ?? "absent" }
      throw fault(
        .tokenizer,
        .disagrees(key: "piece \(other)", value: place(ids[other]), file: "vocab.txt", other: place(listed[other])))
    }
    return ids
  }

  private static func lines(_ bytes: [UInt8]) -> [ByteText: Int] {
    var ids: [ByteText: Int] = [:]
    let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    for (id, line) in lines.enumerated() where id < lines.count - 1 || !line.isEmpty {
      var scalars = Substring(decoding: line, as: UTF8.self).unicodeScalars
      while scalars.last?.properties.isWhitespace == true { scalars.removeLast() }
      ids[ByteText(Substring(scalars))] = id
    }
    return ids
  }
}

extension JSON {
  /// Whether a `tokenizer.json` has word pieces; old ones do not name their kind.
  fileprivate var hasWordPieces: Bool {
    guard let model = self["model"] else { return false }
    if let kind = model["type"]?.asString { return kind == "WordPiece" }
    return model["continuing_subword_prefix"] != nil && model["max_input_chars_per_word"] != nil
  }
}
