import ArgumentParser
import Bytes
import Queries
import Reporting

/// How a report shows pictures and texts, and what it may look into for that.
struct ReportLooks: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The pictures' folder, for posts without a thumbnail. Default: the one the run was scored with.",
      valueName: "folder"), completion: .directory)
  var images: String?

  @Option(
    help: ArgumentHelp(
      "The folder of files of features, for a --model that reads such. Default: that of --images.",
      valueName: "folder"), completion: .directory)
  var features: String?

  @Option(
    help: ArgumentHelp(
      "The folder of the model that scored the run, for what its card says.", valueName: "folder"),
    completion: .directory)
  var model: String?

  @Option(
    help: ArgumentHelp("show, blur or none. Default: show, in the layout triage blur.", valueName: "choice"))
  var pictures: PictureRequest.Showing?

  @Option(
    help: ArgumentHelp("handles, urls, keys, or a list of them: what is replaced in every text.", valueName: "list"),
    transform: Self.redaction)
  var redact: Redaction?

  /// What is hidden of texts.
  var redaction: Redaction { redact ?? [] }

  /// Whether anything is set that is about a store's posts.
  var areSet: Bool { images != nil || features != nil || pictures != nil || redact != nil }

  /// How pictures are shown.
  func pictures(isTriage: Bool) -> PictureRequest {
    PictureRequest(showing: pictures ?? (isTriage ? .blur : .show), images: images)
  }

  private static func redaction(_ list: String) throws -> Redaction {
    var redaction: Redaction = []
    for name in list.split(separator: ",", omittingEmptySubsequences: false).map(String.init) {
      guard let known = Redaction.names.first(where: { $0.hasSameBytes(as: name) }), let part = Redaction.named(known)
      else {
        throw ValidationError(
          "--redact takes some of \(Redaction.names.joined(separator: ",")); '\(name.printable)' is none of them"
            + DidYouMean.hint(for: name, in: Redaction.names) + ".")
      }
      redaction.formUnion(part)
    }
    return redaction
  }
}
