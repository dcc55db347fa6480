import Annotation
import ArgumentParser
import Bytes
import Inputs
import Scoring
import Store

/// `clfa annotate`: a page to label a sample's posts on.
struct AnnotateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "annotate",
    abstract: "Label the posts of a sample on a page in your browser.",
    discussion: """
      Prints the address of a page that shows one post at a time, with its picture, and a button and a key (1 to 9) for \
      each label. Each label is in the store before the next post is shown. Further keys: n writes a note, s skips the \
      post, u undoes the last label or skip, the arrows show the previous and the next post. Ctrl-C ends the command; \
      the same command goes on with the posts that have no label, with the same keys. Each annotator has labels of their \
      own. Several can work at the same time, each with a command of their own.

      Only this machine can open the page, and only with the whole address, which is new each time. The store is free for \
      other commands between two labels.

      EXAMPLE
        clfa sample posts.sqlite --size 400
        clfa annotate posts.sqlite --annotator anna
        clfa annotate posts.sqlite --annotator ben --labels ironic,sincere --blur
        clfa estimate posts.sqlite --truth anna
      """)

  @OptionGroup var store: StoreArgument

  @Option(help: ArgumentHelp("The sample to label. Default: the latest.", valueName: "sample"))
  var sample: String?

  @Option(help: ArgumentHelp("Your name: the source of the labels in the store.", valueName: "name"))
  var annotator: String

  @Option(
    help: ArgumentHelp(
      "Where picture paths start from: a folder, a .zip or an uncompressed .tar; can be repeated. Nothing outside is read. "
        + "Default: where the run was scored from.", valueName: "place"), completion: .directory)
  var images: [String] = []

  @Option(
    help: ArgumentHelp(
      "The labels to choose from, in the order of their keys. Default: those of your last time, at first the model's.",
      valueName: "a,b,..."))
  var labels: String?

  @Flag(help: "Offer the model's answer. It stays hidden until you ask for it: labels are better without it.")
  var showPrediction = false

  @Flag(help: "Blur pictures until b is held.")
  var blur = false

  @Option(
    help: ArgumentHelp("The port. Default: 8117, or the next one that is free.", valueName: "n"),
    transform: NumberArgument.whole(1...65535))
  var port: Int?

  @Option(
    help: ArgumentHelp(
      "The numeric address to listen on. Others than 127.0.0.1 and ::1 let other machines connect, without encryption. "
        + "Default: 127.0.0.1.", valueName: "address"))
  var listen: String?

  func run() throws {
    try Interruptible.run { shouldStop in
      try AnnotationSession.check(annotator: annotator)
      let posts = try readPosts()
      let access = SampleStore(path: store.path, annotator: annotator)
      let session = try AnnotationSession(
        posts, annotator: annotator, labels: chosenLabels, showsPrediction: showPrediction, blurs: blur,
        write: access.write)
      let pictures = try SamplePictures(in: location(of: posts), thumbnail: access.thumbnail)
      let address = listen ?? "127.0.0.1", isOpen = !["127.0.0.1", "::1"].contains(address)
      let server = try HTTPServer.open(address: address, port: port.map { UInt16($0) })
      let guardian = RequestGuard(token: RequestGuard.newToken(), port: server.port, isOpen: isOpen)
      let page = AnnotationPage(session, pictures: pictures, guardian: guardian, message: Advice.message(of:))
      sayStart(session, isOpen: isOpen)
      if port == nil, server.isElsewhere { sayPort(server.port) }
      try printAddress("http://\(Self.host(address)):\(server.port)/\(guardian.token)/")
      server.run(shouldStop: shouldStop, answer: page.answer)
      Console.line(session.summary)
      if !session.isComplete { throw ExitStatus.interrupted }
    }
  }

  private func readPosts() throws -> SamplePosts {
    let reader = try StoreReader(path: store.path)
    defer { reader.close() }
    return try SamplePosts(from: reader, sample: sample, annotator: annotator)
  }

  private var chosenLabels: [ByteText]? {
    labels.map { $0.split(separator: ",", omittingEmptySubsequences: false).map { ByteText($0) } }
  }

  /// Where the pictures are; a folder of the run that is gone leaves the thumbnails in the store.
  private func location(of posts: SamplePosts) -> PictureLocation? {
    if !images.isEmpty { return PictureLocation(images, match: posts.match) }
    guard let recorded = posts.images else { return nil }
    let location = PictureLocation(recorded: recorded, match: posts.match)
    do {
      _ = try location.open()
      return location
    } catch {
      Console.line("notice: \(Advice.message(of: error)); thumbnails in the store are shown instead")
      return nil
    }
  }

  private func sayStart(_ session: AnnotationSession, isOpen: Bool) {
    for label in session.labels where !session.posts.labels.contains(label) {
      Console.line("notice: the model does not know the label \(label.printable)")
    }
    if isOpen {
      Console.line(
        "warning: other machines can connect, and everything is sent without encryption; use --listen only in a network "
          + "that you trust. On another machine, open the page with this machine's numeric address, not its name")
    }
    if let change = session.keyChange { Console.line("warning: \(change)") }
    Console.line(
      "keys: \(session.keys)" + (labels == nil && session.posts.keys == session.labels ? " (as the last time)" : ""))
    let labelled = session.labelled.count, all = session.posts.posts.count
    Console.line(
      "sample \(session.posts.sample.printable): \(labelled) of \(all.counted("post", "posts")) labelled by "
        + "\(annotator.printable); open this address in a browser, end with Ctrl-C")
  }

  /// An answer that an earlier page could not save is sent only from a page with the same port.
  private func sayPort(_ port: UInt16) {
    Console.line(
      "notice: port 8117 is in use, so this page has port \(port). If an earlier page had another port and still has an "
        + "answer to save, the browser sends it when the page has that port again: choose it with --port")
  }

  /// The address in a URL; that of all addresses is replaced by this machine's own.
  private static func host(_ address: String) -> String {
    switch address {
    case "0.0.0.0": "127.0.0.1"
    case "::": "[::1]"
    default: address.utf8.contains(UInt8(ascii: ":")) ? "[\(address)]" : address
    }
  }

  private func printAddress(_ address: String) throws {
    let output = StandardOutput()
    do {
      try output.write(address + "\n")
      try output.flush()
    } catch StandardOutput.WriteError.closed {}
  }
}
