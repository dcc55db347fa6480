private import Bytes
private import Files
private import Inputs

/// The file of a tokenizer of subwords: a model's `tokenizer.json`, or a hub's files that are converted to one.
package enum TokenizerFile {
  /// Reads or makes a `tokenizer.json`.
  ///
  /// - Parameter path: a `tokenizer.json`; or the file with the pieces or merges of another kind, whose folder also holds
  ///   the files next to it.
  /// - Returns: the bytes of the `tokenizer.json`.
  /// - Throws: `PreparationError` for a file that is missing, too large, or of a tokenizer that is not supported.
  package static func json(at path: String) throws(PreparationError) -> [UInt8] {
    let start = path.lastIndex(of: "/").map(path.index(after:)) ?? path.startIndex
    let name = String(path[start...]), folder = String(path[..<start])
    if ByteText(name) == "tokenizer.json" {
      return try InputReader.contents(of: path, limit: SubwordTokenizer.byteLimit)
    }
    do {
      return try TokenizerConversion.json(
        of: name,
        TokenizerConversion.Files { (name) throws(TokenizerError) in
          guard let file = try? OpenFile(folder + name) else { return nil }
          do throws(FileError) {
            return try file.beginning(SubwordTokenizer.byteLimit + 1)
          } catch {
            throw .malformed(name)
          }
        })
    } catch {
      throw .tokenizer(path: path, error)
    }
  }
}
