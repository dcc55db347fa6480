internal import Bytes
internal import Foundation

/// A reference to a picture as a corpus has it, and the paths that it may mean.
struct PictureReference {
  /// A path, and the rules that lead from the reference to it.
  struct Reading: Equatable {
    var path: String
    var rules: [PictureRule]
  }

  /// The paths in the order in which they are tried; the first is the reference itself.
  let readings: [Reading]
  /// Whether it is a web address, so that the last of its readings is a name, whatever the folder.
  let isWebAddress: Bool

  /// Undoes, one after the other, what other programs do to paths; each step goes on from the previous one.
  init(_ reference: String) {
    var readings = [Reading(path: reference, rules: [])], isWebAddress = false
    func change(_ rule: PictureRule, _ change: (String) -> String?) {
      guard let last = readings.last, let path = change(last.path), !path.isEmpty, path != last.path else { return }
      readings.append(Reading(path: path, rules: last.rules + (last.rules.last == rule ? [] : [rule])))
    }
    change(.quotes, Self.unquoted)
    change(.entities, Self.decodedEntities)
    change(.entities, Self.decodedEntities)
    change(.fileAddress, Self.withoutFileScheme)
    change(.webAddress) { path in
      guard let name = Self.lastPart(ofAddress: path) else { return nil }
      isWebAddress = true
      return name
    }
    change(.backslashes) { $0.replacing("\\", with: "/") }
    change(.query) { path in path.firstIndex { $0 == "?" || $0 == "#" }.map { String(path[..<$0]) } }
    change(.size, Self.withoutSize)
    change(.percent, Self.decodedPercents)
    change(.percent, Self.decodedPercents)
    change(.percent) { $0.replacing("+", with: " ") }
    (self.readings, self.isWebAddress) = (readings, isWebAddress)
  }

  private static func unquoted(_ path: String) -> String? {
    var rest = path.unicodeScalars[...]
    let around = { (scalar: Unicode.Scalar) in
      scalar.properties.isWhitespace || scalar.properties.isDefaultIgnorableCodePoint
        || ["\"", "'", "`", "<", ">", "\u{201C}", "\u{201D}", "\u{2018}", "\u{2019}"].contains(scalar)
    }
    while let first = rest.first, around(first) { rest.removeFirst() }
    while let last = rest.last, around(last) { rest.removeLast() }
    return String(rest)
  }

  private static func decodedEntities(_ path: String) -> String? {
    guard path.utf8.contains(UInt8(ascii: "&")) else { return nil }
    return String(String.UnicodeScalarView(unescapingHTML(Array(path.unicodeScalars))))
  }

  private static func withoutFileScheme(_ path: String) -> String? {
    guard let rest = path.without(prefix: "file:") else { return nil }
    let local = rest.without(prefix: "//localhost/").map { "/" + $0 } ?? rest.without(prefix: "//") ?? rest
    // `file:///C:/photos/a.jpg`
    let scalars = Array(local.unicodeScalars.prefix(3))
    return scalars.count == 3 && scalars[0] == "/" && scalars[2] == ":" ? String(local.dropFirst()) : local
  }

  /// The name in a web address, with the ending that `?format=` gives; nil for anything else.
  private static func lastPart(ofAddress path: String) -> String? {
    guard let address = path.webAddress else { return nil }
    let end = address.firstIndex { $0 == "?" || $0 == "#" } ?? address.endIndex
    let name = address[..<end].split(separator: "/").dropFirst().last.map(String.init) ?? ""
    guard !name.isEmpty else { return nil }
    let format = address[end...].dropFirst().split { $0 == "&" || $0 == "#" }
      .first { $0.utf8.starts(with: "format=".utf8) }?.dropFirst(7)
    guard let format, PictureEnding.all.contains(format.lowercased()), PictureEnding.of(name) == nil else {
      return name
    }
    return "\(name).\(format)"
  }

  private static func withoutSize(_ path: String) -> String? {
    // Browsers write the colon as a hyphen or a line.
    guard let mark = path.utf8.lastIndex(where: { ":-_".utf8.contains($0) }) else { return nil }
    let word = path[path.utf8.index(after: mark)...].lowercased(), rest = String(path[..<mark])
    guard ["large", "orig", "medium", "small", "thumb"].contains(word) else { return nil }
    return path.utf8[mark] == UInt8(ascii: ":") || PictureEnding.of(rest) != nil ? rest : nil
  }

  private static func decodedPercents(_ path: String) -> String? {
    let bytes = Array(path.utf8)
    guard bytes.contains(UInt8(ascii: "%")) else { return nil }
    var decoded: [UInt8] = [], place = 0
    while place < bytes.count {
      if bytes[place] == UInt8(ascii: "%"), place + 2 < bytes.count,
        let high = Character(Unicode.Scalar(bytes[place + 1])).hexDigitValue,
        let low = Character(Unicode.Scalar(bytes[place + 2])).hexDigitValue, high + low > 0
      {
        decoded.append(UInt8(high << 4 | low))
        place += 3
      } else {
        decoded.append(bytes[place])
        place += 1
      }
    }
    // Programs of Windows escape the bytes of Windows-1252: `caf%E9.jpg`.
    return String(validating: decoded, as: UTF8.self) ?? String(bytes: decoded, encoding: .windowsCP1252)
  }
}

extension String {
  /// A web address without its scheme, which may be missing before `//host.org/`; nil for anything else.
  var webAddress: String? {
    if let rest = without(prefix: "https:") ?? without(prefix: "http:") { return rest.without(prefix: "//") }
    guard let rest = without(prefix: "//"), rest.prefix(while: { $0 != "/" }).contains(".") else { return nil }
    return rest
  }

  /// The rest after an ASCII prefix in any case; nil if it begins otherwise.
  fileprivate func without(prefix: String) -> String? {
    let begins =
      utf8.count >= prefix.utf8.count
      && zip(utf8, prefix.utf8).allSatisfy { byte, wanted in
        byte == wanted || (0x41...0x5A).contains(byte) && byte | 0x20 == wanted
      }
    return begins ? String(self[utf8.index(startIndex, offsetBy: prefix.utf8.count)...]) : nil
  }
}
