import ArgumentParser
import Bytes
import Models
import Queries
import Scoring
import Store

/// `clfa similar`: finds the posts most similar to a post, a text or a picture.
struct SimilarCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "similar",
    abstract: "Find the posts most similar to a post, a text or a picture.",
    discussion: """
      Compares one vector with the vectors of all posts of a run, and lists the posts with the highest cosine \
      similarity. The search is exact: --where selects posts first, and all selected posts are compared. Posts with \
      equal cosines are sorted by key.

      --post KEY uses that post's stored vector, by default the fused one, from which the label is predicted; the \
      post itself is not listed. --text and --image need --model, the model of the run, which encodes them as in \
      scoring; together they make one post. A model that was trained with alignment puts text and picture into a \
      shared space, so a text can be compared with pictures (--space image) and a picture with texts (--space text).

      --where is an SQL expression over the columns of the view scored: label, confidence, truth, correct, text, \
      image, posted_at and so on. Other columns of the corpus are extra ->> 'NAME'.

      EXAMPLE
        clfa similar posts.sqlite --post 1280
        clfa similar posts.sqlite --post 1280 --where "confidence > 0.9"
        clfa similar posts.sqlite --text "another delayed train" --model MODEL
        clfa similar posts.sqlite --text "a crowd" --space image --model MODEL
        clfa similar posts.sqlite --image photo.jpg --model MODEL --format json
      """)

  @OptionGroup var store: StoreArgument

  @Option(
    parsing: .unconditional, help: ArgumentHelp("The key (id) of a post of the run to compare with.", valueName: "key"))
  var post: String?
  @Option(parsing: .unconditional, help: ArgumentHelp("A text to compare with.", valueName: "text"))
  var text: String?
  @Option(help: ArgumentHelp("A picture file to compare with.", valueName: "file"), completion: .file())
  var image: String?

  @Option(
    help: ArgumentHelp(
      """
      text, image or fused: the vectors to compare with. Default: fused for a post, text for a text, image for a \
      picture, fused for both.
      """,
      valueName: "space"), completion: .list(PostClassifier.spaces))
  var space: String?

  @OptionGroup var chosen: RunOptions

  @Option(
    name: .customLong("where"), parsing: .unconditional,
    help: ArgumentHelp("Compare only posts for which this SQL expression is true.", valueName: "SQL"))
  var condition: String?

  @Option(
    help: ArgumentHelp("The maximum number of posts to list. Default: 10.", valueName: "n"),
    transform: NumberArgument.whole(1...100_000))
  var limit = 10

  @Option(
    help: ArgumentHelp("The folder of the run's model; required by --text and --image.", valueName: "folder"),
    completion: .directory)
  var model: String?

  @OptionGroup var threads: ThreadOptions

  @OptionGroup var format: FormatOption

  func validate() throws {
    let isEncoded = text != nil || image != nil
    if post != nil, isEncoded { throw ValidationError("give either --post, or --text and --image.") }
    if post == nil, !isEncoded {
      throw ValidationError("name a post to compare with: --post KEY, or --text TEXT, --image FILE or both.")
    }
    if isEncoded, model == nil {
      throw ValidationError("--text and --image are encoded by the run's model; name its folder with --model.")
    }
    if post != nil, model != nil { throw ValidationError("--post needs no model; leave --model out.") }
    if let space, !FeatureStream.isName(space),
      !PostClassifier.spaces.contains(space)
    {
      throw ValidationError(
        "--space takes \(PostClassifier.spaces.joined(separator: ", ")) or a stream of features, not '\(space)'"
          + DidYouMean.hint(for: space, in: PostClassifier.spaces) + ".")
    }
  }

  func run() throws {
    try Interruptible.run(isReading: true) { shouldStop in
      let search = try NeighbourSearch(path: store.path, run: chosen.name, shouldStop: shouldStop)
      let space = space ?? (post == nil ? encoded.defaultSpace : "fused")
      let probe = try probe(search, space)
      let found = try search.nearest(
        to: probe.values, leavingOut: probe.post, space: space, where: condition, limit: limit,
        threads: threads.count)
      Console.line(Self.words(found, probe: probe.space, space: space, run: search.run.name))
      try format.print(Neighbours.columns, found.rows)
    }
  }

  /// The post of the flags --text and --image.
  private var encoded: PostProbe { PostProbe(text: text, image: image) }

  /// The query: its vector, the vector's space, and the post that has it.
  private typealias Probe = (values: [Float], space: String, post: Int64?)

  private func probe(_ search: NeighbourSearch, _ space: String) throws -> Probe {
    guard let post else {
      let vector = try encoded.vector(for: search.run, space: space, model: model ?? "") {
        Console.line("notice: \($0)")
      }
      return (vector, encoded.space(comparedWith: space), nil)
    }
    let probe = try search.probe(post: post, space: space)
    if probe.versions > 1 {
      Console.line(
        "notice: \(post.printable) has \(probe.versions) versions in run \(search.run.name.printable), posts of one key with different "
          + "content; this is the last, at \(probe.place), and the others can be its neighbours")
    }
    return (probe.values, space, probe.post)
  }

  /// The numbers of posts compared and not compared.
  private static func words(_ found: Neighbours, probe: String, space: String, run: String) -> String {
    let vectors =
      probe == space ? "the \(space) vectors" : "the \(probe) vector with the \(space) vectors"
    var words = "compared \(vectors) of \(found.compared.counted("post", "posts")) of run \(run.printable)"
    let left = [
      (found.withoutVector, "without such a vector"), (found.zeroLength, "with a vector of zeros"),
      (found.damaged, "with a damaged vector"),
    ].filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
    if !left.isEmpty { words += "; left out: " + left.joined(separator: ", ") }
    return words
  }
}
