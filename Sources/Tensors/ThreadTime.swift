internal import Glibc

/// The time that the calling thread has had a processor: what else the machine does does not count.
package enum ThreadTime {
  /// Seconds since the thread began.
  package static var now: Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}
