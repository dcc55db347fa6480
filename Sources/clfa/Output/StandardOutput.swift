import ArgumentParser
import Bytes
import Glibc
package import Queries
import Scoring

/// Standard output, written in large pieces; if the reader closes it, the program ends without an error.
///
/// On a terminal, control characters and characters that reorder text are written out first, in every format. In a pipe
/// or a file the bytes are unchanged.
final class StandardOutput {
  /// The errors that stop writing.
  enum WriteError: Error, CustomStringConvertible {
    /// The reader has closed the pipe, as `head` does; this counts as success.
    case closed
    /// The bytes cannot be written.
    case failed(code: Int32)
    /// A signal asked to stop.
    case interrupted

    var description: String {
      switch self {
      case .closed: "standard output is closed"
      case .failed(let code):
        "cannot write to standard output: \(String(cString: strerror(code))); check the disk or the pipe"
      case .interrupted: "interrupted"
      }
    }
  }

  /// Whether the output is a terminal.
  let isTerminal: Bool
  /// The terminal's columns; nil without a terminal.
  let width: Int?
  /// Bytes that are not yet written. Append to it, then call `drain`.
  var buffer: [UInt8] = []

  private let descriptor: Int32
  private static let piece = 1 << 16

  /// Prepares for writing; from now on a closed pipe is an error, no longer a signal that ends the process.
  init(descriptor: Int32 = STDOUT_FILENO) {
    signal(SIGPIPE, SIG_IGN)
    self.descriptor = descriptor
    isTerminal = Self.isTerminal(descriptor)
    width = isTerminal ? Self.width(descriptor) : nil
  }

  /// Whether the output is a terminal.
  static func isTerminal(_ descriptor: Int32 = STDOUT_FILENO) -> Bool { isatty(descriptor) == 1 }

  /// Appends a text.
  func write(_ text: String) throws(WriteError) {
    buffer.append(contentsOf: text.utf8)
    try drain()
  }

  /// Writes the buffer if it is large enough, or if the output is a terminal.
  func drain() throws(WriteError) {
    if buffer.count >= Self.piece || isTerminal { try flush() }
  }

  /// Writes the whole buffer.
  func flush() throws(WriteError) {
    let bytes = isTerminal ? Array(String(decoding: buffer, as: UTF8.self).printableLines.utf8) : buffer
    buffer.removeAll(keepingCapacity: true)
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count >= 0 {
        rest = rest.dropFirst(count)
        continue
      }
      switch errno {
      case EPIPE: throw .closed
      case EINTR: if Interrupt.isRequested { throw .interrupted }
      case EAGAIN:
        var state = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        if poll(&state, 1, -1) < 0, errno == EINTR, Interrupt.isRequested { throw .interrupted }
      case let code: throw .failed(code: code)
      }
    }
  }

  private static func width(_ descriptor: Int32) -> Int? {
    var size = winsize()
    if ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 { return Int(size.ws_col) }
    if let columns = getenv("COLUMNS"), let count = Int(String(cString: columns)), count > 0 { return count }
    return 80
  }
}

extension RowFormatName: ExpressibleByArgument {}

/// `--format`, for all commands that print rows.
struct FormatOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The output format. Default: on a terminal a table (lines for more than 10 columns), otherwise csv.",
      discussion:
        "table, lines, markdown and latex are for reading and round numbers; csv, tsv, json and jsonl contain full values."
    )
  )
  var format: RowFormatName?

  /// Whether rows with few columns are printed as a table.
  var isTable: Bool {
    (format ?? (StandardOutput.isTerminal() ? .table : .csv)) == .table
  }

  /// Whether rows are printed for people, rather than with every number in full.
  var isForPeople: Bool {
    switch format {
    case .table, .lines, .markdown, .latex: true
    case .csv, .tsv, .json, .jsonl: false
    case nil: StandardOutput.isTerminal()
    }
  }

  /// Whether rows with this many columns are printed as lines.
  func isLines(columns: Int) -> Bool {
    (format ?? (StandardOutput.isTerminal() ? .readable(columns: columns) : .csv)) == .lines
  }

  /// A writer for rows with this many columns, chosen by the destination.
  func writer(to output: StandardOutput, columns: Int) -> any RowFormat {
    (format ?? (output.isTerminal ? .readable(columns: columns) : .csv)).writer(width: output.width)
  }

  /// Prints a few rows; a closed pipe is not an error.
  func print(_ columns: [String], _ rows: [[QueryValue]]) throws {
    let output = StandardOutput()
    var format = writer(to: output, columns: columns.count)
    format.begin(columns, into: &output.buffer)
    for row in rows { format.row(row, into: &output.buffer) }
    format.end(into: &output.buffer)
    do { try output.flush() } catch StandardOutput.WriteError.closed {}
  }
}
