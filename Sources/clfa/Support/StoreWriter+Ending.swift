import Store

extension StoreWriter {
  /// Closes a store whose command has failed already, and says what that leaves to be done; does nothing after a close.
  func closeAfterError(say: (String) -> Void = Console.line) {
    do { try close() } catch { say("\(error)") }
  }

  /// Says what the store's user should know.
  func sayNotices() {
    for notice in notices { Console.line("notice: \(notice)") }
  }
}
