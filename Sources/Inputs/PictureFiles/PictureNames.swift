internal import Bytes
internal import Foundation

/// The paths of all files in the places of pictures, to be found by paths and names that differ in case, Unicode form or
/// ending.
///
/// For each file it keeps the path and two hashes, about 30 bytes more than the path. It does not change once made.
struct PictureNames: Sendable {
  /// A file whose path or name is close to a wanted one.
  struct Match {
    var path: String
    var place: Int
    var rules: [PictureRule]
  }

  private var bytes: [UInt8] = []
  private var ends: [Int] = []
  /// The first file of each place but the first.
  private var starts: [Int] = []
  /// The files by the hash of their folded path, and of their folded name.
  private var byPath: [(hash: Int, file: UInt32)] = []
  private var byName: [(hash: Int, file: UInt32)] = []

  /// Lists places, up to a number of names in all.
  init(_ places: [any PicturePlace], limit: Int) {
    var left = min(limit, Int(UInt32.max))
    for (number, place) in places.enumerated() {
      if number > 0 { starts.append(ends.count) }
      var count = 0
      _ = place.paths(limit: left) { path in
        count += 1
        add(path)
      }
      left -= count
    }
    byPath.sort { $0.hash < $1.hash }
    byName.sort { $0.hash < $1.hash }
  }

  private mutating func add(_ path: [UInt8]) {
    bytes += path
    ends.append(bytes.count)
    let file = UInt32(ends.count - 1), text = String(decoding: path, as: UTF8.self)
    byPath.append((Self.hash(of: text), file))
    byName.append((Self.hash(of: Self.name(of: text)), file))
  }

  /// The number of files.
  var count: Int { ends.count }

  /// The files whose path is closest to a wanted one: several if they are equally close.
  func paths(like path: String) -> [Match] {
    closest(to: path, byPath) { $0 }
  }

  /// The files whose name is closest to a wanted one, whatever their folder.
  func names(like name: String) -> [Match] {
    closest(to: name, byName, Self.name)
  }

  /// The last part of a path.
  static func name(of path: String) -> String {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return path }
    return String(path[path.utf8.index(after: slash)...])
  }

  private func closest(
    to wanted: String, _ index: [(hash: Int, file: UInt32)], _ part: (String) -> String
  ) -> [Match] {
    let hash = Self.hash(of: wanted)
    var low = 0, high = index.count
    while low < high {
      let middle = (low + high) / 2
      if index[middle].hash < hash { low = middle + 1 } else { high = middle }
    }
    var best: [Match] = [], closest = Int.max
    while low < index.count, index[low].hash == hash {
      let file = Int(index[low].file), path = path(of: file)
      low += 1
      guard let rules = Self.difference(wanted, part(path)) else { continue }
      let distance = rules.map(Self.distance).max() ?? 0
      if distance < closest { (best, closest) = ([], distance) }
      if distance == closest {
        best.append(Match(path: path, place: starts.count { $0 <= file }, rules: rules))
      }
    }
    return best.sorted { ($0.place, $0.path) < ($1.place, $1.path) }
  }

  private func path(of file: Int) -> String {
    String(decoding: bytes[(file == 0 ? 0 : ends[file - 1])..<ends[file]], as: UTF8.self)
  }

  /// The rules by which a path is another one; nil if none is.
  private static func difference(_ wanted: String, _ path: String) -> [PictureRule]? {
    if wanted.utf8.elementsEqual(path.utf8) { return [] }
    let composed = (composed(wanted), composed(path))
    let isComposed = zip([wanted, path], [composed.0, composed.1]).allSatisfy { $0.utf8.elementsEqual($1.utf8) }
    let unicode: [PictureRule] = isComposed ? [] : [.unicode]
    if composed.0.utf8.elementsEqual(composed.1.utf8) { return [.unicode] }
    let lower = (composed.0.lowercased(), composed.1.lowercased())
    if lower.0.utf8.elementsEqual(lower.1.utf8) { return unicode + [.letterCase] }
    let stems = (stem(lower.0), stem(lower.1))
    guard stems.0.utf8.elementsEqual(stems.1.utf8) else { return nil }
    let hasCase = !stem(composed.0).utf8.elementsEqual(stem(composed.1).utf8)
    return unicode + (hasCase ? [.letterCase] : []) + [.ending]
  }

  private static func distance(_ rule: PictureRule) -> Int { rule == .unicode ? 1 : rule == .letterCase ? 2 : 3 }

  /// A path without the ending of a picture.
  private static func stem(_ path: String) -> String {
    PictureEnding.of(name(of: path)).map { String(path.dropLast($0.count + 1)) } ?? path
  }

  private static func hash(of path: String) -> Int {
    var hasher = Hasher()
    hasher.combine(ByteHash(text: stem(composed(path).lowercased())))
    return hasher.finalize()
  }

  /// The text in Unicode's form C.
  private static func composed(_ text: String) -> String {
    text.utf8.allSatisfy { $0 < 0x80 } ? text : text.precomposedStringWithCanonicalMapping
  }

  /// A text that is hashed by its bytes, which is faster than by characters.
  private struct ByteHash: Hashable {
    let text: String

    func hash(into hasher: inout Hasher) {
      var text = text
      text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    }
  }
}
