import Bytes
import Corpus
package import Models
package import Preparation
package import Store

/// Compares the corpus with the model's training data, before a row is scored.
extension ScoringTask {
  /// Examines some rows. Those of a pipe are returned again later.
  ///
  /// - Returns: the differences; nil if no row would be scored.
  /// - Throws: `MissingInputsError` if nearly all posts lack an input of training and that was not allowed; errors of
  ///   the corpus.
  func mismatches(
    of reader: inout CorpusReader, _ inputs: InputReader, _ profile: InputProfile?
  ) throws -> [InputMismatch]? {
    let sampler = CorpusSampler(
      reader: inputs, folders: corpus.folders, features: corpus.features, subset: options.subset,
      missingPicture: options.missingPicture, labelNames: model.labelNames, shouldStop: { Interrupt.isRequested })
    let sample = try sampler.sample(&reader)
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
    // Labels that are numbers have a separate notice at the end.
    return keys + (mismatches ?? []).filter { $0.subject != .labelNumbers }.map(\.words)
  }

  /// The number of rows reported with labels that the model does not know.
  static func reportedUnknownLabels(_ mismatches: [InputMismatch]) -> Int {
    mismatches.first { $0.subject == .labels }.map { Int(($0.here * Double($0.posts)).rounded()) } ?? 0
  }

  /// Updates the differences with the shares in the whole run, which includes rows after the examined ones.
  ///
  /// - Parameters:
  ///   - mismatches: the differences found before the first row; they are updated.
  ///   - totals: the run's rows by state.
  ///   - inputs: the inputs of the run's posts; nil if they were not added up.
  ///   - profile: the profile of the training posts; nil if it was not recorded.
  /// - Returns: the notice, if the examined rows did not show the difference.
  func finalNotices(
    _ mismatches: inout [InputMismatch], _ totals: RunTotals, _ inputs: RunInputs?, _ profile: InputProfile?
  ) -> [String] {
    let picture = finalPictureNotice(&mismatches, totals)
    guard let inputs else { return [picture].compactMap(\.self) }
    let finder = MismatchFinder(
      model: model.name, model.configuration, trained: profile, run: inputs.profile(of: model.configuration))
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

extension RunInputs {
  /// The shares of the run's posts that have each input of a model.
  package func profile(of configuration: ModelConfiguration) -> InputProfile {
    func share(_ count: Int) -> Double { posts > 0 ? Double(count) / Double(posts) : 0 }
    var profile = InputProfile()
    profile.posts = posts
    (profile.text, profile.knowledge, profile.picture) = (share(texts), share(knowledge), share(pictures))
    profile.streams = configuration.features.map {
      InputProfile.Stream(name: $0.name, share: share(streams[$0.name] ?? 0))
    }
    profile.unknownPieces = unknownPieces
    return profile
  }
}
