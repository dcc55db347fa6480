import Annotation
import Bytes
import Foundation
import Glibc
import Inputs
import Store
import Synchronization
import TestSupport
import Testing

/// The page in Chromium, used by the keyboard alone.
@Suite(
  .serialized,
  .enabled(if: WebDriver.isInstalled, "needs Debian's packages chromium and chromium-driver"))
struct BrowserTests {
  /// A server for a sample, on a thread of its own.
  private final class Server: Sendable {
    let address: String
    let port: UInt16
    private let isStopping = Atomic<Bool>(false)
    private let hasEnded = Atomic<Bool>(false)

    init(
      _ session: AnnotationSession, pictures: String? = nil, port: UInt16 = 0
    ) throws {
      let server = try HTTPServer(address: "127.0.0.1", port: port)
      let guardian = RequestGuard(token: RequestGuard.newToken(), port: server.port, isOpen: false)
      let page = AnnotationPage(
        session, pictures: try SamplePictures(in: pictures.map { PictureLocation([$0]) }) { _ in nil },
        guardian: guardian)
      self.port = server.port
      address = "http://127.0.0.1:\(server.port)/\(guardian.token)/"
      Thread.detachNewThread { [self] in
        server.run(shouldStop: { isStopping.load(ordering: .relaxed) }, answer: page.answer)
        hasEnded.store(true, ordering: .relaxed)
      }
    }

    func stop() throws {
      isStopping.store(true, ordering: .relaxed)
      while !hasEnded.load(ordering: .relaxed) { usleep(10_000) }
    }
  }

  private func place(_ number: Int, of count: Int) -> String {
    "document.getElementById('place').textContent.startsWith('Post \(number) of \(count)')"
  }

  private func status(_ words: String) -> String {
    "document.getElementById('status').textContent.includes('\(words)')"
  }

  private func using(_ browser: WebDriver, _ body: () throws -> Void) throws {
    do { try body() } catch {
      browser.close()
      throw error
    }
    browser.close()
  }

  @Test func sixtyPostsLabelledByKeysAreSixtyLabels() throws {
    let scratch = try Scratch()
    let file = PNG.file(width: 8, [UInt8](repeating: 120, count: 8 * 8 * 3))
    try scratch.write("a.png", file)
    let image = (path: "a.png", hash: SHA256.hash(data: file).hexadecimal)
    let fixture = try SampleFixture(
      (1...60).map { "post \($0) <b>مرحبا</b> 東京" },
      images: Dictionary(uniqueKeysWithValues: stride(from: 1, through: 60, by: 2).map { ($0, image) }),
      labels: ["no", "yes", "unclear"])
    let session = try fixture.session(), server = try Server(session, pictures: scratch.path)
    let browser = try WebDriver()
    try using(browser) {
      try browser.open(server.address)
      let keys = (1...60).map { ($0 * 7) % 3 }
      for number in 1...60 {
        try browser.wait(for: place(number, of: 60))
        if number % 2 == 1 {
          try browser.wait(for: "document.querySelector('#picture img')?.naturalWidth === 8")
        }
        // Every answer before this one is in the store already.
        #expect(session.labelled.count == number - 1)
        try browser.press("\(keys[number - 1] + 1)")
      }
      try browser.wait(for: "!document.getElementById('done').hidden")
      let expected = keys.enumerated().map { "\($0 + 1) anna \(["no", "yes", "unclear"][$1])" }
      #expect(try fixture.stored() == expected.sorted())
      #expect(try browser.value("document.querySelectorAll('b').length").asInteger == 0)
    }
    try server.stop()
  }

  @Test func notesSkippingAndUndoWorkByKeys() throws {
    let fixture = try SampleFixture(["one", "two", "three"]), server = try Server(try fixture.session())
    let browser = try WebDriver()
    try using(browser) {
      try browser.open(server.address)
      try browser.wait(for: place(1, of: 3))
      // Digits in a note are no labels; \u{E007} is Enter, which stores the note.
      try browser.press("n12 why\u{E007}")
      try browser.wait(for: status("Post 1: note saved."))
      #expect(try fixture.stored() == ["1 anna \"12 why\""])
      try browser.press("2")
      try browser.wait(for: place(2, of: 3))
      #expect(try fixture.stored() == ["1 anna \"12 why\"", "1 anna yes"])
      try browser.press("s")
      try browser.wait(for: place(3, of: 3))
      try browser.press("1")
      // The skipped post comes again.
      try browser.wait(for: place(2, of: 3))
      #expect(try fixture.stored() == ["1 anna \"12 why\"", "1 anna yes", "3 anna no"])
      try browser.press("u")
      try browser.wait(for: place(3, of: 3))
      try browser.wait(for: status("Post 3: the label was removed."))
      #expect(try fixture.stored() == ["1 anna \"12 why\"", "1 anna yes"])
      try browser.press("2")
      try browser.wait(for: place(2, of: 3))
      // Until then the page takes the same key for a double press.
      try browser.wait(for: "!isEcho('yes')")
      try browser.press("2")
      try browser.wait(for: "!document.getElementById('done').hidden")
      #expect(try fixture.stored() == ["1 anna \"12 why\"", "1 anna yes", "2 anna yes", "3 anna yes"])
      // At the end the keys change the post that is shown, which the page names.
      try browser.press("s")
      try browser.wait(for: status("Every post has a label."))
      try browser.press("1")
      try browser.wait(for: status("Post 2: saved no instead of yes."))
      #expect(try browser.value("document.getElementById('done').textContent").asString?.hasSuffix("post 2.") == true)
    }
    try server.stop()
  }

