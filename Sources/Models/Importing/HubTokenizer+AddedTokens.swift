import Bytes

/// A special token that has a name, such as `cls_token`.
struct NamedToken {
  var text: ByteText
  var token: AddedTokenSettings
  /// The file that names it.
  var file: HubTokenizerKeys.File
  /// Whether no file names it; it is BERT's own.
  var isDefault = false
}

extension HubTokenizerFiles {
  /// BERT's names of special tokens.
  private static let usual = [
    "unk_token": "[UNK]", "sep_token": "[SEP]", "pad_token": "[PAD]", "cls_token": "[CLS]", "mask_token": "[MASK]",
  ]

  /// The special tokens by their names: those in the files, otherwise BERT's.
  func namedTokens() throws(HubError) -> [String: NamedToken] {
    var names = try named(.configuration, configuration)
    let old = try named(.specialTokens, specialTokens), listed = try listedTokens()
    for key in HubTokenizerKeys.specialTokens {
      guard let token = old[key] else { continue }
      if let other = names[key], other.text != token.text {
        throw fault(
          .specialTokens,
          .disagrees(key: key, value: token.text.text, file: other.file.rawValue, other: other.text.text))
      }
      if listed == nil { names[key] = token }
    }
    if isBert {
      for (key, text) in Self.usual where names[key] == nil && !isNull(key) {
        let token = AddedTokenSettings(text: ByteText(text), id: 0)
        names[key] = NamedToken(text: token.text, token: token, file: .configuration, isDefault: true)
      }
    }
    guard let listed else { return names }
    // With a list of all tokens the older file is not read by transformers, so it must say the same.
    for key in HubTokenizerKeys.specialTokens {
      guard let token = old[key] else { continue }
      var effective = listed.first { $0.text == token.text } ?? names[key]?.token
      effective?.id = token.token.id
      guard effective != token.token else { continue }
      throw fault(
        .specialTokens,
        .disagrees(
          key: key, value: token.token.words, file: "tokenizer_config.json",
          other: effective?.words ?? "that there is no such token"))
    }
    return names
  }

  /// The special tokens with names in a file.
  private func named(_ file: HubTokenizerKeys.File, _ values: JSON?) throws(HubError) -> [String: NamedToken] {
    var names: [String: NamedToken] = [:]
    for key in HubTokenizerKeys.specialTokens {
      guard let value = values?[ByteText(key)] else { continue }
      let token = try token(value, key, file, isSpecial: true)
      names[key] = NamedToken(text: token.text, token: token, file: file)
    }
    return names
  }

  /// Whether a file says that there is no such token.
  private func isNull(_ key: String) -> Bool {
    guard case .object(let members)? = configuration else { return false }
    return members.contains { $0.key == ByteText(key) }
  }

  /// A token, as text or with its flags; a text alone is normalized unless it is special.
  private func token(
    _ value: JSON, _ key: String, _ file: HubTokenizerKeys.File, isSpecial: Bool = false
  ) throws(HubError) -> AddedTokenSettings {
    if let text = value.asString {
      var token = AddedTokenSettings(text: ByteText(text), id: 0)
      token.normalized = !isSpecial
      return token
    }
    guard case .object(let members) = value, let text = value["content"]?.asString else {
      throw fault(file, .malformed(key))
    }
    var token = AddedTokenSettings(text: ByteText(text), id: value["id"]?.asInteger ?? 0)
    token.normalized = !(file == .specialTokens || value["special"]?.asBool ?? false)
    for (flag, place) in AddedTokenSettings.flags {
      if let set = value[ByteText(flag)]?.asBool { token[keyPath: place] = set }
    }
    let known = ["content", "special", "id", "__type"] + AddedTokenSettings.flags.map(\.key)
    if let other = members.first(where: { !known.contains($0.key.text) }) {
      throw fault(file, .unknownKey("\(key).\(other.key)"))
    }
    return token
  }

