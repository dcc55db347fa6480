import Bytes
import Foundation
import Glibc
import Synchronization

/// A small server for one page: a thread for each connection, and limits on their number, on time and on sizes.
package final class HTTPServer: Sendable {
  /// The port that it listens on.
  package let port: UInt16
  private let listener: Int32
  private let connections = Atomic<Int>(0)
  private let isStopping = Atomic<Bool>(false)

  /// The maximum number of connections; a browser opens six.
  static let connectionLimit = 32
  /// Seconds that a connection may be idle, that a request may take to arrive, and that an answer may take to be sent.
  static let idleTime = 30.0, requestTime = 10.0, sendTime = 30.0

  /// Listens on a port, or without one on the first free port from the usual one on: with the same port, the page of
  /// an earlier server can be opened again.
  package static func open(address: String, port: UInt16?) throws(AnnotationError) -> HTTPServer {
    if let port { return try HTTPServer(address: address, port: port) }
    for port in usualPorts {
      do { return try HTTPServer(address: address, port: port) } catch {
        guard case .portTaken = error else { throw error }
      }
    }
    return try HTTPServer(address: address, port: 0)
  }

  private static let usualPorts: Range<UInt16> = 8117..<8137

  /// Whether the port is another than the usual one: a browser keeps what it has of a page for each port.
  package var isElsewhere: Bool { port != Self.usualPorts.lowerBound }

  /// Listens on a numeric address; port 0 is any free one. Throws `badAddress`, `portTaken` or `cannotListen`.
  package init(address: String, port: UInt16) throws(AnnotationError) {
    var hints = addrinfo(), found: UnsafeMutablePointer<addrinfo>?
    hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    guard getaddrinfo(address, "\(port)", &hints, &found) == 0, let info = found else {
      throw .badAddress(address)
    }
    defer { freeaddrinfo(info) }
    let listener = socket(info.pointee.ai_family, info.pointee.ai_socktype | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard listener >= 0 else { throw .cannotListen(address, port, reason: String(cString: strerror(errno))) }
    var yes: Int32 = 1
    // A server that ended a moment ago does not block its port.
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
    guard bind(listener, info.pointee.ai_addr, info.pointee.ai_addrlen) == 0, listen(listener, 64) == 0 else {
      let code = errno
      close(listener)
      if code == EADDRINUSE { throw .portTaken(port) }
      throw .cannotListen(address, port, reason: String(cString: strerror(code)))
    }
    self.listener = listener
    self.port = Self.port(of: listener)
  }

  private static func port(of socket: Int32) -> UInt16 {
    var address = sockaddr_storage(), size = socklen_t(MemoryLayout<sockaddr_storage>.size)
    return withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { _ = getsockname(socket, $0, &size) }
      // The port has the same place in addresses of both families.
      return pointer.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { UInt16(bigEndian: $0.pointee.sin_port) }
    }
  }

  /// Answers requests until `shouldStop` says yes, then finishes those that have arrived. `answer` is called on several
  /// threads.
  package func run(shouldStop: () -> Bool, answer: @escaping @Sendable (HTTPRequest) -> HTTPResponse) {
    while !shouldStop() {
      guard Self.wait(listener, for: POLLIN, seconds: 0.2) else { continue }
      let client = accept(listener, nil, nil)
      guard client >= 0 else {
        // Without descriptors, connections wait.
        if errno == EMFILE || errno == ENFILE { usleep(100_000) }
        continue
      }
      _ = fcntl(client, F_SETFD, FD_CLOEXEC)
      guard connections.add(1, ordering: .relaxed).newValue <= Self.connectionLimit else {
        end(client)
        continue
      }
      Thread.detachNewThread { [self] in
        Connection(socket: client, isStopping: { self.isStopping.load(ordering: .relaxed) }).serve(answer)
        end(client)
      }
    }
    isStopping.store(true, ordering: .relaxed)
    close(listener)
    for _ in 0..<100 where connections.load(ordering: .relaxed) > 0 { usleep(50_000) }
  }

  private func end(_ client: Int32) {
    close(client)
    connections.subtract(1, ordering: .relaxed)
  }

  /// Waits until a socket is ready.
  fileprivate static func wait(_ socket: Int32, for events: Int32, seconds: Double) -> Bool {
    var poller = pollfd(fd: socket, events: Int16(events), revents: 0)
    return poll(&poller, 1, Int32(max(0, seconds) * 1000)) > 0
  }
}

/// One connection.
private struct Connection {
  let socket: Int32
  let isStopping: () -> Bool

  /// Answers the requests of the connection, one after the other.
  func serve(_ answer: (HTTPRequest) -> HTTPResponse) {
    var received: [UInt8] = [], needed = 0, clock = Date()
    while true {
      if received.count >= max(1, needed) {
        do throws(HTTPFault) {
          switch try HTTPRequest.read(received) {
          case .needs(let count): needed = count
          case .whole(let request, let bytes):
            let keeps = request.keepsConnection && !isStopping()
            let response = answer(request)
            guard send(response.bytes(keepingConnection: keeps, withoutBody: request.method == "HEAD")), keeps else {
              return
            }
            received.removeFirst(bytes)
            (needed, clock) = (0, Date())
            continue
          }
        } catch {
          _ = send(HTTPResponse(error).bytes(keepingConnection: false))
          return
        }
      }
      guard receive(into: &received, since: &clock) else { return }
    }
  }

  /// Receives more bytes; false if the connection is closed or too slow.
  private func receive(into received: inout [UInt8], since clock: inout Date) -> Bool {
    while true {
      let limit = received.isEmpty ? HTTPServer.idleTime : HTTPServer.requestTime
      let left = limit + clock.timeIntervalSinceNow
      guard left > 0, !isStopping() else { return false }
      guard HTTPServer.wait(socket, for: POLLIN, seconds: min(left, 0.2)) else { continue }
      var buffer = [UInt8](repeating: 0, count: 16 << 10)
      let count = recv(socket, &buffer, buffer.count, 0)
      guard count > 0 else { return count < 0 && errno == EINTR }
      if received.isEmpty { clock = Date() }
      received += buffer[..<count]
      return true
    }
  }

  private func send(_ bytes: [UInt8]) -> Bool {
    let start = Date()
    var sent = 0
    while sent < bytes.count {
      let left = HTTPServer.sendTime + start.timeIntervalSinceNow
      guard left > 0 else { return false }
      guard HTTPServer.wait(socket, for: POLLOUT, seconds: left) else { return false }
      let count = bytes[sent...].withUnsafeBytes {
        Glibc.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL | MSG_DONTWAIT))
      }
      if count < 0, errno == EAGAIN || errno == EINTR { continue }
      guard count > 0 else { return false }
      sent += count
    }
    return true
  }
}
