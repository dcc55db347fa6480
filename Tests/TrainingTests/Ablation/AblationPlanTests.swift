import Bytes
import Models
import TestSupport
import Testing
import Training

@Suite struct AblationPlanTests {
  private func plan(_ json: String) throws -> AblationPlan { try AblationPlan(json: Array(json.utf8), path: "p.json") }

  @Test func aPlanEqualsFlags() throws {
    let plan = try plan(
      """
      {"corpus": ["a.csv", "b.csv"], "validation": "v.csv", "test": ["t.csv", "u.csv"], "alpha": 0.5, "epochs": 3,
       "text-size": "1x16", "deterministic": true, "with-knowledge": true, "no-header": false, "seeds": [1, 2],
       "grid": {"alpha": [0, 1.0], "knowledge": [false, true], "aggregation": ["concat"]}}
      """)
    #expect(plan.corpora == ["a.csv", "b.csv"])
    #expect(
      plan.flags == [
        "validation=v.csv", "test=t.csv", "test=u.csv", "alpha=0.5", "epochs=3", "text-size=1x16",
        "with-knowledge", "seeds=1,2", "grid=alpha=0,1", "grid=knowledge=off,on", "grid=aggregation=concat",
      ])
  }

  @Test(arguments: [
    (
      #"{"corpus": "a.csv", "epoch": 3}"#,
      AblationError.unknownPlanKey(path: "p.json", key: "epoch", known: AblationPlan.keys)
    ),
    (
      #"{"corpus": "a.csv", "progress": "none"}"#,
      .unknownPlanKey(path: "p.json", key: "progress", known: AblationPlan.keys)
    ),
    (
      #"{"corpus": "a.csv", "epochs": [3]}"#,
      .wrongKind(path: "p.json", key: "epochs", takes: "a string or a number", found: "a list")
    ),
    (
      #"{"corpus": "a.csv", "epochs": null}"#,
      .wrongKind(path: "p.json", key: "epochs", takes: "a string or a number", found: "null")
    ),
    (
      #"{"corpus": "a.csv", "with-knowledge": 1}"#,
      .wrongKind(path: "p.json", key: "with-knowledge", takes: "true or false", found: "a whole number")
    ),
    (
      #"{"corpus": "a.csv", "grid": [1]}"#,
      .wrongKind(path: "p.json", key: "grid", takes: "an object of lists", found: "a list")
    ),
    (
      #"{"corpus": "a.csv", "grid": {"alpha": 1}}"#,
      .wrongKind(path: "p.json", key: "grid.alpha", takes: "a list", found: "a whole number")
    ),
    (#"{"corpus": "a.csv", "grid": {"alfa": [1]}}"#, .unknownGridKey("alfa")),
    (#"{"corpus": "a.csv", "grid": {"alpha": []}}"#, .noValues(key: "alpha")),
    (
      #"{"corpus": {"a": 1}}"#,
      .wrongKind(path: "p.json", key: "corpus", takes: "strings or numbers", found: "an object")
    ),
    (
      #"{"corpus": "other.json"}"#,
      .wrongKind(path: "p.json", key: "corpus", takes: "CSV or TSV files", found: "a plan")
    ),
    (#"{"epochs": 3}"#, .missingPlanKey(path: "p.json", key: "corpus")),
    (#"[]"#, .wrongKind(path: "p.json", key: "", takes: "an object", found: "a list")),
    (#"{"corpus": "a.csv", "corpus": "b.csv"}"#, .notJSON(path: "p.json", .duplicateKey("corpus", at: 20))),
    (#"{"corpus": "a.csv",}"#, .notJSON(path: "p.json", .expected("a string", at: 19))),
  ])
  func rejectsInvalidPlans(json: String, error: AblationError) {
    #expect(throws: error) { try plan(json) }
  }

  @Test func aPlanHasLimits() throws {
    let long = #"{"corpus": ""# + String(repeating: "a", count: AblationPlan.byteLimit) + #""}"#
    #expect(throws: AblationError.planTooLong(path: "p.json", limit: AblationPlan.byteLimit)) { try plan(long) }
    let deep = #"{"corpus": "# + String(repeating: "[", count: 40) + String(repeating: "]", count: 40) + "}"
    #expect(throws: AblationError.self) { try plan(deep) }
    let scratch = try Scratch()
    #expect(throws: AblationError.planTooLong(path: scratch.file("p.json"), limit: AblationPlan.byteLimit)) {
      try AblationPlan.load(try scratch.write("p.json", long))
    }
    #expect(
      throws: AblationError.unreadablePlan(path: scratch.file("no.json"), .missingFile(path: scratch.file("no.json")))
    ) {
      try AblationPlan.load(scratch.file("no.json"))
    }
  }

  @Test func messagesSayHowToFixIt() {
    let error = AblationError.unknownPlanKey(path: "p.json", key: "epoch", known: AblationPlan.keys)
    #expect("\(error)".contains("did you mean \"epochs\"?"))
  }
}
