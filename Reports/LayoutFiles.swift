/// The built-in layouts, as the bytes of their files in `Layouts`.
package enum LayoutFiles {
  /// Their names.
  package static var names: [String] { ["standard", "compare", "triage"] }

  /// A layout's JSON; `nil` if there is none of this name.
  package static func bytes(named name: String) -> [UInt8]? {
    switch name {
    case "standard": PackageResources.standard_json
    case "compare": PackageResources.compare_json
    case "triage": PackageResources.triage_json
    default: nil
    }
  }
}
