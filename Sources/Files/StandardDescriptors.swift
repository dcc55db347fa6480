internal import Glibc

/// Descriptors 0, 1 and 2 as the calling process left them.
package enum StandardDescriptors {
  /// Puts something at each of them that was left closed (`clfa … <&-`), before anything else is opened.
  ///
  /// The next file would otherwise become standard output or standard error, and messages would be written into a store.
  /// The replacement cannot be used, either: reading and writing fail with EBADF, so nothing passes for an empty
  /// input or for written data.
  package static func fillClosed() {
    for descriptor in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO]
    where fcntl(descriptor, F_GETFD) == -1 && errno == EBADF {
      // Those below are open by now, so this gets the number itself.
      _ = open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY)
    }
  }
}
