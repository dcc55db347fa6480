internal import Glibc

/// Where a corpus' pictures are, as the user says it, and how files may differ from their references.
package struct PictureLocation: Sendable, Equatable {
  /// Folders, zips and tars as given, or patterns of their names; empty for the folder of each corpus file.
  package var places: [String]
  /// How files may differ from their references.
  package var match: PictureMatch

  /// A location; without places it is the folder of each corpus file.
  package init(_ places: [String] = [], match: PictureMatch = .written) { (self.places, self.match) = (places, match) }

  /// A location as a run records it.
  package init(recorded: String, match: PictureMatch = .written) {
    let isOne = access(recorded, F_OK) == 0 || !recorded.contains(Self.separator)
    self.init(isOne ? [recorded] : recorded.split(separator: Self.separator).map(String.init), match: match)
  }

  /// The places in the form that a run records; nil without places.
  package var recorded: String? { places.isEmpty ? nil : places.joined(separator: Self.separator) }

  private static let separator = " + "

  /// The places, with patterns replaced by the names that fit them, in the order of their bytes. A place that exists is
  /// no pattern; a pattern that fits nothing stays, so that opening it says that it is missing.
  package var roots: [String] {
    places.flatMap { place in
      guard access(place, F_OK) != 0, place.utf8.contains(where: { [0x2A, 0x3F, 0x5B].contains($0) }) else {
        return [place]
      }
      var found = glob_t()
      defer { globfree(&found) }
      guard glob(place, 0, nil, &found) == 0 else { return [place] }
      return (0..<Int(found.gl_pathc)).compactMap { found.gl_pathv[$0].map { String(cString: $0) } }
    }
  }

  /// Opens the places.
  ///
  /// - Throws: if one does not exist, or is neither a folder nor a zip or tar.
  package func open(limits: PictureLimits = PictureLimits()) throws(PictureFolderError) -> PictureFolder {
    try PictureFolder(roots: places.isEmpty ? ["."] : roots, match: match, limits: limits)
  }
}
