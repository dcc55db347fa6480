import Foundation

/// Time zones by name.
enum ZoneName {
  /// Hours east of Greenwich for abbreviations with one meaning in use.
  private static let hours: [String: Double] = [
    "z": 0, "utc": 0, "gmt": 0, "ut": 0, "wet": 0, "west": 1, "cet": 1, "cest": 2, "mez": 1, "mesz": 2, "eet": 2,
    "eest": 3, "msk": 3, "trt": 3, "nst": -3.5, "ndt": -2.5, "adt": -3, "est": -5, "edt": -4, "cdt": -5, "mst": -7,
    "mdt": -6, "pst": -8,
    "pdt": -7, "akst": -9, "akdt": -8, "hst": -10, "brt": -3, "art": -3, "jst": 9, "kst": 9, "hkt": 8, "sgt": 8,
    "wib": 7, "awst": 8, "acst": 9.5, "acdt": 10.5, "aest": 10, "aedt": 11, "nzst": 12, "nzdt": 13, "sast": 2, "eat": 3,
    "pkt": 5, "npt": 5.75,
  ]

  /// Abbreviations of several zones: Central or China; India, Ireland or Israel; Britain or Bangladesh; Atlantic or
  /// Arabia.
  static let ambiguous: Set<String> = ["cst", "ist", "bst", "ast", "gst", "sst", "ect", "amt"]

  /// Seconds east of Greenwich of an abbreviation in lower case.
  static func offset(_ word: String) -> Int? { hours[word].map { Int($0 * 3600) } }

  /// The time in UTC of a local time in a zone of the IANA database, such as `Europe/Berlin`, as seconds since 1970.
  ///
  /// - Returns: `nil` for an unknown zone, and where the clock was changed: a time that exists twice or never.
  static func seconds(_ local: Int, in identifier: String) -> Int? {
    guard identifier.utf8.contains(UInt8(ascii: "/")), let zone = TimeZone(identifier: identifier) else { return nil }
    let offsets = Set(
      [-86_400, 86_400].map { zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(local + $0))) })
    let found = offsets.map { local - $0 }.filter {
      $0 + zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double($0))) == local
    }
    return found.count == 1 ? found[0] : nil
  }
}
