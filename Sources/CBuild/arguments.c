#include <unistd.h>

/// Of Swift's runtime: sets what `CommandLine.arguments` returns.
extern void _swift_stdlib_overrideUnsafeArgvArgc(char **argv, int argc);

/// Swift reads the arguments from /proc/self/cmdline, and traps where /proc is not mounted, as in a bare chroot. There
/// it gets those that glibc passes to constructors.
__attribute__((constructor)) static void keep_arguments(int argc, char **argv) {
  if (access("/proc/self/cmdline", R_OK) != 0) _swift_stdlib_overrideUnsafeArgvArgc(argv, argc);
}
