import Annotation
import Foundation
import Synchronization
import Testing

@Suite(.serialized) struct HTTPServerTests {
  /// A server that answers with the request's target, for as long as the closure runs.
  private func serving(_ body: (HTTPServer) throws -> Void) throws {
    let server = try HTTPServer(address: "127.0.0.1", port: 0), isStopping = Stop(), group = DispatchGroup()
    group.enter()
    Thread.detachNewThread {
      server.run(shouldStop: { isStopping.value.load(ordering: .relaxed) }) {
        HTTPResponse(type: "text/plain", body: Array($0.target.utf8))
      }
      group.leave()
    }
    defer {
      isStopping.value.store(true, ordering: .relaxed)
      group.wait()
    }
    try body(server)
  }

  private final class Stop: Sendable { let value = Atomic<Bool>(false) }

  private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

  @Test func requestsOfOneConnectionAreAnsweredInOrder() throws {
    try serving { server in
      let client = try LoopbackClient(port: server.port)
      try client.send(Array("GET /1 HTTP/1.1\r\n\r\nPOST /2 HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}GET /3 HT".utf8))
      #expect(text(try client.receive().body) == "/1")
      #expect(text(try client.receive().body) == "/2")
      try client.send(Array("TP/1.1\r\nConnection: close\r\n\r\n".utf8))
      let last = try client.receive()
      #expect(text(last.body) == "/3")
      #expect(last.head.contains("Connection: close"))
      #expect(try client.isClosed())
    }
  }

  @Test func everyAnswerForbidsTheBrowserToKeepOrGuessAnything() throws {
    try serving { server in
      let head = try LoopbackClient(port: server.port).exchange(Array("GET / HTTP/1.1\r\n\r\n".utf8)).head
      for line in [
        "Cache-Control: no-store", "X-Content-Type-Options: nosniff", "Content-Security-Policy: default-src 'none';",
        "frame-ancestors 'none'", "Cross-Origin-Resource-Policy: same-origin",
      ] { #expect(head.contains(line), "\(line)") }
    }
  }

  @Test func whatFollowsARefusedRequestIsNotRead() throws {
    try serving { server in
      let client = try LoopbackClient(port: server.port)
      let answer = try client.exchange(Array("POST /a HTTP/1.1\r\nContent-Length: 99999999\r\n\r\n".utf8))
      #expect(answer.head.hasPrefix("HTTP/1.1 413"))
      #expect(try client.isClosed())
    }
  }

  @Test func connectionsAreLimited() throws {
    try serving { server in
      let clients = try (0..<32).map { _ in try LoopbackClient(port: server.port) }
      for client in clients {
        #expect(try client.exchange(Array("GET / HTTP/1.1\r\n\r\n".utf8)).head.hasPrefix("HTTP/1.1 200"))
      }
      // The others are still open.
      let isClosed = try withExtendedLifetime(clients) { try LoopbackClient(port: server.port).isClosed() }
      #expect(isClosed)
    }
  }

  @Test func addressesAndPortsAreChecked() throws {
    for address in ["localhost", "x", "evil.example"] {
      #expect(throws: AnnotationError.badAddress(address)) { _ = try HTTPServer(address: address, port: 0) }
    }
    let server = try HTTPServer(address: "127.0.0.1", port: 0)
    #expect(throws: AnnotationError.portTaken(server.port)) {
      _ = try HTTPServer.open(address: "127.0.0.1", port: server.port)
    }
    #expect(try HTTPServer.open(address: "127.0.0.1", port: nil).port != server.port)
  }
}