  @Test func aDoublePressDoesNotLabelThePostThatItShows() throws {
    let fixture = try SampleFixture(["one", "two", "three", "four"]), server = try Server(try fixture.session())
    let browser = try WebDriver()
    try using(browser) {
      try browser.open(server.address)
      try browser.wait(for: place(1, of: 4))
      // The time that passes between presses counts from here on: none.
      _ = try browser.value("(performance.now = () => 0, true)")
      try browser.press("1")
      try browser.wait(for: place(2, of: 4))
      try browser.wait(for: "shown.number === 2")
      try browser.press("1")
      try browser.wait(for: status("Post 1: saved no. The second press was ignored."))
      #expect(try fixture.stored() == ["1 anna no"])
      // Another key counts at once.
      try browser.press("2")
      try browser.wait(for: "shown.number === 3")
      #expect(try fixture.stored() == ["1 anna no", "2 anna yes"])
      // So does the same one after a moment.
      _ = try browser.value("(performance.now = () => 1000, true)")
      try browser.press("2")
      try browser.wait(for: "shown.number === 4")
      // The second click of a double click is ignored at any time.
      _ = try browser.value(
        "(document.querySelector('#labels button').dispatchEvent(new MouseEvent('click', { detail: 2 })), true)")
      try browser.wait(for: status("The second press was ignored."))
      try browser.press("7")
      try browser.wait(for: status("Key 7 has no label"))
      #expect(try fixture.stored() == ["1 anna no", "2 anna yes", "3 anna yes"])
    }
    try server.stop()
  }

  @Test func undoBringsBackTheLabelBeforeAndTheSkippedPost() throws {
    let fixture = try SampleFixture(["one", "two", "three"]), session = try fixture.session()
    _ = try session.answer(1, Annotation(label: "no"), seen: nil)
    let server = try Server(session), browser = try WebDriver()
    try using(browser) {
      try browser.open(server.address)
      try browser.wait(for: place(2, of: 3))
      // \u{E012} and \u{E014} are the arrows to the left and to the right.
      try browser.press("\u{E012}")
      try browser.wait(for: "shown.number === 1")
      try browser.press("2")
      try browser.wait(for: status("Post 1: saved yes instead of no."))
      try browser.wait(for: "shown.number === 2")
      #expect(try fixture.stored() == ["1 anna yes"])
      // A key of another script counts by its place.
      _ = try browser.value("(dispatchEvent(new KeyboardEvent('keydown', { key: 'ы', code: 'KeyS' })), true)")
      try browser.wait(for: "shown.number === 3")
      try browser.press("\u{E012}")
      try browser.wait(for: "shown.number === 2 && document.getElementById('status').textContent === ''")
      try browser.press("u")
      try browser.wait(for: status("Post 2: not skipped any more."))
      try browser.wait(for: place(2, of: 3))
      try browser.press("u")
      try browser.wait(for: status("Post 1: labelled no again, as before."))
      try browser.wait(for: place(1, of: 3))
      #expect(try fixture.stored() == ["1 anna no"])
    }
    try server.stop()
  }

  @Test func undoComesBackToALabelThatWasConfirmed() throws {
    let fixture = try SampleFixture(["one", "two", "three"]), server = try Server(try fixture.session())
    let browser = try WebDriver()
    try using(browser) {
      try browser.open(server.address)
      try browser.wait(for: place(1, of: 3))
      try browser.press("1")
      try browser.wait(for: "shown.number === 2")
      try browser.press("2")
      try browser.wait(for: "shown.number === 3")
      try browser.press("\u{E012}")
      try browser.wait(for: "shown.number === 2")
      try browser.press("\u{E012}")
      try browser.wait(for: "shown.number === 1")
      try browser.press("1")
      try browser.wait(for: status("Post 1: still no."))
      try browser.wait(for: "shown.number === 3")
      // Ctrl+Z is undo, too.
      let undo = "new KeyboardEvent('keydown', { key: 'z', code: 'KeyZ', ctrlKey: true, cancelable: true })"
      #expect(try browser.value("dispatchEvent(\(undo))").asBool == false, "the browser's own undo is off")
      try browser.wait(for: status("Post 1: labelled no again, as before."))
      try browser.wait(for: place(1, of: 3))
      try browser.press("u")
      try browser.wait(for: status("Post 2: the label was removed."))
      #expect(try fixture.stored() == ["1 anna no"])
    }
    try server.stop()
  }

