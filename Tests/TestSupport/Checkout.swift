import Foundation

/// The checkout that the tests were compiled from.
package enum Checkout {
  /// The repository's root.
  package static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().path

  /// The samples' folder: `posts.csv`, `images` and `model`.
  package static let samples = root + "/Samples"
}
