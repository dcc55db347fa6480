extension StoreSchema {
  /// What a run says about how far it can be trusted; NULL in runs that were made before it was recorded.
  static let trust = """
    ALTER TABLE run ADD COLUMN mismatches TEXT CHECK (mismatches IS NULL OR json_valid(mismatches));
      -- what the model was trained on and this corpus lacks: a JSON array of objects
    ALTER TABLE run ADD COLUMN checksum TEXT;        -- of the run's entries and predictions, recorded at its end
    """
}
