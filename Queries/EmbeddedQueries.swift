extension NamedQuery {
  /// The compiled-in files of `SQL/`, by name. SwiftPM offers each as a constant but lists none, so a new
  /// file needs a line here; a test compares the two.
  package static let embedded: [(name: String, sql: [UInt8])] = [
    ("columns", PackageResources.columns_sql),
    ("confused-pairs", PackageResources.confused_pairs_sql),
    ("confusion", PackageResources.confusion_sql),
    ("coverage", PackageResources.coverage_sql),
    ("disagreements", PackageResources.disagreements_sql),
    ("drift", PackageResources.drift_sql),
    ("fault-counts", PackageResources.fault_counts_sql),
    ("fault-stages", PackageResources.fault_stages_sql),
    ("faults", PackageResources.faults_sql),
    ("labels", PackageResources.labels_sql),
    ("least-certain", PackageResources.least_certain_sql),
    ("most-certain-mistakes", PackageResources.most_certain_mistakes_sql),
    ("near-duplicates", PackageResources.near_duplicates_sql),
    ("post", PackageResources.post_sql),
    ("search", PackageResources.search_sql),
    ("share-over-time", PackageResources.share_over_time_sql),
    ("shares-by", PackageResources.shares_by_sql),
    ("triage", PackageResources.triage_sql),
    ("unaligned", PackageResources.unaligned_sql),
  ]
}
