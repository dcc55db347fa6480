internal import Bytes
internal import Archives
internal import Synchronization

/// Finds the file that a reference means when no file is where it says.
///
/// The names in the places are listed once, when the first reference needs them; later files are not seen.
final class PictureFinder: Sendable {
  /// The maximum number of names to look at with a rule, and to say which rule would help.
  static let limit = 20_000_000, hintLimit = 250_000

  /// The result of a search.
  enum Result: Equatable {
    case found(FoundPicture)
    /// Several files fit equally well.
    case several([String])
    case nothing
  }

  private let places: [any PicturePlace]
  private let limit: Int
  private let names = Mutex<PictureNames?>(nil)

  init(_ places: [any PicturePlace], limit: Int) { (self.places, self.limit) = (places, limit) }

  /// Searches by the rules of `near`, and then, if wanted, by the name alone.
  func find(_ reference: String, by match: PictureMatch) -> Result {
    guard match != .written, !reference.isEmpty, !reference.utf8.contains(0) else { return .nothing }
    let reference = PictureReference(reference)
    for reading in reference.readings.dropFirst() {
      let holders = places.indices.filter { (try? places[$0].size(reading.path)) != nil }
      guard holders.count < 2 else {
        return .several(holders.map { "\(reading.path) in \(name(of: $0))" })
      }
      if let number = holders.first {
        return .found(FoundPicture(path: reading.path, place: number, rules: reading.rules))
      }
    }
    let names = listed()
    for reading in reference.readings {
      let result = near(reading, in: names)
      if result != .nothing { return result }
    }
    guard reference.isWebAddress || match == .name else { return .nothing }
    for reading in reference.readings where !reference.isWebAddress || reading.rules.contains(.webAddress) {
      guard case .inside(let path) = ArchivePath(Array(reading.path.utf8.drop { $0 == UInt8(ascii: "/") })) else {
        continue
      }
      let name = PictureNames.name(of: String(decoding: path, as: UTF8.self))
      let rules = reference.isWebAddress ? reading.rules : reading.rules + [.name]
      let result = chosen(names.names(like: name), rules)
      if result != .nothing { return result }
    }
    return .nothing
  }

  /// A path without some of its first folders: the longest that is there.
  private func near(_ reading: PictureReference.Reading, in names: PictureNames) -> Result {
    let isAbsolute = reading.path.utf8.first == UInt8(ascii: "/")
    let relative = reading.path.utf8.drop { $0 == UInt8(ascii: "/") }
    guard case .inside(let path) = ArchivePath(Array(relative)) else { return .nothing }
    let parts = path.split(separator: UInt8(ascii: "/")).map { String(decoding: $0, as: UTF8.self) }
    for start in parts.indices {
      let rest = parts[start...].joined(separator: "/")
      // A name alone needs the folder of pictures before it.
      let isUnderRoot =
        start > 0 && places.contains { ByteText(Self.lastPart($0.root)) == ByteText(parts[start - 1]) }
      if start == parts.count - 1, start > 0 || isAbsolute, !isUnderRoot { continue }
      let above: PictureRule =
        switch parts[0].lowercased() {
        case "http:", "https:": .webAddress
        case "file:": .fileAddress
        default: .folder
        }
      let rules = start > 0 || isAbsolute ? reading.rules + [above] : reading.rules
      let result = chosen(names.paths(like: rest), rules)
      if result != .nothing { return result }
    }
    return .nothing
  }

  private func chosen(_ matches: [PictureNames.Match], _ rules: [PictureRule]) -> Result {
    guard let match = matches.first else { return .nothing }
    guard matches.count == 1 else {
      let isOnePlace = matches.allSatisfy { $0.place == match.place }
      return .several(matches.map { isOnePlace ? $0.path : "\($0.path) in \(name(of: $0.place))" })
    }
    // A link that leads out of the folder, say, is no help.
    guard (try? places[match.place].size(match.path)) != nil else { return .nothing }
    return .found(FoundPicture(path: match.path, place: match.place, rules: rules + match.rules))
  }

  /// The last part of a place's path, or the path if another place has the same.
  func name(of place: Int) -> String {
    let name = Self.lastPart(places[place].root)
    return places.count { ByteText(Self.lastPart($0.root)) == ByteText(name) } == 1 ? name : places[place].root
  }

  static func lastPart(_ path: String) -> String {
    path.utf8.split(separator: UInt8(ascii: "/")).last.flatMap { String($0) } ?? ""
  }

  private func listed() -> PictureNames {
    names.withLock { names in
      if let names { return names }
      let new = PictureNames(places, limit: limit)
      names = new
      return new
    }
  }
}
