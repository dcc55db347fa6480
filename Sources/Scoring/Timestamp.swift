public import Foundation

/// Moments as the store writes them: UTC, ISO 8601, whole seconds.
public enum Timestamp {
  /// A moment, such as `2026-01-31T12:00:00Z`.
  public static func utc(_ date: Date) -> String { date.formatted(.iso8601) }

  /// This moment.
  public static var now: String { utc(Date()) }
}
