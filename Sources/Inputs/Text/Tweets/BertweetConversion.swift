import Bytes

extension TokenizerConversion {
  /// The tokenizer of BERTweet: `vocab.txt`, with a piece and its frequency in each line, and `bpe.codes`, with a merge
  /// and its frequency in each line. This `vocab.txt` is not one of word pieces.
  static func bertweet(_ files: Files) throws(TokenizerError) -> JSON {
    let tokens = try HubTokens(files, defaults: robertaTokens, flags: ["normalization"])
    var ids: [ByteText: Int] = [:]
    for (id, name) in ["bos_token", "pad_token", "eos_token", "unk_token"].enumerated() {
      ids[ByteText(try tokens.text(name))] = id
    }
    let (pieces, last) = try lines("vocab.txt", files)
    for (number, line) in (pieces + (last.isEmpty ? [] : [last])).enumerated() {
      let scalars = line.unicodeScalars
      let start = scalars.drop(while: TweetNormalisation.isBlank).startIndex
      var end = scalars.endIndex
      while end > start, TweetNormalisation.isBlank(scalars[scalars.index(before: end)]) {
        end = scalars.index(before: end)
      }
      guard let blank = scalars[start..<end].lastIndex(of: " "), ids.count < SubwordTokenizer.pieceLimit else {
        throw .malformed("vocab.txt: line \(number + 1)")
      }
      // A piece that occurs again gets the number of pieces before it, as in the original.
      ids[ByteText(String(scalars[start..<blank]))] = ids.count
    }
    guard let unknown = ids[ByteText(try tokens.text("unk_token"))] else { throw .malformed("unk_token") }
    var merges: [JSON] = []
    for line in try lines("bpe.codes", files).whole {
      let parts = line.unicodeScalars.split(whereSeparator: TweetNormalisation.isBlank)
      // A line of another length is a merge that never applies.
      guard parts.count == 3 else { continue }
      guard merges.count < 1 << 22 else { throw .malformed("bpe.codes") }
      merges.append(.string(String(parts[0]) + " " + String(parts[1])))
    }
    let added = try tokens.all(ids)
    let members = ids.map { ($0.key.text, Optional(JSON.integer($0.value))) }.sorted { $0.0 < $1.0 }
    return .members([
      ("added_tokens", list(added)),
      ("normalizer", tokens.flag("normalization", false) ? .members([("type", .string("TweetNormalizer"))]) : nil),
      ("pre_tokenizer", .members([("type", .string("TweetWords"))])),
      ("post_processor", try ends(tokens, added, ("cls_token", "sep_token"))),
      (
        "model",
        .members([
          ("type", .string(SubwordTokenizer.tweetModel)), ("unk_id", .integer(unknown)), ("vocab", .members(members)),
          ("merges", .array(merges)),
        ])
      ),
    ])
  }

  /// The lines of a text file, each of which ends with `\n`, `\r\n` or `\r`, and what follows the last of them.
  private static func lines(_ name: String, _ files: Files) throws(TokenizerError) -> (whole: [String], last: String) {
    guard let text = String(validating: try files.bytes(name), as: UTF8.self) else { throw .malformed(name) }
    var lines: [String] = [], line = String.UnicodeScalarView(), wasReturn = false
    for scalar in text.unicodeScalars {
      if scalar == "\n" || scalar == "\r" {
        if !(scalar == "\n" && wasReturn) {
          lines.append(String(line))
          line = String.UnicodeScalarView()
        }
      } else {
        line.append(scalar)
      }
      wasReturn = scalar == "\r"
    }
    return (lines, String(line))
  }
}
