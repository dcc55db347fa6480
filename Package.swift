// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

/// A library target under `Sources`.
func library(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

/// A test target; it sees `package` declarations, so tests run on the optimised build that users run.
func tests(_ name: String, _ dependencies: [Target.Dependency], data: Bool = false) -> Target {
  .testTarget(
    name: name, dependencies: dependencies, exclude: data ? ["Data"] : [], swiftSettings: settings)
}

// The commit, for `clfa --version --verbose`; a checkout without git is "unknown".
let commit = Context.gitInformation.map { $0.currentCommit + ($0.hasUncommittedChanges ? "+changes" : "") }

/// `make build` links Swift's libraries into the program, so that it runs where Swift is not installed.
///
/// Only the link differs: `swift build --static-swift-stdlib` would compile every module again after `make test`, whose
/// bundle needs the shared libraries. The modules were compiled against those, so what Foundation consists of is named.
let linked: [LinkerSetting] =
  Context.environment["CLFA_STATIC"] == nil
  ? []
  : [
    .unsafeFlags([
      "-static-stdlib", "-lCoreFoundation", "-l_FoundationICU", "-l_FoundationCShims", "-l_FoundationCollections",
    ])
  ]

let grdb: Target.Dependency = .product(name: "GRDB", package: "GRDB.swift")
let sqlite: Target.Dependency = .product(name: "GRDBSQLite", package: "GRDB.swift")
let subprocess: Target.Dependency = .product(name: "Subprocess", package: "swift-subprocess")

/// The test targets that `CLFA_TESTS` names and all that they need, or every target: fewer are built sooner.
func quick(_ all: [Target]) -> [Target] {
  guard let names = Context.environment["CLFA_TESTS"] else { return all }
  var wanted = Set(names.split(separator: ",").map(String.init)), before = 0
  while before != wanted.count {
    before = wanted.count
    for target in all where wanted.contains(target.name) {
      for case .byNameItem(let name, _) in target.dependencies { wanted.insert(name) }
    }
  }
  return all.filter { wanted.contains($0.name) }
}

let package = Package(
  name: "clfa",
  products: Context.environment["CLFA_TESTS"] == nil ? [.executable(name: "clfa", targets: ["clfa"])] : [],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
  ],
  targets: quick([
    // System libraries.
    .systemLibrary(name: "CCSV", providers: [.apt(["libcsv-dev"])]),
    .systemLibrary(name: "CCrypto", providers: [.apt(["libssl-dev"])]),
    .systemLibrary(name: "CSQLite"),
    .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "CZstd", providers: [.apt(["libzstd-dev"])]),
    .systemLibrary(
      name: "CCairo", pkgConfig: "pangocairo", providers: [.apt(["libpango1.0-dev", "libcairo2-dev"])]),
    .systemLibrary(name: "CGlib", pkgConfig: "glib-2.0", providers: [.apt(["libglib2.0-dev"])]),
    .target(
      name: "CImages",
      linkerSettings: ["jpeg", "spng", "webp", "webpdemux", "gif", "avif", "heif"].map { .linkedLibrary($0) }),
    .target(name: "CKernels"),
    .target(name: "COneDNN", linkerSettings: [.linkedLibrary("dnnl")]),

    .target(
      name: "CBuild",
      cSettings: commit.map { [.define("CLFA_COMMIT", to: "\"\($0)\"")] } ?? []),

    // Strings compared as bytes, JSON, SHA-256.
    library("Bytes", ["CCrypto"]),

    // Files and folders: bounded reading, opening below a folder, atomic writing.
    library("Files"),

    // Files of other programs, read as data: no code in them runs.
    library("Archives", ["Bytes", "CZlib"]),

    // The way of a row, in order.
    library("Corpus", ["Bytes", "CCSV", "CZlib", "CZstd"]),
    library("Inputs", ["Archives", "Bytes", "CImages", "Files"]),
    library("Tensors", ["Bytes", "CKernels", "COneDNN"]),
    library("Models", ["Archives", "Bytes", "Files", "Tensors"]),
    library("Preparation", ["Bytes", "Corpus", "Files", "Inputs", "Models"]),
    .target(
      name: "Queries", dependencies: ["Bytes", "Files"], path: "Queries", resources: [.embedInCode("SQL")],
      swiftSettings: settings),
    library("Store", ["Bytes", "Corpus", "CSQLite", "Queries", grdb, sqlite]),
    library(
      "Explanation", ["Bytes", "Corpus", "Inputs", "Models", "Preparation", "Queries", "Results", "Tensors"]),
    library(
      "Scoring", ["Bytes", "Corpus", "Evaluation", "Files", "Inputs", "Models", "Preparation", "Store", "Tensors"]),

    // Training.
    library(
      "Training",
      [
        "Archives", "Bytes", "Corpus", "Evaluation", "Files", "Inputs", "Models", "Preparation", "Tensors", grdb,
      ]),

    // Evaluation, reports and exports of a run.
    library("Evaluation", ["Bytes"]),
    .target(
      name: "Reports", path: "Reports", exclude: ["examples"], resources: [.embedInCode("Layouts")],
      swiftSettings: settings),
    library("Results", ["Bytes", "Evaluation", "Inputs", "Queries", "Store", grdb, sqlite]),
    library(
      "Reporting",
      [
        "Bytes", "CCairo", "Evaluation", "Explanation", "Files", "Inputs", "Models", "Reports", "Results", "Training",
      ]),
    // A page to label posts on.
    .target(
      name: "Annotation", dependencies: ["Bytes", "Inputs", "Store", grdb], resources: [.embedInCode("Page")],
      swiftSettings: settings),

    library("Exporting", ["Bytes", "Corpus", "Files", "Queries", "Store"]),
    library(
      "Benchmark",
      [
        "Bytes", "CImages", "Corpus", "Evaluation", "Files", "Inputs", "Models", "Preparation", "Scoring", "Store",
        "Tensors", "Training",
      ]),

    // Grids of models, compared.
    library(
      "Ablation",
      [
        "Bytes", "Corpus", "Evaluation", "Inputs", "Models", "Preparation", "Results", "Scoring", "Store", "Training",
      ]),

    // Examining a corpus before scoring or training.
    library(
      "CorpusCheck", ["Bytes", "CGlib", "Corpus", "Evaluation", "Files", "Inputs", "Models", "Preparation", "Tensors"]),

    // Generating the samples.
    library("SampleGenerator", ["Bytes", "CCairo", "CImages", "Corpus", "Files", "Inputs", "Evaluation"]),
    .executableTarget(
      name: "irony",
      dependencies: ["Bytes", "SampleGenerator", .product(name: "ArgumentParser", package: "swift-argument-parser")],
      swiftSettings: settings),

    .executableTarget(
      name: "clfa",
      dependencies: [
        "Ablation", "Annotation", "Benchmark", "Bytes", "CBuild", "Corpus", "CorpusCheck", "Evaluation", "Explanation",
        "Exporting",
        "Files", "Inputs", "Models", "Preparation", "Queries", "Reporting", "Reports", "Results", "Scoring", "Store",
        "Tensors",
        "Training",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: settings, linkerSettings: linked),

    // Shared by several test targets.
    .target(
      name: "TestSupport", dependencies: ["CZlib", "CZstd"], path: "Tests/TestSupport", swiftSettings: settings),

    // The reference's small models, for the tests of several targets.
    .target(
      name: "GoldenModels", dependencies: ["Archives", "Models"], path: "Tests/GoldenModels", swiftSettings: settings),

    // The readers of untrusted files, for `make fuzz` and the tests.
    .target(
      name: "FuzzTargets", dependencies: ["Archives", "Bytes", "CImages", "Corpus", "Inputs", "Queries"],
      path: "Tests/FuzzTargets", swiftSettings: settings),
    tests("FuzzTests", ["FuzzTargets"], data: true),

    tests(
      "AblationTests",
      [
        "Ablation", "Bytes", "Corpus", "Evaluation", "Models", "Results", "Scoring", "Store", "TestSupport", "Training",
      ]),
    tests("AnnotationTests", ["Annotation", "Bytes", "Inputs", "ResultsFixtures", "Store", "TestSupport", grdb]),
    tests("ArchitectureTests", ["TestSupport"]),
    tests(
      "CorpusCheckTests",
      ["Bytes", "CImages", "Corpus", "CorpusCheck", "Evaluation", "Inputs", "Models", "Preparation", "TestSupport"]),
    tests("ArchivesTests", ["Archives", "Bytes", "Evaluation", "TestSupport"], data: true),
    tests("BytesTests", ["Bytes"]),
    tests("FilesTests", ["Files", "TestSupport"]),
    tests("CorpusTests", ["Bytes", "Corpus", "Evaluation", "TestSupport"], data: true),
    tests(
      "InputsTests", ["Bytes", "Preparation", "Corpus", "Inputs", "Evaluation", "Models", "TestSupport"], data: true),
    tests("TensorsTests", ["CKernels", "Tensors", "TestSupport"]),
    tests("ModelsTests", ["Archives", "Bytes", "Evaluation", "GoldenModels", "Models", "Tensors"], data: true),
    tests(
      "ExplanationTests",
      [
        "Archives", "Bytes", "Explanation", "GoldenModels", "Inputs", "Models", "Queries", "Results", "ResultsFixtures",
        "Tensors", "TestSupport",
      ],
      data: true),
    tests("QueriesTests", ["Bytes", "Queries", "TestSupport"]),
    tests("StoreTests", ["Bytes", "Corpus", "Queries", "Store", "TestSupport", grdb]),
    tests(
      "ScoringTests",
      ["Bytes", "Preparation", "Corpus", "Evaluation", "Inputs", "Models", "Scoring", "Store", "TestSupport", grdb]),
    tests("EvaluationTests", ["Bytes", "Evaluation"], data: true),
    .target(
      name: "ResultsFixtures", dependencies: ["Store", "TestSupport", grdb], path: "Tests/ResultsFixtures",
      swiftSettings: settings),
    tests(
      "ResultsTests",
      ["Bytes", "Evaluation", "Inputs", "Queries", "Results", "ResultsFixtures", "Store", "TestSupport", grdb],
      data: true),
    tests(
      "ReportingTests",
      [
        "Bytes", "Evaluation", "Explanation", "Inputs", "Models", "Reporting", "Results", "ResultsFixtures", "Store",
        "TestSupport", "Training", grdb,
      ]),
    tests(
      "TrainingTests",
      [
        "Preparation",
        "Archives", "Bytes", "CKernels", "Corpus", "Evaluation", "GoldenModels", "Inputs", "Models", "Scoring",
        "Tensors", "TestSupport",
        "Training",
        grdb,
      ],
      data: true),
    tests("ExportingTests", ["Bytes", "Corpus", "Exporting", "Queries", "Store", "TestSupport", grdb]),
    tests("BenchmarkTests", ["Preparation", "Benchmark", "Corpus", "Inputs", "Models", "TestSupport"]),
    tests(
      "SampleGeneratorTests",
      ["Archives", "Bytes", "CImages", "Corpus", "Inputs", "SampleGenerator", "Evaluation", "TestSupport"]),
    tests(
      "CommandTests",
      [
        "Preparation", "Bytes", "clfa", "irony", "Corpus", "Queries", "Evaluation", "TestSupport", "Training", grdb,
        subprocess,
      ], data: true),
  ])
)
