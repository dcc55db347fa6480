import Glibc

/// Decides which requests are answered: only those of the page itself, opened with the whole address.
///
/// The address has a secret. `Host` must be an address of this machine and not a name, because a web site can make its own
/// name lead here (DNS rebinding); `Origin` and `Sec-Fetch-Site` must not be those of another site.
package struct RequestGuard: Sendable {
  /// The secret part of the page's address.
  package let token: String
  private let port: UInt16
  /// Whether other machines may connect.
  private let isOpen: Bool

  package init(token: String, port: UInt16, isOpen: Bool) {
    (self.token, self.port, self.isOpen) = (token, port, isOpen)
  }

  /// 32 letters and digits of 128 random bits, from the system's generator.
  package static func newToken() -> String {
    var generator = SystemRandomNumberGenerator()
    return (0..<2).map { _ in
      let digits = String(generator.next() as UInt64, radix: 16)
      return String(repeating: "0", count: 16 - digits.count) + digits
    }.joined()
  }

  /// Checks a request.
  ///
  /// - Returns: the path below the page's address: empty for the page itself.
  /// - Throws: the refusal.
  package func path(of request: HTTPRequest) throws(HTTPFault) -> String {
    guard let host = request.headers["host"], isOwn(host: host) else {
      throw HTTPFault(421, "This address is not the one that clfa annotate printed.")
    }
    let origin = request.headers["origin"]
    guard origin.map({ Self.areEqual($0, "http://" + host) }) ?? (request.method != "POST") else {
      throw HTTPFault(403, "Another web site may not use this page.")
    }
    // "none" is an address typed by the user.
    if let site = request.headers["sec-fetch-site"], site != "same-origin", site != "none" || request.method == "POST" {
      throw HTTPFault(403, "Another web site may not use this page.")
    }
    let parts = request.target.dropFirst().split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, Self.areEqual(String(parts[0]), token) else {
      throw HTTPFault(404, "There is no page here: use the whole address that clfa annotate printed last.")
    }
    guard request.method == "GET" || request.method == "HEAD" || request.method == "POST" else {
      throw HTTPFault(405, "Only GET and POST are possible.")
    }
    return String(parts[1])
  }

  /// Whether a `Host` is this server by a numeric address, or `localhost`.
  private func isOwn(host: String) -> Bool {
    let ending = ":\(port)"
    guard host.hasSuffix(ending) || port == 80 else { return false }
    let name = host.hasSuffix(ending) ? String(host.dropLast(ending.utf8.count)) : host
    if ["127.0.0.1", "localhost", "[::1]"].contains(name) { return true }
    guard isOpen else { return false }
    if name.hasPrefix("["), name.hasSuffix("]") {
      var address = in6_addr()
      return inet_pton(AF_INET6, String(name.dropFirst().dropLast()), &address) == 1
    }
    var address = in_addr()
    return inet_pton(AF_INET, name, &address) == 1
  }

  /// Compares all bytes, so that the time does not tell how many are right.
  static func areEqual(_ one: String, _ other: String) -> Bool {
    let one = Array(one.utf8), other = Array(other.utf8)
    guard one.count == other.count else { return false }
    return zip(one, other).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
  }
}
