import Annotation
import Bytes
import Foundation
import Inputs
import ResultsFixtures
import Store
import TestSupport
import Testing

@Suite struct AnnotationPageTests {
  private static let token = RequestGuard.newToken()

  private func page(
    _ session: AnnotationSession, pictures: String? = nil,
    thumbnail: @escaping @Sendable (Int64) throws -> [UInt8]? = { _ in nil }
  ) throws -> AnnotationPage {
    AnnotationPage(
      session, pictures: try SamplePictures(in: pictures.map { PictureLocation([$0]) }, thumbnail: thumbnail),
      guardian: RequestGuard(token: Self.token, port: 8117, isOpen: false))
  }

  private func get(_ path: String) -> HTTPRequest {
    HTTPRequest(
      method: "GET", target: "/\(Self.token)/\(path)", headers: ["host": "127.0.0.1:8117"], body: [],
      keepsConnection: true)
  }

  private func post(_ body: String, to path: String = "answer", type: String = "application/json") -> HTTPRequest {
    HTTPRequest(
      method: "POST", target: "/\(Self.token)/\(path)",
      headers: ["host": "127.0.0.1:8117", "origin": "http://127.0.0.1:8117", "content-type": type],
      body: Array(body.utf8), keepsConnection: true)
  }

  private func text(_ response: HTTPResponse) -> String { String(decoding: response.body, as: UTF8.self) }

  @Test func thePageHasSixFilesAndLoadsNothingElse() throws {
    let page = try page(try SampleFixture(["one"]).session())
    let types = [
      "": "text/html", "page.css": "text/css", "page.js": "text/javascript", "answers.js": "text/javascript",
      "memory.js": "text/javascript", "keys.js": "text/javascript",
    ]
    for (path, type) in types {
      let response = page.answer(get(path))
      #expect(response.status == 200)
      #expect(response.type == type + "; charset=utf-8")
      #expect(!text(response).contains("http"), "\(path) names another address")
      #expect(!text(response).contains("innerHTML"))
    }
  }

  @Test(arguments: [
    "..", "../", "picture/../1", "picture/1/..", "picture/..%2f1", "picture/%31", "picture/+1", "picture/-1",
    "picture/",
    "picture/0", "picture/2", "picture/1.jpg", "picture/1?x", "picture//1", "picture/١", "picture/99999999999999999999",
    "post/0", "post/2", "page.html", "page.js/", "/etc/passwd", "etc/passwd", "session/", "answer",
  ])
  func nothingElseIsServed(path: String) throws {
    #expect(try page(try SampleFixture(["one"]).session()).answer(get(path)).status == 404)
  }

