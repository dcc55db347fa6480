import Foundation
import Glibc

/// The checkout that the tests were compiled from.
package enum Checkout {
  /// The repository's root.
  package static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().path

  /// The samples' folder: `posts.csv`, `images` and `model`.
  package static let samples = root + "/Samples"

  /// A copy of the samples' model without `training-profile.json`, for posts that lack what its training posts had: with
  /// the profile, `clfa score` refuses posts without pictures. Removed when the process ends.
  package static let modelWithoutProfile: String = {
    let files = FileManager.default, model = copies.appending(path: "model").path
    atexit { try? FileManager.default.removeItem(at: Checkout.copies) }
    try? files.createDirectory(at: copies, withIntermediateDirectories: true)
    try? files.copyItem(atPath: samples + "/model", toPath: model)
    try? files.removeItem(atPath: model + "/training-profile.json")
    return model
  }()

  private static let copies = FileManager.default.temporaryDirectory.resolvingSymlinksInPath()
    .appending(path: "clfa-test-\(UUID().uuidString)")
}
