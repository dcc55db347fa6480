import GRDB
import Queries
import Store

/// Finds out what a run can tell.
enum CapabilityQuery {
  /// - Complexity: A look at an index for each thing that the run can tell, a pass over its rows for each that it cannot.
  static func fetch(_ database: Database, run: RunFacts, scorer: ScorerFacts) throws -> RunCapabilities {
    var told: Set<RunCapabilities.Need> = []
    let posts = "FROM entry WHERE run_id = ?1 AND state IN ('scored', 'without_picture')"
    let predictions = """
      FROM entry CROSS JOIN prediction ON prediction.scorer_id = ?2 AND prediction.post_id = entry.post_id
      WHERE entry.run_id = ?1 AND entry.state IN ('scored', 'without_picture')
      """
    func has(_ space: String) -> String {
      "EXISTS (SELECT 1 FROM embedding WHERE scorer_id = ?2 AND space = '\(space)')"
    }
    let questions: [(RunCapabilities.Need, String)] = [
      (.posts, "EXISTS (SELECT 1 \(posts))"),
      (
        .truth,
        """
        EXISTS (SELECT 1 FROM label)
        AND EXISTS (SELECT 1 \(posts) AND EXISTS (SELECT 1 FROM label WHERE label.post_id = entry.post_id))
        """
      ),
      (.confidence, "NOT \(QueryParts.lacksConfidence(scorer: "?2"))"),
      (
        .probabilities,
        """
        NOT EXISTS (SELECT 1 FROM scorer WHERE id = ?2 AND options ->> '$.hard' = 1)
        AND NOT \(QueryParts.hasOnlyWholeProbabilities(scorer: "?2"))
        """
      ),
      (.pictures, "EXISTS (SELECT 1 FROM entry WHERE run_id = ?1 AND state = 'scored')"),
      (
        .similarity,
        """
        EXISTS (SELECT 1 FROM prediction WHERE scorer_id = ?2 AND text_image_similarity IS NOT NULL)
        AND EXISTS (SELECT 1 \(predictions) AND prediction.text_image_similarity IS NOT NULL)
        """
      ),
      (.pairVectors, "\(has("text")) AND \(has("image"))"),
      (.fusedVectors, has("fused")),
      (
        .dates,
        "EXISTS (SELECT 1 \(posts) AND EXISTS (SELECT 1 FROM post WHERE id = post_id AND posted_at IS NOT NULL))"
      ),
    ]
    for (need, question) in questions
    where try Bool.fetchOne(database, sql: "SELECT \(question)", arguments: arguments(question, run, scorer)) ?? false {
      told.insert(need)
    }
    if !scorer.isForeign { told.insert(.pieces) }
    let isHard = try Bool.fetchOne(
      database, sql: "SELECT options ->> '$.hard' IS 1 FROM scorer WHERE id = ?", arguments: [scorer.id])
    return RunCapabilities(
      told, isImported: scorer.isForeign,
      hasWholeProbabilities: scorer.isForeign && !told.contains(.probabilities) && isHard == false)
  }

  /// The run's and the scorer's row, as far as a question names them: `?2` counts `?1`, too.
  private static func arguments(_ question: String, _ run: RunFacts, _ scorer: ScorerFacts) -> StatementArguments {
    question.contains("?2") ? [run.id, scorer.id] : [run.id]
  }
}
