import Annotation
import Testing

@Suite struct RequestGuardTests {
  private static let token = "00112233445566778899aabbccddeeff"

  private func status(
    _ target: String, _ headers: [String: String] = [:], host: String? = "127.0.0.1:8117", method: String = "GET",
    isOpen: Bool = false
  ) -> Int {
    var headers = headers
    headers["host"] = host
    let request = HTTPRequest(method: method, target: target, headers: headers, body: [], keepsConnection: true)
    do throws(HTTPFault) {
      _ = try RequestGuard(token: Self.token, port: 8117, isOpen: isOpen).path(of: request)
      return 200
    } catch {
      return error.status
    }
  }

  private let page = "/\(token)/"

  @Test func thePathBelowTheTokenIsReturned() throws {
    let guardian = RequestGuard(token: Self.token, port: 80, isOpen: false)
    let request = HTTPRequest(
      method: "GET", target: page + "picture/1", headers: ["host": "localhost"], body: [], keepsConnection: true)
    #expect(try guardian.path(of: request) == "picture/1")
  }

  @Test func aTokenIs128RandomBits() {
    let tokens = (0..<100).map { _ in RequestGuard.newToken() }
    #expect(Set(tokens).count == 100)
    #expect(tokens.allSatisfy { $0.utf8.count == 32 && $0.allSatisfy(\.isHexDigit) })
  }

  @Test(arguments: [
    "/", "/\(token)", "/\(token.dropLast())/", "/\(token)0/", "/\(token.uppercased())/", "//\(token)/", "/../\(token)/",
    "/00112233445566778899aabbccddeefe/", "/?/\(token)/", "/%30\(token.dropFirst())/",
  ])
  func nothingIsAtAnotherAddress(target: String) { #expect(status(target) == 404) }

  @Test(arguments: [
    "evil.example:8117", "127.0.0.1", "127.0.0.1:8118", "127.0.0.1:81170", "127.0.0.1.evil.example:8117",
    "10.0.0.1:8117",
    "localhost.:8117", "user@127.0.0.1:8117", "", "[::2]:8117", "0x7f.1:8117",
  ])
  func anotherNameOfThisMachineIsRefused(host: String) { #expect(status(page, host: host) == 421) }

  @Test func thisMachineHasThreeNames() {
    for host in ["127.0.0.1:8117", "localhost:8117", "[::1]:8117"] { #expect(status(page, host: host) == 200) }
    #expect(status(page, host: nil) == 421)
  }

  @Test func anOpenServerHasNumericAddressesOnly() {
    for host in ["10.0.0.1:8117", "[fe80::1]:8117", "localhost:8117"] {
      #expect(status(page, host: host, isOpen: true) == 200)
    }
    for host in ["evil.example:8117", "10.0.0.1:80", "10.0.0.1", "[evil]:8117", "10.0.0:8117"] {
      #expect(status(page, host: host, isOpen: true) == 421)
    }
  }

  @Test func anotherSiteCanNeitherReadNorSend() {
    for origin in [
      "http://evil.example", "null", "https://127.0.0.1:8117", "http://127.0.0.1:80", "http://localhost:8117",
    ] {
      #expect(status(page, ["origin": origin]) == 403)
      #expect(status(page + "answer", ["origin": origin], method: "POST") == 403)
    }
    for site in ["cross-site", "same-site", "x"] { #expect(status(page, ["sec-fetch-site": site]) == 403) }
    #expect(status(page, ["sec-fetch-site": "none"]) == 200)
    #expect(status(page, ["sec-fetch-site": "same-origin", "origin": "http://127.0.0.1:8117"]) == 200)
  }

  @Test func anAnswerSaysWhereItIsFrom() {
    let own = "http://127.0.0.1:8117"
    #expect(status(page + "answer", method: "POST") == 403)
    #expect(status(page + "answer", ["origin": own], method: "POST") == 200)
    #expect(status(page + "answer", ["origin": own, "sec-fetch-site": "none"], method: "POST") == 403)
    #expect(status(page + "answer", ["origin": own], method: "PUT") == 405)
    #expect(status(page + "answer", ["origin": own], method: "OPTIONS") == 405)
  }
}
