/// A request of HTTP/1.1, read strictly and within limits.
///
/// The page needs no more than a path, a few headers and a short body. What it never sends is refused: bodies in chunks,
/// headers over several lines, and a second `Host` or `Content-Length`, which two programs could read differently.
package struct HTTPRequest: Equatable, Sendable {
  package var method: String
  /// The path and query as sent; ASCII without spaces.
  package var target: String
  /// Names in lower case.
  package var headers: [String: String]
  package var body: [UInt8]
  /// Whether the client wants to send more requests on the connection.
  package var keepsConnection: Bool

  package init(method: String, target: String, headers: [String: String], body: [UInt8], keepsConnection: Bool) {
    (self.method, self.target, self.headers, self.body) = (method, target, headers, body)
    self.keepsConnection = keepsConnection
  }

  /// The maximum size of the request line and the headers, of one body, and the maximum number of headers.
  package static let headLimit = 16 << 10, bodyLimit = 64 << 10, headerLimit = 64

  /// What the bytes received so far are.
  package enum Progress: Equatable, Sendable {
    /// The request is not whole before there are this many bytes; 0 if that is not known yet.
    case needs(Int)
    /// A whole request, and the number of bytes that it takes.
    case whole(HTTPRequest, bytes: Int)
  }

  /// Reads a request from the beginning of what a client sent.
  ///
  /// - Throws: the answer to a request that is refused; the connection must then be closed, because the next request
  ///   begins at an unknown place.
  package static func read(_ bytes: [UInt8]) throws(HTTPFault) -> Progress {
    guard let end = endOfHead(bytes.prefix(headLimit)) else {
      if bytes.count >= headLimit { throw HTTPFault(431, "The headers are too long.") }
      return .needs(0)
    }
    var lines = lines(of: bytes[..<end])[...]
    guard let first = lines.popFirst(), lines.count <= headerLimit else {
      throw HTTPFault(431, "There are too many headers.")
    }
    let words = first.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
    guard words.count == 3, words.allSatisfy({ !$0.isEmpty }), words[0].allSatisfy(isTokenByte),
      words[1].first == UInt8(ascii: "/"), words[1].allSatisfy({ (0x21...0x7E).contains($0) })
    else { throw HTTPFault(400, "The request line is not valid.") }
    let version = String(decoding: words[2], as: UTF8.self)
    guard version == "HTTP/1.1" || version == "HTTP/1.0" else { throw HTTPFault(505, "Use HTTP/1.1.") }
    let headers = try headers(lines)
    let length = try bodyLength(headers)
    guard bytes.count >= end + length else { return .needs(end + length) }
    let request = HTTPRequest(
      method: String(decoding: words[0], as: UTF8.self), target: String(decoding: words[1], as: UTF8.self),
      headers: headers, body: Array(bytes[end..<(end + length)]),
      keepsConnection: version == "HTTP/1.1" && headers["connection"]?.lowercased() != "close")
    return .whole(request, bytes: end + length)
  }

  /// The number of bytes up to the empty line that ends the headers, with that line.
  private static func endOfHead(_ bytes: ArraySlice<UInt8>) -> Int? {
    var at = bytes.startIndex
    while let line = bytes[at...].firstIndex(of: 0x0A) {
      if line + 1 < bytes.endIndex, bytes[line + 1] == 0x0A { return line + 2 }
      if line + 2 < bytes.endIndex, bytes[line + 1] == 0x0D, bytes[line + 2] == 0x0A { return line + 3 }
      at = line + 1
    }
    return nil
  }

  private static func lines(of head: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
    head.split(separator: 0x0A).map { $0.last == 0x0D ? $0.dropLast() : $0 }.filter { !$0.isEmpty }
  }

  private static func headers(_ lines: ArraySlice<ArraySlice<UInt8>>) throws(HTTPFault) -> [String: String] {
    var headers: [String: String] = [:]
    for line in lines {
      guard let colon = line.firstIndex(of: UInt8(ascii: ":")), colon > line.startIndex,
        line[..<colon].allSatisfy(isTokenByte)
      else { throw HTTPFault(400, "A header is not valid.") }
      let name = String(decoding: line[..<colon], as: UTF8.self).lowercased()
      let value = line[(colon + 1)...]
      guard value.allSatisfy({ $0 == 0x09 || ($0 >= 0x20 && $0 != 0x7F) }) else {
        throw HTTPFault(400, "A header is not valid.")
      }
      let text = String(decoding: value, as: UTF8.self).trimmed
      if let earlier = headers[name] {
        if onlyOnce.contains(name) { throw HTTPFault(400, "The header \(name) occurs twice.") }
        headers[name] = earlier + ", " + text
      } else {
        headers[name] = text
      }
    }
    return headers
  }

  private static func bodyLength(_ headers: [String: String]) throws(HTTPFault) -> Int {
    if headers["transfer-encoding"] != nil { throw HTTPFault(411, "Send the body whole, with its length.") }
    guard let text = headers["content-length"] else { return 0 }
    guard !text.isEmpty, text.utf8.count <= 18, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
      let length = Int(text)
    else { throw HTTPFault(400, "The length of the body is not valid.") }
    guard length <= bodyLimit else { throw HTTPFault(413, "The body is too long.") }
    return length
  }

  /// Headers that may not occur twice.
  private static let onlyOnce: Set = [
    "host", "origin", "content-length", "content-type", "transfer-encoding", "sec-fetch-site",
  ]

  /// Whether a byte may be in a method or in a header's name.
  private static func isTokenByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
    }
  }
}

/// A request that is refused: the status and a sentence.
package struct HTTPFault: Error, Equatable, Sendable {
  package var status: Int
  package var sentence: String

  package init(_ status: Int, _ sentence: String) { (self.status, self.sentence) = (status, sentence) }
}

extension String {
  /// Without spaces and tabs at both ends.
  fileprivate var trimmed: String {
    let isBlank = { (byte: UInt8) in byte == 0x20 || byte == 0x09 }
    let bytes = Array(utf8.drop(while: isBlank).reversed().drop(while: isBlank).reversed())
    return String(decoding: bytes, as: UTF8.self)
  }
}
