/// The layouts that are compiled in, as the bytes of their files in `Layouts`.
public enum LayoutFiles {
  /// Their names.
  public static var names: [String] { ["standard", "compare", "triage"] }

  /// A layout's JSON; `nil` where there is none of this name.
  public static func bytes(named name: String) -> [UInt8]? {
    switch name {
    case "standard": PackageResources.standard_json
    case "compare": PackageResources.compare_json
    case "triage": PackageResources.triage_json
    default: nil
    }
  }
}