  /// The tokens in `added_tokens_decoder`, by their ids; nil if there is no such list.
  func listedTokens() throws(HubError) -> [AddedTokenSettings]? {
    let key = "added_tokens_decoder"
    guard let value = configuration?[ByteText(key)] else { return nil }
    guard case .object(let members) = value else { throw fault(.configuration, .malformed(key)) }
    var tokens: [AddedTokenSettings] = []
    for member in members {
      guard let id = Int(member.key.text) else { throw fault(.configuration, .malformed("\(key).\(member.key)")) }
      var token = try token(member.value, "\(key).\(member.key)", .configuration)
      token.id = id
      tokens.append(token)
    }
    return tokens.sorted { $0.id < $1.id }
  }

  /// The tokens in `tokenizer.json`.
  func ownTokens() throws(HubError) -> [AddedTokenSettings] {
    var tokens: [AddedTokenSettings] = []
    for (index, value) in (tokenizer?["added_tokens"]?.asList ?? []).enumerated() {
      guard value["id"]?.asInteger != nil else { throw fault(.tokenizer, .malformed("added_tokens[\(index)].id")) }
      tokens.append(try token(value, "added_tokens[\(index)]", .tokenizer))
    }
    return tokens
  }

  /// The tokens in `added_tokens.json`, some of which may be special.
  private func oldTokens(special: Set<ByteText>) throws(HubError) -> [AddedTokenSettings] {
    guard case .object(let members)? = addedTokens else { return [] }
    var tokens: [AddedTokenSettings] = []
    for member in members {
      guard let id = member.value.asInteger else { throw fault(.addedTokens, .malformed(member.key.text)) }
      var token = AddedTokenSettings(text: member.key, id: id)
      token.normalized = !special.contains(member.key)
      tokens.append(token)
    }
    return tokens
  }

  /// The further special tokens of both files, and those that old programs take for special in `added_tokens.json`.
  private func furtherTokens() throws(HubError) -> (
    all: [(token: AddedTokenSettings, file: HubTokenizerKeys.File)], old: Set<ByteText>
  ) {
    var all: [(token: AddedTokenSettings, file: HubTokenizerKeys.File)] = []
    var old: Set<ByteText> = [], isListed = false
    let listed = try listedTokens()
    for (file, values) in [
      (HubTokenizerKeys.File.configuration, configuration), (.specialTokens, specialTokens),
    ] {
      for key in ["extra_special_tokens", "additional_special_tokens"] {
        guard let value = values?[ByteText(key)] else { continue }
        if case .object(let members) = value, members.isEmpty { continue }
        guard let list = value.asList else {
          throw fault(file, .unsupported(key: key, value: value.kind, why: "it must be a list of tokens"))
        }
        if file == .configuration { isListed = true }
        for entry in list {
          let token = try token(entry, key, file, isSpecial: true)
          let isIgnored = file == .specialTokens && (listed != nil || isListed && key == "additional_special_tokens")
          if isIgnored {
            let given = all.map(\.token) + (listed ?? [])
            guard !given.contains(where: { $0.text == token.text }) else { continue }
            throw fault(
              file,
              .disagrees(
                key: key, value: token.text.text, file: "tokenizer_config.json", other: "that there is no such token"))
          }
          if file == .configuration || key == "extra_special_tokens" { old.insert(token.text) }
          all.append((token, file))
        }
      }
    }
    return (all, old)
  }

  /// Throws unless the tokens of `tokenizer_config.json` are those of `tokenizer.json`.
  func checkListed(_ listed: [AddedTokenSettings]?, as own: [AddedTokenSettings]) throws(HubError) {
    guard let listed else { return }
    for token in listed where !own.contains(token) {
      let same = own.first { $0.text == token.text }
      throw fault(
        .configuration,
        .disagrees(
          key: "added_tokens_decoder", value: "\(token.words), id \(token.id)", file: "tokenizer.json",
          other: same.map { "\($0.words), id \($0.id)" } ?? "that there is no such token"))
    }
    if let missing = own.first(where: { !listed.contains($0) }) {
      throw fault(
        .tokenizer,
        .disagrees(
          key: "added_tokens", value: "\(missing.words), id \(missing.id)", file: "tokenizer_config.json",
          other: "that there is no such token"))
    }
  }

