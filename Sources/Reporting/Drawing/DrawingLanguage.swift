import Glibc

/// The language that Pango and Fontconfig choose fonts by.
///
/// Both ask the environment which of several fonts a reader would like for a script, Han above all, and keep the
/// answer for the rest of the process. A page must not look different for a reader with another locale, so the
/// answer is given before they ask. Neither library has a function for this.
enum DrawingLanguage {
  /// Fixes the language, once a process; must run before the first call to Pango.
  static func fix() { fixed }

  private static let fixed: Void = {
    for name in ["FC_LANG", "PANGO_LANGUAGE"] { setenv(name, "en", 1) }
  }()
}