  /// \u{E009} is Ctrl, \u{E003} is Backspace, \u{E00C} is Escape, and \u{E000} lets go of Ctrl.
  @Test func whatWasTypedForOnePostDoesNotComeBackOnAnother() throws {
    let fixture = try SampleFixture(["one", "two", "three"]), server = try Server(try fixture.session())
    let browser = try WebDriver()
    try using(browser) {
      try browser.open(server.address)
      try browser.wait(for: place(1, of: 3))
      try browser.press("nxy\u{E003}\u{E003}\u{E00C}1")
      try browser.wait(for: "shown.number === 2")
      try browser.press("n\u{E009}z\u{E000}")
      #expect(try browser.value("document.getElementById('note').value").asString == "")
      try browser.press("\u{E00C}2")
      try browser.wait(for: "shown.number === 3")
      #expect(try fixture.stored() == ["1 anna no", "2 anna yes"])
    }
    try server.stop()
  }

  @Test func aClosedNoticeStaysClosed() throws {
    let fixture = try SampleFixture(["one", "two"])
    _ = try fixture.session().answer(1, Annotation(label: "yes"), seen: nil)
    let server = try Server(try fixture.session(labels: ["yes", "no"])), browser = try WebDriver()
    try using(browser) {
      try browser.open(server.address)
      try browser.wait(for: place(2, of: 2))
      try browser.wait(for: "!document.getElementById('notice').hidden")
      try browser.press("\u{E00C}")
      try browser.wait(for: "document.getElementById('notice').hidden")
      try browser.open(server.address)
      try browser.wait(for: place(2, of: 2))
      #expect(try browser.value("document.getElementById('notice').hidden").asBool == true)
    }
    try server.stop()
  }

  @Test func aPageLoadedAgainKnowsDraftsSkippedPostsAndAnswers() throws {
    let fixture = try SampleFixture(["one", "two", "three"]), server = try Server(try fixture.session())
    let browser = try WebDriver()
    try using(browser) {
      try browser.open(server.address)
      try browser.wait(for: place(1, of: 3))
      try browser.press("1")
      try browser.wait(for: "shown.number === 2")
      try browser.press("s")
      try browser.wait(for: "shown.number === 3")
      try browser.press("nsome words")
      try browser.open(server.address)
      try browser.wait(for: place(3, of: 3))
      #expect(try browser.value("document.getElementById('note').value").asString == "some words")
      #expect(try fixture.stored() == ["1 anna no"])
      try browser.press("2")
      // The skipped post comes last, as before.
      try browser.wait(for: "shown.number === 2")
      #expect(try fixture.stored() == ["1 anna no", "3 anna \"some words\"", "3 anna yes"])
      #expect(try browser.value("localStorage.length").asInteger == 0)
      for (number, stored) in [(3, ["1 anna no", "3 anna \"some words\""]), (2, nil), (1, ["3 anna \"some words\""])] {
        try browser.press("u")
        try browser.wait(for: "shown.number === \(number) && sending === null")
        if let stored { #expect(try fixture.stored() == stored) }
      }
    }
    try server.stop()
  }

  @Test func anAnswerGivenToAServerThatEndedIsNotLost() throws {
    let fixture = try SampleFixture(["one", "two"]), first = try Server(try fixture.session())
    let browser = try WebDriver()
    try using(browser) {
      try browser.open(first.address)
      try browser.wait(for: place(1, of: 2))
      try first.stop()
      try browser.press("2")
      try browser.wait(for: "document.getElementById('alert').textContent.startsWith('Not saved yet: post 1, yes.')")
      #expect(try fixture.stored().isEmpty)
      // The same command again, on the same port: its page sends the answer.
      let second = try Server(try fixture.session(), port: first.port)
      _ = try browser.value("(onbeforeunload = null, sending = null, true)")
      try browser.open(second.address)
      try browser.wait(for: place(2, of: 2))
      #expect(try fixture.stored() == ["1 anna yes"])
      try second.stop()
    }
  }

  @Test func twoPagesOnOnePostDoNotOverwriteEachOther() throws {
    let fixture = try SampleFixture(["one", "two"]), session = try fixture.session(), server = try Server(session)
    let browser = try WebDriver()
    try using(browser) {
      try browser.open(server.address)
      try browser.wait(for: place(1, of: 2))
      // Another page.
      #expect(try session.answer(1, Annotation(label: "yes"), seen: nil) == .stored)
      try browser.press("1")
      try browser.wait(for: "document.getElementById('alert').textContent.includes('meanwhile')")
      #expect(try fixture.stored() == ["1 anna yes"])
      try browser.press("1")
      try browser.wait(for: place(2, of: 2))
      #expect(try fixture.stored() == ["1 anna no"])
    }
    try server.stop()
  }
}