  /// All tokens that are found in a text before its words are; nil if they are those of every BERT.
  ///
  /// As in `transformers`: those that the files list, then special tokens that no list has, then further ones. The
  /// vocabulary gives their ids; others follow its last one.
  func allTokens(
    _ names: [String: NamedToken], _ ids: [ByteText: Int]
  ) throws(HubError) -> [AddedTokenSettings]? {
    let listed = try listedTokens(), own = try ownTokens(), further = try furtherTokens()
    if tokenizer != nil { try checkListed(listed, as: own) }
    let named = Set(names.values.filter { !$0.isDefault }.map(\.text))
    let old = try oldTokens(special: named.union(further.old))
    var adding: [(token: AddedTokenSettings, file: HubTokenizerKeys.File, hasID: Bool)] = []
    let base = tokenizer == nil ? (listed ?? []) : own
    adding += base.map { ($0, tokenizer == nil ? .configuration : .tokenizer, true) }
    for token in old {
      if let other = adding.first(where: { $0.token.text == token.text }) {
        guard other.token.id == token.id else {
          throw fault(
            .addedTokens,
            .disagrees(
              key: token.text.text, value: "\(token.id)", file: other.file.rawValue,
              other: "\(other.token.id)"))
        }
      } else if listed != nil || tokenizer != nil {
        throw fault(
          .addedTokens,
          .disagrees(
            key: token.text.text, value: "\(token.id)",
            file: tokenizer == nil ? "tokenizer_config.json" : "tokenizer.json", other: "that there is no such token"))
      } else {
        adding.append((token, .addedTokens, true))
      }
    }
    adding.sort { $0.token.id < $1.token.id }
    func add(_ token: AddedTokenSettings, _ key: String, _ file: HubTokenizerKeys.File) throws(HubError) {
      guard let other = adding.first(where: { $0.token.text == token.text }) else {
        adding.append((token, file, false))
        return
      }
      // A list decides how its tokens are found.
      guard !other.hasID, other.token != token else { return }
      throw fault(
        file, .disagrees(key: key, value: token.words, file: other.file.rawValue, other: other.token.words))
    }
    for key in HubTokenizerKeys.specialTokens {
      // A token that no file names is found only if the vocabulary has it.
      guard let name = names[key], !name.isDefault || ids[name.text] != nil else { continue }
      try add(name.token, key, name.file)
    }
    for (token, file) in further.all { try add(token, "additional_special_tokens", file) }
    return try numbered(adding, ids)
  }

  private func numbered(
    _ adding: [(token: AddedTokenSettings, file: HubTokenizerKeys.File, hasID: Bool)], _ ids: [ByteText: Int]
  ) throws(HubError) -> [AddedTokenSettings]? {
    guard adding.count <= AddedTokenSettings.most else {
      throw fault(
        adding[0].file,
        .unsupported(key: "added tokens", value: "\(adding.count)", why: "at most \(AddedTokenSettings.most) are"))
    }
    var next = ids.count, tokens: [AddedTokenSettings] = []
    for (listed, file, hasID) in adding {
      var token = listed
      guard (1...AddedTokenSettings.longest).contains(token.text.utf8.count) else {
        throw fault(
          file,
          .unsupported(
            key: "added token", value: token.text.text, why: "it must have 1 to \(AddedTokenSettings.longest) bytes"))
      }
      let id = ids[token.text] ?? next
      if ids[token.text] == nil { next += 1 }
      guard !hasID || token.id == id else {
        throw fault(
          file,
          .disagrees(
            key: "the id of \"\(token.text)\"", value: "\(token.id)", file: "the vocabulary, with the tokens before it",
            other: "\(id)"))
      }
      token.id = id
      tokens.append(token)
    }
    let usual = Self.usual.values.compactMap { name in
      ids[ByteText(name)].map { AddedTokenSettings(text: ByteText(name), id: $0) }
    }
    let isUsual = tokens.count == usual.count && tokens.allSatisfy(usual.contains)
    return isUsual ? nil : tokens
  }
}
