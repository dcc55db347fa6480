package import Bytes

/// An answer of HTTP/1.1.
package struct HTTPResponse: Equatable, Sendable {
  package var status: Int
  /// The media type of the body.
  package var type: String
  package var body: [UInt8]

  package init(_ status: Int = 200, type: String, body: [UInt8]) {
    (self.status, self.type, self.body) = (status, type, body)
  }

  /// JSON.
  package init(_ json: JSON, status: Int = 200) {
    self.init(status, type: "application/json", body: Array(json.text().utf8))
  }

  /// A refusal: JSON with the sentence.
  package init(_ fault: HTTPFault) { self.init(.members([("error", .string(fault.sentence))]), status: fault.status) }

  /// A refusal as a page: the sentence, for a person who opened an address.
  package init(asPage fault: HTTPFault) {
    let head = """
      <!DOCTYPE html>
      <html lang="en">
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="color-scheme" content="light dark">
      <title>clfa annotate</title>
      <p>
      """
    var body = Array(head.utf8)
    for byte in fault.sentence.utf8 {
      switch byte {
      case UInt8(ascii: "&"): body += Array("&amp;".utf8)
      case UInt8(ascii: "<"): body += Array("&lt;".utf8)
      default: body.append(byte)
      }
    }
    self.init(fault.status, type: "text/html; charset=utf-8", body: body + Array("</p>\n".utf8))
  }

  /// The bytes to send.
  ///
  /// Every answer forbids the browser to keep it, to guess its type, to show it inside another site, and to load or run
  /// anything but this server's own files.
  func bytes(keepingConnection: Bool, withoutBody: Bool = false) -> [UInt8] {
    let head = """
      HTTP/1.1 \(status) \(Self.reasons[status] ?? "Refused")\r
      Content-Type: \(type)\r
      Content-Length: \(body.count)\r
      Connection: \(keepingConnection ? "keep-alive" : "close")\r
      Cache-Control: no-store\r
      Content-Security-Policy: \(Self.policy)\r
      Cross-Origin-Opener-Policy: same-origin\r
      Cross-Origin-Resource-Policy: same-origin\r
      Referrer-Policy: same-origin\r
      X-Content-Type-Options: nosniff\r
      X-Frame-Options: DENY\r
      \r

      """
    return Array(head.utf8) + (withoutBody ? [] : body)
  }

  /// Pictures come as `blob:` addresses, which the page makes of what it fetched; `data:` is the empty icon.
  static let policy = """
    default-src 'none'; script-src 'self'; style-src 'self'; img-src blob: data:; connect-src 'self'; base-uri 'none'; \
    form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'
    """

  private static let reasons = [
    200: "OK", 400: "Bad Request", 403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed",
    408: "Request Timeout",
    409: "Conflict", 410: "Gone", 411: "Length Required", 413: "Content Too Large", 415: "Unsupported Media Type",
    421: "Misdirected Request", 431: "Request Header Fields Too Large", 500: "Internal Server Error",
    503: "Service Unavailable", 505: "HTTP Version Not Supported",
  ]
}
