import Glibc

/// A short wait for what another process will end by itself.
enum Pause {
  static func milliseconds(_ count: UInt32) {
    usleep(count * 1000)
  }
}
