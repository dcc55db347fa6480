import Foundation
import Glibc

/// A connection to a server on this machine.
final class LoopbackClient {
  struct Closed: Error {}

  private let connection: Int32
  private var received: [UInt8] = []

  init(port: UInt16) throws {
    connection = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var place = sockaddr_in()
    place.sin_family = sa_family_t(AF_INET)
    place.sin_port = port.bigEndian
    place.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let isConnected = withUnsafePointer(to: &place) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(connection, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
      }
    }
    guard isConnected else { throw Closed() }
  }

  deinit { close(connection) }

  func send(_ bytes: [UInt8]) throws {
    guard Glibc.send(connection, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count else { throw Closed() }
  }

  /// Receives an answer, whole.
  func receive() throws -> (head: String, body: [UInt8]) {
    while true {
      if let head = received.firstRange(of: Array("\r\n\r\n".utf8)) {
        let words = String(decoding: received[..<head.lowerBound], as: UTF8.self)
        let length = words.lowercased().components(separatedBy: "content-length:").dropFirst().first?
          .prefix { $0 != "\r\n" }.trimmingCharacters(in: .whitespaces)
        let end = head.upperBound + (length.flatMap { Int($0) } ?? 0)
        if received.count >= end {
          defer { received.removeFirst(end) }
          return (words, Array(received[head.upperBound..<end]))
        }
      }
      guard try receiveMore() else { throw Closed() }
    }
  }

  /// Whether the server closes the connection without sending more.
  func isClosed() throws -> Bool { try !receiveMore() && received.isEmpty }

  private func receiveMore() throws -> Bool {
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    let count = recv(connection, &buffer, buffer.count, 0)
    if count > 0 { received += buffer[..<count] }
    return count > 0
  }

  func exchange(_ request: [UInt8]) throws -> (head: String, body: [UInt8]) {
    try send(request)
    return try receive()
  }
}
