import Annotation
import Testing

@Suite struct HTTPRequestTests {
  private func read(_ text: String) throws(HTTPFault) -> HTTPRequest.Progress { try HTTPRequest.read(Array(text.utf8)) }

  /// The status of a refusal; 0 for a request that is read.
  private func status(_ text: String) -> Int {
    do throws(HTTPFault) {
      _ = try read(text)
      return 0
    } catch {
      return error.status
    }
  }

  @Test func aRequestIsReadWithItsBodyAndNoMore() throws {
    let text = "POST /a/answer HTTP/1.1\r\nHost: 127.0.0.1:1\r\nContent-Length: 3\r\n\r\n{} GET"
    let expected = HTTPRequest(
      method: "POST", target: "/a/answer", headers: ["host": "127.0.0.1:1", "content-length": "3"],
      body: Array("{} ".utf8), keepsConnection: true)
    #expect(try read(text) == .whole(expected, bytes: text.utf8.count - 3))
  }

  @Test func everyBeginningOfARequestNeedsMore() throws {
    let text = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}"
    for length in 0..<text.utf8.count {
      let progress = try HTTPRequest.read(Array(text.utf8.prefix(length)))
      guard case .needs(let bytes) = progress else {
        Issue.record("\(length) bytes are a request")
        continue
      }
      #expect(bytes == 0 || bytes == text.utf8.count)
    }
  }

  @Test func aConnectionEndsWhenTheClientSaysSo() throws {
    for (text, keeps) in [
      ("GET / HTTP/1.1\r\n\r\n", true), ("GET / HTTP/1.1\r\nConnection: Close\r\n\r\n", false),
      ("GET / HTTP/1.0\r\n\r\n", false),
    ] {
      guard case .whole(let request, _) = try read(text) else {
        Issue.record("\(text) is not whole")
        continue
      }
      #expect(request.keepsConnection == keeps)
    }
  }

  @Test func sizesAreLimited() {
    let long = String(repeating: "a", count: HTTPRequest.headLimit)
    #expect(status("GET /" + long) == 431)
    #expect(status("GET / HTTP/1.1\r\nA: " + long) == 431)
    let many = (0...HTTPRequest.headerLimit).map { "A\($0): b\r\n" }.joined()
    #expect(status("GET / HTTP/1.1\r\n\(many)\r\n") == 431)
    #expect(status("POST / HTTP/1.1\r\nContent-Length: \(HTTPRequest.bodyLimit)\r\n\r\n") == 0)
    #expect(status("POST / HTTP/1.1\r\nContent-Length: \(HTTPRequest.bodyLimit + 1)\r\n\r\n") == 413)
    #expect(status("POST / HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\n") == 400)
  }

  @Test(arguments: [
    "GET /\r\n\r\n", "GET  / HTTP/1.1\r\n\r\n", "GET x HTTP/1.1\r\n\r\n", "GET http://a/ HTTP/1.1\r\n\r\n",
    "G(T / HTTP/1.1\r\n\r\n", "GET /\u{E9} HTTP/1.1\r\n\r\n", "GET / HTTP/1.1\r\nA b: c\r\n\r\n",
    "GET / HTTP/1.1\r\n folded: c\r\n\r\n", "GET / HTTP/1.1\r\n: c\r\n\r\n", "GET / HTTP/1.1\r\nA: \u{0}\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: a\r\nhost: b\r\n\r\n",
    "POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\na",
    "POST / HTTP/1.1\r\nContent-Length: +1\r\n\r\na", "POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\na",
    "POST / HTTP/1.1\r\nContent-Length: 1, 1\r\n\r\na", "POST / HTTP/1.1\r\nContent-Length:\r\n\r\na",
  ])
  func whatTwoProgramsCouldReadDifferentlyIsRefused(text: String) { #expect(status(text) == 400) }

  @Test func bodiesInChunksAreRefused() {
    #expect(status("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n") == 411)
    #expect(status("POST / HTTP/1.1\r\nTransfer-Encoding: x\r\nContent-Length: 1\r\n\r\na") == 411)
    #expect(status("GET / HTTP/2.0\r\n\r\n") == 505)
  }
}
