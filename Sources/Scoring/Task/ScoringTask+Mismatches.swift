import Bytes
import Corpus
package import Models
package import Preparation
import Store

/// How the corpus differs from the model's training posts: reported and judged before a row is scored.
extension ScoringTask {
  /// Looks at some rows. A pipe's are handed out again.
  ///
  /// - Returns: the differences; nil if there is no row that would be scored.
  /// - Throws: `MissingInputsError` if nearly all posts lack a trained input and that was not allowed; what the corpus
  ///   throws.
  func mismatches(
    of reader: inout CorpusReader, _ inputs: InputReader, _ profile: InputProfile?
  ) throws -> [InputMismatch]? {
    let sampler = CorpusSampler(
      reader: inputs, folders: corpus.folders, features: corpus.features, options: options,
      labelNames: model.labelNames)
    let sample = try sampler.sample(&reader, paths: corpus.paths, columns: corpus.options)
    if Interrupt.isRequested { return nil }
    let found = MismatchFinder(
      model: model.name, model.configuration, trained: profile, sample: sample,
      allowed: allowedMissing
    ).mismatches
    if let error = MissingInputsError(found) { throw error }
    return sample.profile.posts == 0 && found.isEmpty ? nil : found
  }

  /// The notices about mismatches before the run begins.
  package static func notices(_ mismatches: [InputMismatch]?, _ profile: InputProfile?) -> [String] {
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
    let finder = MismatchFinder(model: model.name, model.configuration, trained: profile, run: inputs)
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
    guard model.configuration.learntWithoutPicture == false, without > 0 else { return nil }
    let words =
      "\(without) \(without == 1 ? "post has" : "posts have") no picture, and the model "
      + "\"\(model.name.printable)\" was never trained on a post without one; do not rely on its predictions for \(without == 1 ? "this post" : "these posts")"
    mismatches.append(
      InputMismatch(
        subject: .input(.picture), trained: nil, here: share, posts: posts, inRun: share, words: words))
    return words
  }
}
