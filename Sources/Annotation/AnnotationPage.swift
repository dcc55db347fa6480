import Bytes
import Store

/// Answers the requests of the page: its files, the sample's posts and pictures by number, and answers to be stored.
package struct AnnotationPage: Sendable {
  private let session: AnnotationSession
  private let pictures: SamplePictures
  private let guardian: RequestGuard
  /// The words of an error for the annotator.
  private let message: @Sendable (any Error) -> String

  package init(
    _ session: AnnotationSession, pictures: SamplePictures, guardian: RequestGuard,
    message: @escaping @Sendable (any Error) -> String = { "\($0)" }
  ) {
    (self.session, self.pictures, self.guardian, self.message) = (session, pictures, guardian, message)
  }

  /// Answers a request.
  package func answer(_ request: HTTPRequest) -> HTTPResponse {
    do throws(HTTPFault) {
      let path = try guardian.path(of: request)
      if request.method == "POST" {
        guard path == "answer" else { throw HTTPFault(405, "Only answers can be sent.") }
        return try store(request)
      }
      switch path {
      case "": return HTTPResponse(type: "text/html; charset=utf-8", body: PackageResources.page_html)
      case "page.css": return HTTPResponse(type: "text/css; charset=utf-8", body: PackageResources.page_css)
      case "page.js": return HTTPResponse(type: "text/javascript; charset=utf-8", body: PackageResources.page_js)
      case "memory.js": return HTTPResponse(type: "text/javascript; charset=utf-8", body: PackageResources.memory_js)
      case "answers.js":
        return HTTPResponse(type: "text/javascript; charset=utf-8", body: PackageResources.answers_js)
      case "keys.js": return HTTPResponse(type: "text/javascript; charset=utf-8", body: PackageResources.keys_js)
      case "session": return HTTPResponse(sessionJSON)
      default: break
      }
      if let number = number(path, below: "post/"), let post = session.post(number) {
        return HTTPResponse(json(of: post))
      }
      if let number = number(path, below: "picture/"), let post = session.post(number) { return picture(of: post) }
      throw HTTPFault(404, "There is nothing at this address.")
    } catch {
      // The address of an earlier server, opened in a browser.
      let isOpened = request.method == "GET" && request.headers["accept"]?.contains("text/html") == true
      return isOpened ? HTTPResponse(asPage: error) : HTTPResponse(error)
    }
  }

  /// The number of a post in a path; nil if it is not plain digits.
  private func number(_ path: String, below folder: String) -> Int? {
    guard path.utf8.starts(with: folder.utf8) else { return nil }
    let digits = path.utf8.dropFirst(folder.utf8.count)
    guard (1...9).contains(digits.count), digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
    return Int(String(decoding: digits, as: UTF8.self))
  }

  private var sessionJSON: JSON {
    .members([
      ("sample", .string(session.posts.sample)), ("posts", .string(session.posts.identity)),
      ("annotator", .string(session.annotator)),
      ("labels", .array(session.labels.map { .string($0.text) })), ("count", .integer(session.posts.posts.count)),
      ("labelled", .array(session.labelled.map(JSON.integer))), ("blur", .bool(session.blurs)),
      ("prediction", .bool(session.showsPrediction)),
      ("notice", session.keyChange.map { .string("Attention: \($0).") }),
    ])
  }

  private func json(of post: SamplePosts.Post) -> JSON {
    let prediction = session.showsPrediction ? post.prediction : nil
    return .members(
      [
        ("number", .integer(post.number)), ("key", .string(post.key)), ("text", .string(post.text)),
        ("picture", .bool(post.pictureHash != nil)),
        (
          "prediction",
          prediction.map {
            .members([
              ("label", .string($0.label.text)), ("confidence", $0.confidence.isFinite ? .real($0.confidence) : .null),
            ])
          }
        ),
      ] + members(of: session.annotation(of: post.number)))
  }

  private func members(of annotation: Annotation) -> [(String, JSON?)] {
    [("label", annotation.label.map { .string($0.text) } ?? .null), ("note", .string(annotation.note))]
  }

  private func picture(of post: SamplePosts.Post) -> HTTPResponse {
    do throws(SamplePictures.Lack) {
      return HTTPResponse(type: "image/jpeg", body: try pictures.jpeg(of: post))
    } catch {
      switch error {
      case .absent: return HTTPResponse(HTTPFault(404, "This post has no picture."))
      case .unusable(let reason): return HTTPResponse(HTTPFault(404, "The picture cannot be shown: \(reason)."))
      }
    }
  }

  private func store(_ request: HTTPRequest) throws(HTTPFault) -> HTTPResponse {
    guard request.headers["content-type"] == "application/json" else {
      throw HTTPFault(415, "An answer is JSON.")
    }
    guard let json = try? JSONParser.parse(request.body), let number = json["number"]?.asInteger,
      session.post(number) != nil
    else { throw HTTPFault(400, "The answer does not name a post of the sample.") }
    let label = json["label"]?.asString.map { ByteText($0) }, note = json["note"]?.asString ?? ""
    guard label.map({ session.labels.contains($0) }) ?? true else {
      throw HTTPFault(400, "The label is not one of those to choose from.")
    }
    guard note.utf8.count <= AnnotationSession.noteLimit, !note.utf8.contains(0) else {
      throw HTTPFault(400, "The note is too long.")
    }
    let annotation = Annotation(label: label, note: note)
    do {
      switch try session.answer(number, annotation, seen: json["seen"]?.asString.map { ByteText($0) }) {
      case .stored: return HTTPResponse(.members([("number", .integer(number))] + members(of: annotation)))
      case .conflict(let stored):
        let words =
          stored.label.map { "This post was labelled \"\($0)\" meanwhile." } ?? "The label was removed meanwhile."
        return HTTPResponse(.members([("error", .string(words))] + members(of: stored)), status: 409)
      case .forgotten: throw HTTPFault(410, "The store does not have this post any more.")
      }
    } catch let fault as HTTPFault {
      throw fault
    } catch {
      throw HTTPFault(503, message(error))
    }
  }
}