  @Test func aBrowserThatOpensAnEarlierAddressGetsASentence() throws {
    let page = try page(try SampleFixture(["one"]).session())
    var request = get("")
    request.target = "/\(RequestGuard.newToken())/"
    #expect(page.answer(request).type == "application/json")
    request.headers["accept"] = "text/html,application/xhtml+xml;q=0.9"
    let response = page.answer(request)
    #expect(response.status == 404 && response.type == "text/html; charset=utf-8")
    #expect(
      text(response).contains("<p>There is no page here: use the whole address that clfa annotate printed last.</p>"))
    #expect(text(HTTPResponse(asPage: HTTPFault(404, "<b>&"))).hasSuffix("<p>&lt;b>&amp;</p>\n"))
  }

  @Test func textsAreSentAsTheyAre() throws {
    let texts = ["<script>alert(1)</script>", "مرحبا \"بالعالم\"", "東京\u{2028}\u{7F}\\", "</p>&amp;"]
    let page = try page(try SampleFixture(texts).session())
    for (place, text) in texts.enumerated() {
      let response = page.answer(get("post/\(place + 1)"))
      #expect(response.type == "application/json")
      let json = try JSONParser.parse(response.body)
      #expect(json["text"]?.asString.map { ByteText($0) } == ByteText(text))
      #expect(json["label"] == nil)
      #expect(json["note"]?.asString == "")
    }
  }

  @Test func theModelsAnswerIsNotSentUnasked() throws {
    let fixture = try SampleFixture(["one"]), posts = try fixture.posts()
    #expect(posts.posts.first?.prediction?.label == "no")
    let hidden = try page(try AnnotationSession(posts, annotator: "anna") { _ in .stored })
    #expect(!text(hidden.answer(get("post/1"))).contains("no\""))
    let shown = try page(try AnnotationSession(posts, annotator: "anna", showsPrediction: true) { _ in .stored })
    let prediction = try JSONParser.parse(shown.answer(get("post/1")).body)["prediction"]
    #expect(prediction?["label"]?.asString == "no")
    #expect(prediction?["confidence"]?.asNumber == 0.75)
  }

  @Test func answersAreStoredOrRefused() throws {
    let fixture = try SampleFixture(["one", "two"]), page = try page(try fixture.session())
    let stored = page.answer(post(#"{"number":1,"label":"yes","note":"a","seen":null}"#))
    #expect(stored.status == 200)
    #expect(text(stored) == #"{"number":1,"label":"yes","note":"a"}"#)
    let differing = page.answer(post(#"{"number":1,"label":"no","note":"","seen":null}"#))
    #expect(differing.status == 409)
    #expect(try JSONParser.parse(differing.body)["label"]?.asString == "yes")
    let long = String(repeating: "a", count: AnnotationSession.noteLimit + 1)
    for body in [
      "", "{", "[]", "{}", #"{"number":0,"label":"yes"}"#, #"{"number":3,"label":"yes"}"#,
      #"{"number":"1","label":"yes"}"#,
      #"{"number":1,"label":"maybe"}"#, #"{"number":1,"label":""}"#, #"{"number":1,"label":"yes","note":"\#(long)"}"#,
      #"{"number":1,"number":2,"label":"yes"}"#, #"{"number":1,"label":"yes","note":"\u0000"}"#,
    ] { #expect(page.answer(post(body)).status == 400, "\(body.prefix(60))") }
    #expect(page.answer(post("number=2&label=yes", type: "application/x-www-form-urlencoded")).status == 415)
    #expect(page.answer(post(#"{"number":2,"label":"yes"}"#, type: "text/plain")).status == 415)
    #expect(page.answer(post("{}", to: "session")).status == 405)
    #expect(try fixture.stored() == ["1 anna \"a\"", "1 anna yes"])
    #expect(try JSONParser.parse(page.answer(get("session")).body)["labelled"]?.asList?.compactMap(\.asInteger) == [1])
  }

  @Test func aChangeOfKeysIsSaidOnThePage() throws {
    let fixture = try SampleFixture(["one"])
    let first = try page(try fixture.session())
    #expect(try JSONParser.parse(first.answer(get("session")).body)["notice"] == nil)
    #expect(first.answer(post(#"{"number":1,"label":"yes","note":"","seen":null}"#)).status == 200)
    let second = try page(try fixture.session(labels: ["yes", "no"]))
    let notice = try JSONParser.parse(second.answer(get("session")).body)["notice"]?.asString
    #expect(
      notice
        == "Attention: the keys have changed since anna last labelled this sample: then 1 no, 2 yes; now 1 yes, 2 no.")
  }

  @Test func anErrorOfTheStoreIsSaidOnThePage() throws {
    let session = try AnnotationSession(try SampleFixture(["one"]).posts(), annotator: "anna") { _ in
      throw StoreError.diskFull(path: "posts.sqlite")
    }
    let response = try page(session).answer(post(#"{"number":1,"label":"yes"}"#))
    #expect(response.status == 503)
    #expect(text(response).contains("is full"))
  }

  @Test func aPictureIsEncodedAgainAndOnlyTheScoredOne() throws {
    let scratch = try Scratch()
    let file = PNG.turned(PNG.file(width: 2, [UInt8](repeating: 200, count: 2 * 3 * 3)), orientation: 6)
    try scratch.write("images/a.png", file)
    try scratch.write("secret.png", file)
    try scratch.write("images/page.html", "<script>")
    let hash = SHA256.hash(data: file).hexadecimal
    let page = SHA256.hash(data: Array("<script>".utf8)).hexadecimal
    let fixture = try SampleFixture(
      ["one", "two", "three", "four", "five", "six"],
      images: [
        1: ("a.png", hash), 2: ("a.png", String(repeating: "0", count: 64)), 3: ("../secret.png", hash),
        4: ("page.html", page), 5: ("missing.png", hash),
      ])
    let session = try fixture.session(), shown = try self.page(session, pictures: scratch.file("images"))
    let response = shown.answer(get("picture/1"))
    #expect(response.status == 200)
    #expect(response.type == "image/jpeg")
    let picture = try PictureDecoder.decode(response.body)
    #expect(picture.width == 3 && picture.height == 2)
    for number in 2...6 { #expect(shown.answer(get("picture/\(number)")).status == 404) }
    // The thumbnail takes the place of a file that is lacking or has changed.
    let jpeg = Picture(width: 1, height: 1, pixels: [9, 9, 9]).jpeg()
    let small = try self.page(session, pictures: scratch.file("images")) { $0 == 6 ? nil : jpeg }
    for number in 1...5 { #expect(small.answer(get("picture/\(number)")).status == 200) }
    #expect(small.answer(get("picture/6")).status == 404)
    let broken = try self.page(session) { _ in Array("<script>".utf8) }
    for number in 1...6 { #expect(broken.answer(get("picture/\(number)")).status == 404) }
  }
}
