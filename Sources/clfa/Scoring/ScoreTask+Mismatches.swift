internal import Preparation
import ArgumentParser
import Bytes
import Corpus
import Models
import Queries
import Scoring
import Store

/// How the corpus differs from the model's training posts: reported and judged before a row is scored.
extension ScoreTask {
  /// Looks at some rows. A pipe's are handed out again.
  ///
  /// - Returns: the differences; nil if there is no row that would be scored.
  /// - Throws: `MissingInputsError` if nearly all posts lack a trained input and that was not allowed; what the corpus
  ///   throws.
  func mismatches(
    of reader: inout CorpusReader, _ inputs: InputReader, _ profile: InputProfile?
  ) throws -> [InputMismatch]? {
    let sampler = CorpusSampler(
      reader: inputs, folders: folders, features: features, options: options, labelNames: folder.labelNames)
    let sample = try sampler.sample(&reader, paths: corpora, columns: corpusOptions)
    if Interrupt.isRequested { return nil }
    let found = MismatchFinder(
      model: folder.name, folder.configuration, trained: profile, sample: sample,
      allowed: try flags.missing.allowedInputs(of: folder.configuration)
    ).mismatches
    if let error = MissingInputsError(found) { throw error }
    return sample.profile.posts == 0 && found.isEmpty ? nil : found
  }

  /// The notices about mismatches before the run begins.
  static func notices(_ mismatches: [InputMismatch]?, _ profile: InputProfile?) -> [String] {
    let unknown = profile?.unknownKeys ?? []
    let keys =
      unknown.isEmpty
      ? []
      : [
        "\(InputProfile.fileName) has keys that this version does not know, which are not judged: "
          + unknown.prefix(10).joined(separator: ", ")
      ]
    // Labels that are numbers have a notice of their own, at the end.
    return keys + (mismatches ?? []).filter { $0.subject != .labelNumbers }.map(\.words)
  }

  /// How many rows were reported to have labels that the model does not know.
  static func reportedUnknownLabels(_ mismatches: [InputMismatch]) -> Int {
    mismatches.first { $0.subject == .labels }.map { Int(($0.here * Double($0.posts)).rounded()) } ?? 0
  }

  /// Completes what was found with the whole run's shares: this shows rows after those that were examined.
  ///
  /// - Parameters:
  ///   - mismatches: what was found before the first row; completed.
  ///   - totals: the run's rows by state.
  ///   - inputs: what the run's posts gave the model; nil if that was not added up.
  ///   - profile: what the model was trained on; nil if it was not recorded.
  /// - Returns: the notice, if the examined rows did not show it.
  func finalNotices(
    _ mismatches: inout [InputMismatch], _ totals: RunTotals, _ inputs: RunInputs?, _ profile: InputProfile?
  ) -> [String] {
    let picture = finalPictureNotice(&mismatches, totals)
    guard let inputs else { return [picture].compactMap(\.self) }
    let finder = MismatchFinder(model: folder.name, folder.configuration, trained: profile, run: inputs)
    return [picture].compactMap(\.self) + finder.complete(&mismatches).map(\.words)
  }

  private func finalPictureNotice(_ mismatches: inout [InputMismatch], _ totals: RunTotals) -> String? {
    let without = totals[.withoutPicture], posts = totals[.scored] + without
    guard posts > 0 else { return nil }
    let share = Double(totals[.scored]) / Double(posts)
    if let place = mismatches.firstIndex(where: { $0.subject == .input(.picture) }) {
      mismatches[place].inRun = share
      return nil
    }
    guard folder.configuration.learntWithoutPicture == false, without > 0 else { return nil }
    let words =
      "\(without.counted("post has", "posts have")) no picture, and \(folder.name.printable) never learnt from a post without one; do "
      + "not trust its answers to \(without == 1 ? "this post" : "these posts")"
    mismatches.append(
      InputMismatch(
        subject: .input(.picture), trained: nil, here: share, posts: posts, inRun: share, words: words))
    return words
  }
}

/// The flag that goes on though nearly all posts lack a trained input.
struct MissingInputOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Score though nearly all posts lack an input that the model was trained with: text, picture, knowledge or a stream "
        + "of features; several with commas.", valueName: "input,..."))
  var allowMissing: [String] = []

  /// The inputs that posts may lack, by name.
  func allowedInputs(of model: ModelConfiguration) throws -> [String] {
    let known = MismatchFinder.inputs(of: model).map(\.name)
    let names = allowMissing.flatMap { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
    if let stranger = names.first(where: { name in !known.contains { $0.hasSameBytes(as: name) } }) {
      throw ValidationError(
        "--allow-missing takes some of \(known.joined(separator: ",")); '\(stranger)' is none of them"
          + DidYouMean.hint(for: stranger, in: known) + ".")
    }
    return names
  }
}
