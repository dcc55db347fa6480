import GRDB

extension Configuration {
  /// What every connection to a store has in common.
  static func store(readonly: Bool) -> Configuration {
    var configuration = Configuration()
    configuration.readonly = readonly
    configuration.foreignKeysEnabled = true
    configuration.busyMode = .timeout(10)
    configuration.prepareDatabase { db in
      // A store may come from anywhere: a damaged page is found before it is followed. (`trusted_schema`
      // stays on: SQLite 3.40 would refuse the schema's own `json_valid`.)
      try db.execute(sql: "PRAGMA cell_size_check = ON")
      if !readonly {
        // Means something only until the first page is written. A vector of 512 float32 with its key
        // then stays inside its page.
        try db.execute(sql: "PRAGMA page_size = \(StoreSchema.pageSize); PRAGMA cache_size = -65536")
      }
    }
    return configuration
  }
}
