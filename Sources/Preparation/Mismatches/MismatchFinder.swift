internal import Bytes
internal import Corpus
package import Models

/// Compares a corpus with a model's training data; if training recorded nothing, with the model's configuration.
package struct MismatchFinder {
  let model: String
  private let configuration: ModelConfiguration
  let trained: InputProfile?
  let sample: CorpusSample
  private let allowed: [String]
  /// Whether the posts are those of a whole run that was scored.
  private let isRun: Bool

  /// The minimum number of posts for statements about texts and pictures.
  private static let fewest = 10
  /// The share above which an input counts as part of a model's training, and the share below which hardly any post has
  /// it.
  static let commonShare = 0.5, rareShare = 0.05

  private var here: InputProfile { sample.profile }
  var posts: Int { sample.profile.posts }

  /// Prepares a comparison.
  ///
  /// - Parameters:
  ///   - model: the model's name.
  ///   - configuration: the model's configuration.
  ///   - trained: the profile of its training posts; nil if there is none.
  ///   - sample: the sample of the corpus.
  ///   - allowed: the inputs that may be missing, by name.
  package init(
    model: String, _ configuration: ModelConfiguration, trained: InputProfile?, sample: CorpusSample, allowed: [String]
  ) {
    (self.model, self.configuration, self.trained) = ("the model \"\(model)\"", configuration, trained)
    (self.sample, self.allowed, isRun) = (sample, allowed, false)
  }

  /// Prepares a comparison of a whole run, for which marks, scripts and picture sizes are not known.
  ///
  /// - Parameters:
  ///   - model: the model's name.
  ///   - configuration: the model's configuration.
  ///   - trained: the profile of its training posts; nil if there is none.
  ///   - inputs: the inputs of the run's posts.
  package init(model: String, _ configuration: ModelConfiguration, trained: InputProfile?, run inputs: InputProfile) {
    (self.model, self.configuration, self.trained) = ("the model \"\(model)\"", configuration, trained)
    var sample = CorpusSample(labels: (0, UnknownLabels(model: configuration.labelNames)))
    sample.profile = inputs
    (self.sample, allowed, isRun) = (sample, [], true)
  }

  /// The inputs that a model may be allowed to lack.
  package static func inputs(of configuration: ModelConfiguration) -> [InputMismatch.Input] {
    [.text, .picture, .knowledge] + configuration.features.map { .stream($0.name) }
  }

  /// The differences, the most serious first; empty if no post was examined.
  package var mismatches: [InputMismatch] {
    if let emptyRows { return [emptyRows] }
    guard posts > 0 else { return [] }
    var found = [text, picture].compactMap(\.self) + knowledge
    found += configuration.features.compactMap { stream($0.name) }
    if posts >= Self.fewest { found += [pieces, knowledgePieces].compactMap(\.self) + scripts + marks }
    found += [pictureSide, labels, labelNumbers].compactMap(\.self)
    return (found.filter(\.isCritical) + found.filter { !$0.isCritical }).map(withPermission)
  }

  private func withPermission(_ mismatch: InputMismatch) -> InputMismatch {
    var mismatch = mismatch
    mismatch.isAllowed = allowed.contains(mismatch.subject.name)
    return mismatch
  }

  /// Updates the differences found in some rows with the shares in the whole run.
  ///
  /// - Parameter found: the differences found so far; those that only the whole run shows are added.
  /// - Returns: the added differences.
  package func complete(_ found: inout [InputMismatch]) -> [InputMismatch] {
    guard posts > 0 else { return [] }
    for place in found.indices { found[place].inRun = share(of: found[place].subject) ?? found[place].inRun }
    var new: [InputMismatch] = []
    for var mismatch in mismatches where !found.contains(where: { $0.subject == mismatch.subject }) {
      // It is too late for an error.
      (mismatch.isCritical, mismatch.inRun) = (false, mismatch.here)
      new.append(mismatch)
    }
    found += new
    return new
  }

  /// The share of posts with an input, or of unknown word pieces; nil for other subjects.
  private func share(of subject: InputMismatch.Subject) -> Double? {
    switch subject {
    case .input(.text): here.text
    case .input(.knowledge): here.knowledge
    case .input(.picture): here.picture
    case .input(.stream(let name)): here.streams.first { $0.name == name }?.share ?? 0
    case .unknownPieces: here.unknownPieces
    case .unknownKnowledgePieces, .charactersPerPiece, .script, .marks, .pictureSide, .labels, .labelNumbers: nil
    }
  }

  var seen: String { isRun ? "scored" : "looked at" }

  // MARK: - Inputs

  private var text: InputMismatch? {
    guard configuration.aggregation != .image else { return nil }
    let isElsewhere = !readsKnowledge && Double(sample.textInKnowledge) >= Self.commonShare * Double(posts)
    // If training recorded nothing, the user may want to score only pictures.
    let isCritical = isMissing(here.text, trained?.text, isAbsent: sample.absentRoles.contains(.text)) ?? isElsewhere
    if isCritical, here.text <= Self.rareShare {
      let candidate = isElsewhere ? "knowledge" : candidate(["text", "tweet", "content", "body", "message", "post"])
      return critical(.text, here.text, trained?.text, "a text", candidate, role: .text)
    }
    if trained == nil, here.text <= Self.rareShare {
      return minor(.text, here.text, nil, "\(count(here.text, "has a text", "have a text")); \(model) reads texts, too")
    }
    return difference(.text, here.text, trained?.text, "have a text", "had one")
  }

  /// If nearly all rows have neither text nor picture, these are most likely in other columns.
  private var emptyRows: InputMismatch? {
    let empty = sample.emptyRows, rows = posts + empty
    guard empty >= Self.fewest, Double(posts) <= Self.rareShare * Double(rows) else { return nil }
    let input: InputMismatch.Input = configuration.aggregation == .image ? .picture : .text
    var words =
      "\(empty) of the \(rows) rows looked at have neither a text nor a picture, so they cannot be scored"
    let textInKnowledge = !sample.absentRoles.contains(.knowledge) && input == .text
    if textInKnowledge { words += "; the texts may be in the knowledge column" }
    let names = sample.columns.prefix(12).map(\.name.text.clipped)
    if !names.isEmpty { words += "; other columns: \(names.joined(separator: ", "))" }
    return withPermission(
      InputMismatch(
        subject: .input(input), trained: input == .text ? trained?.text : trained?.shownPictures,
        here: Double(posts) / Double(rows), posts: rows, isCritical: true, words: words,
        remedy: .textAndPicture(textInKnowledge: textInKnowledge)))
  }

  private var picture: InputMismatch? {
    guard configuration.aggregation != .text else { return nil }
    let share = here.picture, shown = trained?.shownPictures
    if isMissing(share, shown, isAbsent: sample.absentRoles.contains(.image)) == true {
      let byCell = sample.columns.first { Double($0.pictures) >= Self.commonShare * Double(posts) }?.name.text
      let named = byCell ?? candidate(["image", "img", "picture", "photo"])
      return withUnreadable(critical(.picture, share, shown, "a picture", named, role: .image))
    }
    if share < 1, configuration.learntWithoutPicture == false {
      return withUnreadable(
        minor(
          .picture, share, trained?.picture,
          "\(count(1 - share, "has no picture", "have no picture")), and \(model) was never trained on a post without one; do "
            + "not rely on its predictions for these posts"))
    }
    if trained == nil, configuration.learntWithoutPicture == nil, share <= Self.rareShare {
      return minor(
        .picture, share, nil,
        "\(count(share, "has a picture", "have a picture")), and whether \(model) was ever trained on a post without one "
          + "is not recorded")
    }
    return difference(.picture, share, trained?.picture, "have a picture", "had one").map(withUnreadable)
  }

  /// Adds how many of the opened pictures are unreadable.
  private func withUnreadable(_ mismatch: InputMismatch) -> InputMismatch {
    let (opened, unreadable) = sample.openedPictures
    guard unreadable > 0 else { return mismatch }
    var mismatch = mismatch
    mismatch.words += "; \(unreadable) of \(opened) \(opened == 1 ? "picture" : "pictures") opened cannot be read"
    return mismatch
  }

  /// Whether the aggregation reads knowledge.
  private var readsKnowledge: Bool {
    configuration.knowledge && [.crossAttention, .concat].contains(configuration.aggregation)
  }

  private var knowledge: [InputMismatch] {
    let share = here.knowledge
    guard readsKnowledge else {
      guard share > Self.rareShare, here.text > Self.rareShare || sample.textInKnowledge == 0 else { return [] }
      return [
        minor(
          .knowledge, share, 0,
          "\(count(share, "has knowledge", "have knowledge")), but \(model) was trained without it, so it is not used")
      ]
    }
    let known = trained?.knowledge
    // The configuration says that the model reads it, so it was trained with it.
    let isAbsent = sample.absentRoles.contains(.knowledge)
    if isMissing(share, known ?? Self.commonShare, isAbsent: isAbsent) == true {
      let named = candidate(["knowledge", "ocr", "caption", "image_text", "img_text", "text_in_image", "transcript"])
      return [critical(.knowledge, share, known, "knowledge", named, role: .knowledge)]
    }
    return [difference(.knowledge, share, known, "have knowledge", "had some")].compactMap(\.self)
  }

  private func stream(_ name: String) -> InputMismatch? {
    let share = here.streams.first { $0.name == name }?.share ?? 0
    let known = trained?.streams.first { $0.name == name }?.share
    if isMissing(share, known, isAbsent: false) == true {
      return critical(
        .stream(name), share, known, "anything in the stream \(name)",
        candidate([name], except: sample.streamColumns[name]), role: nil)
    }
    return difference(.stream(name), share, known, "have something in the stream \(name)", "had something")
  }

  /// Whether nearly all posts lack an input that most training posts had; nil if that is not recorded.
  ///
  /// If there is no column, the result is certain; otherwise so few posts must be improbable (below 1 %).
  private func isMissing(_ share: Double, _ known: Double?, isAbsent: Bool) -> Bool? {
    guard let known else { return nil }
    guard known >= Self.commonShare, share <= Self.rareShare else { return false }
    var chance = 1.0
    for _ in 0..<min(posts, 10) { chance *= 1 - min(known, 0.9) }
    return isAbsent || chance < 0.011
  }

  // MARK: - How texts and pictures are made

  private var pieces: InputMismatch? {
    let unknown = here.unknownPieces, before = trained?.unknownPieces
    let isStrange = before.map { unknown >= $0 + 0.05 && unknown >= 2 * $0 } ?? (unknown >= 0.1)
    if isStrange {
      return InputMismatch(
        subject: .unknownPieces, trained: before, here: unknown, posts: posts,
        words: "the tokenizer of \(model) does not know \(percent(unknown)) of the word pieces of the \(looked)"
          + (before.map { " (\(percent($0)) in training)" } ?? "") + "; the model may not know their language or script"
      )
    }
    let each = here.charactersPerPiece, eachBefore = trained?.charactersPerPiece
    guard each > 0, each < (eachBefore.map { $0 * 2 / 3 } ?? 1) else { return nil }
    return InputMismatch(
      subject: .charactersPerPiece, trained: eachBefore, here: each, posts: posts,
      words:
        "the model splits the texts of the \(looked) into pieces of \(decimal(each)) characters on average"
        + (eachBefore.map { " (\(decimal($0)) in training)" } ?? "")
        + ". It may not know the language, or the texts may contain links, markup or spelling that it never saw")
  }

  private var knowledgePieces: InputMismatch? {
    guard readsKnowledge, let unknown = here.unknownKnowledgePieces else { return nil }
    let before = trained?.unknownKnowledgePieces
    guard before.map({ unknown >= $0 + 0.05 && unknown >= 2 * $0 }) ?? (unknown >= 0.1) else { return nil }
    return InputMismatch(
      subject: .unknownKnowledgePieces, trained: before, here: unknown, posts: posts,
      words: "the tokenizer of \(model) does not know \(percent(unknown)) of the word pieces in the knowledge of the "
        + looked + (before.map { " (\(percent($0)) in training)" } ?? "")
        + "; the model may not know its language or script")
  }

  private var scripts: [InputMismatch] {
    guard let trained, !trained.scripts.isEmpty else { return [] }
    return here.scripts.prefix(3).compactMap { script in
      let before = trained.scripts.first { ByteText($0.name) == ByteText(script.name) }?.share ?? 0
      guard script.share >= 0.1, before < 0.01 else { return nil }
      return InputMismatch(
        subject: .script(script.name), trained: before, here: script.share, posts: posts,
        words:
          "\(percent(script.share)) of the letters of the \(looked) are \(script.name), and \(percent(before)) of those of "
          + "the posts that \(model) was trained on")
    }
  }

  private var marks: [InputMismatch] {
    guard let trained, here.text > 0, !isRun else { return [] }
    return zip(here.preparedMarks.all, trained.preparedMarks.all).compactMap { now, then in
      let (share, before) = (now.share, then.share)
      let isOther = (share < 0.02 && before >= 0.1) || (before < 0.02 && share >= 0.1) || abs(share - before) >= 0.3
      guard isOther, isBeyondChance(share, before) else { return nil }
      return InputMismatch(
        subject: .marks(now.name), trained: before, here: share, posts: posts,
        words: "\(percent(share)) of the texts of the \(looked) contain \(now.words) when the model reads them, and "
          + "\(percent(before)) of those that \(model) was trained on; prepare the texts as for training")
    }
  }

  private var pictureSide: InputMismatch? {
    guard let side = here.sides, Double(posts) * here.picture >= Double(Self.fewest) else { return nil }
    let reads = configuration.image.size
    let now = "half of the pictures of the \(looked) have a shorter side of at most \(Self.pixels(side.median))"
    guard let before = trained?.sides else {
      guard side.median * 2 <= reads else { return nil }
      return InputMismatch(
        subject: .pictureSide, here: Double(side.median), posts: posts,
        words: "\(now), and \(model) reads squares of \(reads): they are enlarged")
    }
    guard side.median >= 2 * before.median || before.median >= 2 * side.median else { return nil }
    return InputMismatch(
      subject: .pictureSide, trained: Double(before.median), here: Double(side.median), posts: posts,
      words: "\(now) (a quarter at most \(side.lower), three quarters at most \(side.upper)); in training it was "
        + "\(before.median) (\(before.lower), \(before.upper)), and \(model) reads squares of \(reads)")
  }

  private var labelNumbers: InputMismatch? {
    let numbers = sample.labelNumbers
    guard numbers > 0 else { return nil }
    return InputMismatch(
      subject: .labelNumbers, trained: 0, here: Double(numbers) / Double(sample.labels.posts),
      posts: sample.labels.posts,
      words:
        "\(numbers) \(numbers == 1 ? "label" : "labels") of the \(looked) \(numbers == 1 ? "is a bare number" : "are bare numbers") "
        + "that \(model) has no name for; give them names (0=NAME,1=NAME)")
  }

  private var labels: InputMismatch? {
    guard let notice = sample.labels.unknown.notice else { return nil }
    return InputMismatch(
      subject: .labels, trained: 0, here: Double(sample.labels.unknown.total) / Double(sample.labels.posts),
      posts: sample.labels.posts,
      words: sample.isWhole ? notice : "of the \(looked), \(notice)")
  }
}
