internal import Glibc

/// Makes sure that descriptors 0, 1 and 2 are open.
package enum StandardDescriptors {
  /// Opens a replacement for each of them that was closed (`clfa … <&-`), before anything else is opened.
  ///
  /// Otherwise the next file would become standard output or standard error, and messages would be written into a
  /// store. The replacement cannot be used, either: reading and writing fail with EBADF, so nothing is mistaken for
  /// empty input or for written data.
  package static func fillClosed() {
    for descriptor in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO]
    where fcntl(descriptor, F_GETFD) == -1 && errno == EBADF {
      // Lower ones are open by now, so this gets the right number.
      _ = open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY)
    }
  }
}
