import Annotation
import ArgumentParser
import Benchmark
import Bytes
import Corpus
import CorpusCheck
import Explanation
import Exporting
import Inputs
import Models
import Preparation
import Queries
import Reporting
import Results
import Scoring
import Store
import Tensors
import Training

/// The flags that fix an error. Libraries describe the problem without naming flags; commands add these words.
enum Advice {
  /// An error's words with the flags that fix it.
  static func message(of error: any Error) -> String {
    let message = CLFA.message(for: error)
    guard let advice = advice(for: error) else { return message }
    return message + "; " + advice
  }

  /// A finding's words with the flags that help.
  static func message(of finding: Finding) -> String {
    switch finding {
    case .spellings: "\(finding) with --labels THEIRS=NAME,…"
    case .damagedTexts(let texts) where texts.damage == .readAsWindows1252:
      "\(finding); if the file was read with --encoding windows-1252, leave that out"
    case .undecodedFile(let file) where file.encoding == .windows1252 && !file.isMixed:
      "\(finding); or read it with --encoding windows-1252"
    case .unknownLabels(_, _, haveNames: true): "\(finding) with --labels THEIRS=MODEL'S,…"
    case .mismatch(let mismatch): [mismatch.words, advice(for: mismatch)].compactMap(\.self).joined(separator: "; ")
    default: "\(finding)"
    }
  }

  /// A warning's words with the flags that change what it is about.
  static func message(of warning: TrainingWarning) -> String {
    let flags =
      switch warning {
      case .smallBatch, .sharedVectors: "--batch (not --accumulate)"
      case .teacherAtChance: "--id, --teacher, --alpha 0"
      case .collapsed: "--temperature, --batch, --learning-rate; clfa teach --centre or --whiten"
      case .ignored: "--learning-rate, --aggregation; clfa check"
      case .oneLabel: "--head-learning-rate, --recipe frozen, --epochs"
      }
    return "\(warning) Options: \(flags)."
  }

  /// The flags that fix an error; nil if its own words are enough.
  static func advice(for error: any Error) -> String? {
    switch error {
    case let error as CorpusError: flags(for: error)
    case let error as PredictionFileError: flags(for: error)
    case let error as StoreError: flags(for: error)
    case CollectError.withoutPosts: "run clfa stream with --with-posts"
    case CollectError.otherRecords: "or name another run with --run"
    case let error as AnnotationError: flags(for: error)
    case let error as SimilarityError: flags(for: error)
    case ResultsError.noNumberColumn(let name, _):
      "clfa score --column '\(name.printable(upTo: 60)):integer' (or :real) says that a column of the corpus has numbers"
    case PostProbeError.otherModel: "name that model's folder with --model, or a run of this one with --run"
    case PostProbeError.picture(_, .missing): "check the path after --image"
    case let error as ScoredPostError: flags(for: error)
    case let error as QueryError: flags(for: error)
    case QueryArgumentError.noQuery: "SQL itself follows --sql"
    case let error as FeatureSelectionError: flags(for: error)
    case PictureFolderError.missing, PictureFolderError.notAFolder:
      "name the folder that picture paths start from with --images"
    case let error as ModelError: flags(for: error)
    case let error as HubError: flags(for: error)
    case InstructionSetError.lacks: "use --precision f32, or another --isa"
    case let error as MissingInputsError: flags(for: error)
    case QuantisationError.noLabels: "name the column of labels with --label, and coded labels with --labels"
    case ScoringError.noThreads: "raise the limit (ulimit -u), or give a smaller --threads"
    case ScoringError.corpusChanged: "name the new run with --run NAME"
    case let error as TrainingError: flags(for: error)
    case let error as TrainingDataError: flags(for: error)
    case SoftLabelError.namelessColumns, SoftLabelError.otherCount:
      "--label-order gives the order of the labels, and --label-probabilities takes LABEL=COLUMN"
    case SoftLabelError.noRun, SoftLabelError.notAStore: "clfa runs STORE lists a store's runs"
    case let error as TeachingError: flags(for: error)
    case ScoringError.finishedCorpusChanged: "name another run with --run to score the corpus as it is"
    case ScoringError.diskTooSmall(_, _, _, let hasVectors):
      (hasVectors ? "keep fewer vectors (--embeddings none), " : "")
        + "score a part of the corpus (--sample, --shard), or use another disk"
    case ExternalVectorsError.file(let error): advice(for: error)
    case ExternalVectorsError.numpyFiles: "name each .npy file with --vectors, and the file of ids with --ids"
    case ExternalVectorsError.noMatch: "take the right file, or name the corpus' column of ids with --id"
    case let error as AblationError: flags(for: error)
    case ExplanationError.otherModel: "name that model's folder with --model, or a run of the other with --run"
    case ExplanationError.model(let error): advice(for: error)
    case let error as ExportError: flags(for: error)
    case let error as ReportingError: flags(for: error)
    case let error as BenchmarkError: flags(for: error)
    default: nil
    }
  }
}

// MARK: - Corpora

extension Advice {
  private static func flags(for error: CorpusError) -> String? {
    switch error {
    case .nulInHeader(_, .utf16): "read it as UTF-8 (leave out --encoding), or convert it with iconv first"
    case .nulInHeader: "add --encoding utf-16"
    case .headerNotText(_, .utf8): "name the encoding, such as --encoding windows-1252 or utf-16"
    case .headerNotText(_, .utf16): "if it is UTF-8, leave out --encoding"
    case .headerNotText: "name another --encoding"
    case .otherContent(_, .byteOrder(.utf8), _): "leave out --encoding"
    case .otherContent(_, .byteOrder(let found), _): "add --encoding \(found.rawValue)"
    case .joinedHeader(_, _, let separator, _): "add --delimiter \(Delimiter.spelled(separator))"
    case .otherHeaderDelimiter(_, _, let rows):
      "or read it as it is: --skip-lines 1 --no-header --delimiter \(Delimiter.spelled(rows)), and name all columns by "
        + "number, such as --id 1 --text 2 --image 3"
    case .longSeparator: "and read FIXED with --delimiter '\\x01'"
    case .lowerHeader(_, let line, let sign, _, let separator):
      (sign.map { "add --comment '\(Character(Unicode.Scalar($0)))'" } ?? "add --skip-lines \(line - 1)")
        + (separator.map { " --delimiter \(Delimiter.spelled($0))" } ?? "")
    case .missingColumn(_, let role, _, _, []), .missingMember(_, let role, _, _, [], _):
      "name yours with --\(role.rawValue)"
    case .missingLabelColumn(_, let option, _, _): "name yours with --\(option)"
    case .noContentColumn(_, _, _, _, []):
      "name yours with --text or --image; if the first line is a post and not a header, add --no-header, and name columns "
        + "by number, such as --text 2"
    case .otherLines(_, .pythonList), .otherLines(_, .jsonList), .otherLines(_, .rowLists(hasHeader: false)):
      "then add --no-header, and name columns by number, such as --id 1 --text 2 --label 4"
    case .otherLines(_, .twitterArchive): "then name columns such as --id tweet.id_str --text tweet.full_text"
    case .otherLines(_, .recordsByKey): "then add --id key, unless the posts have ids of their own"
    case .nestedMember(_, let role, _, _, let suggestion, _):
      suggestion.map { "name the member within it: --\(role.rawValue) \(Shell.word($0))" }
        ?? "name another with --\(role.rawValue)"
    case .noObjects(_, _, _, .json(.syntax), []): "or read them as they are: --records ."
    case .notJSON: "leave out --records"
    case .notATable: "leave out --delimiter and --no-header, and also --quote, --escape, --skip-lines and --comment"
    case .noObjects(_, _, _, _, let lists) where !lists.isEmpty,
      .noContentMember(_, _, _, _, _, _, let lists) where !lists.isEmpty,
      .noPresetColumn(_, _, _, _, _, let lists) where !lists.isEmpty:
      "name it with --records " + lists.map(Shell.word).joined(separator: " or --records ")
    case .noPresetColumn(_, _, _, _, [], []):
      "name another preset (--list-presets shows all), or your columns with --text or --image"
    case .presetOfJSON: "name another preset; --list-presets shows all"
    case .noPresetList: "name yours with --records, or another preset (--list-presets shows all)"
    case .noContentMember(_, _, _, _, [], _, _): "name yours with --text or --image"
    case .noRecordList(_, .some): "correct --records"
    case .missingColumn(_, _, _, _, let guesses), .noContentColumn(_, _, _, _, let guesses),
      .missingMember(_, _, _, _, let guesses, _), .noContentMember(_, _, _, _, let guesses, _, _),
      .noPresetColumn(_, _, _, _, let guesses, _):
      "did you mean \(guesses.map { "--\($0.role.rawValue) \(Shell.word($0.name.text))" }.joined(separator: " ")) ?"
    default: nil
    }
  }

  private static func flags(for error: PredictionFileError) -> String? {
    switch error {
    case .table(let error): advice(for: error)
    case .missingColumn(_, let part, _, _): "name yours with --\(part.rawValue)"
    case .nothingPredicted: "name yours with --label or --probabilities"
    case .noProbabilities: "name their prefix with --probabilities, or leave it out"
    case .repeatedLabel: "rename one of them, or correct --labels"
    case .tooManyLabels: "check that --label names the column of predicted labels"
    default: nil
    }
  }

  private static func flags(for error: MissingInputsError) -> String? {
    let columns = error.mismatches.compactMap(advice)
    let names = error.mismatches.map(\.subject.name).joined(separator: ",")
    return (columns + ["or score the posts all the same with --allow-missing \(names)"]).joined(separator: "; ")
  }

  private static func advice(for mismatch: InputMismatch) -> String? {
    guard case .input(let input) = mismatch.subject else { return nil }
    let flag =
      switch input {
      case .text: "--text "
      case .picture: "--image "
      case .knowledge: "--knowledge "
      case .stream(let name): "--feature \(name)="
      }
    return switch mismatch.remedy {
    case .column(let name): "name its column with \(flag)\(name.map(Shell.word) ?? "COLUMN")"
    case .textAndPicture(let textInKnowledge):
      "name the columns with --text COLUMN and --image COLUMN" + (textInKnowledge ? ", such as --text knowledge" : "")
    case nil: nil
    }
  }
}

extension Advice {
  private static func flags(for error: FeatureSelectionError) -> String? {
    switch error {
    case .noStream(let name, _, []): "leave out --feature \(name)"
    case .noStream, .noColumn: "correct --feature STREAM=COLUMN"
    case .folder: "name the folder that feature paths start from with --features"
    case .noFiles(let stream, _): "fill the column, or leave out --feature \(stream)"
    case .width(_, let stream, _): "leave out --feature \(stream), or make its rows shorter"
    case .standardInput, .badFile: nil
    }
  }
}

// MARK: - Stores

extension Advice {
  private static func flags(for error: StoreError) -> String? {
    switch error {
    case .runFinished:
      "name another run with --run, leave --run out for a new one, or add --retry-faults to try its faults again"
    case .runDiffers: "repeat that command to continue it, or name another run with --run"
    case .importDiffers: "name another run with --run, or remove that one with `clfa runs drop`"
    case .noneImported(_, let rows, _) where rows > 0: "check --id and the columns, and score the posts first"
    case .notScored: "run the command again with --rescore"
    case .reservedLabelSource, .notAMajority: "give another name with --source"
    case .tooFewLabelSources: "add labels with `clfa label`, or name corpus among the sources with --among"
    case .merge(.predictionsDiffer), .merge(.vectorsDiffer): "score one of them again with --rescore"
    default: nil
    }
  }

  private static func flags(for error: AnnotationError) -> String? {
    switch error {
    case .noSuchSample: "name one with --sample"
    case .badAnnotator, .reservedAnnotator: "the name follows --annotator"
    case .tooFewLabels, .tooManyLabels, .badLabel, .repeatedLabel: "labels follow --labels, with commas between them"
    case .badAddress: "the address follows --listen"
    case .portTaken: "name another one with --port, or leave --port out"
    case .noSamples, .emptySample, .cannotListen: nil
    }
  }

  private static func flags(for error: SimilarityError) -> String? {
    switch error {
    case .store(let error): advice(for: error)
    case .noSuchPost: "check the key, or name another run with --run"
    case .noVector(_, _, let spaces) where spaces.isEmpty, .emptySpace(_, _, let spaces) where spaces.isEmpty:
      "score the corpus again with --embeddings all, into a run of its own"
    case .noVector(_, _, let spaces), .emptySpace(_, _, let spaces):
      "choose another: " + spaces.map { "--space \($0.printable)" }.joined(separator: " or ")
    case .zeroLength: "choose another --space"
    case .condition: "correct it after --where"
    default: nil
    }
  }

  private static func flags(for error: ScoredPostError) -> String? {
    switch error {
    case .unknown(_, _, nil): "list some with clfa query STORE --sql 'SELECT key FROM scored LIMIT 10'"
    case .unknown: nil
    case .inOtherRuns(_, _, let others): others.first.map { "add --run \"\($0.printable)\"" }
    case .faulted: "fix the row and score again with --retry-faults"
    }
  }

  private static func flags(for error: QueryError) -> String? {
    switch error {
    case .store(let error): advice(for: error)
    case .arguments(.noQuery): "SQL itself follows --sql"
    case .sqlite(_, let message) where message.hasPrefix("no such "):
      "list the tables and columns with clfa query STORE --sql \"select sql from sqlite_schema\""
    default: nil
    }
  }
}

// MARK: - Models and training

extension Advice {
  private static func flags(for error: ModelError) -> String? {
    switch error {
    case .isQuantised: "use --precision int8 or auto, or the model that it was made from"
    case .unsupportedPrecision: "use --precision f32"
    default: nil
    }
  }

  private static func flags(for error: HubError) -> String? {
    switch error {
    case .file(let error): advice(for: error)
    case .encoderAlone(_, let kind): "clfa train makes a model of it, with --\(kind)-encoder"
    case .unexpectedTensors(_, let names):
      "add --ignore '\(names.first.map { $0.prefix { $0 != "." } + ($0.contains(".") ? ".*" : "") } ?? "")'"
    case .adapter(_, .noBase): "add --base FOLDER to clfa train, clfa teach or clfa model import"
    case .wrongFolder(_, .pictureEncoder): "give it with --image-encoder"
    case .wrongFolder(_, .textEncoder): "give it with --text-encoder"
    case .wrongFolder(_, .clfaModel): "continue its training with --from"
    case .severalPrefixes: "such as --ignore 'teacher.*'"
    case .heads(.text, _, _): "say how many there are with --text-heads"
    case .heads(.image, _, _): "say how many there are with --image-heads"
    case .heads(.fusion, _, _): "say how many there are with --fusion-heads"
    case .labelCount: "name every label once with --label-names"
    case .labelName: "give each label its own name with --label-names"
    default: nil
    }
  }

  private static func flags(for error: TrainingError) -> String? {
    switch error {
    case .model(let error): advice(for: error)
    case .hub(let error): advice(for: error)
    case .noTeacher(nil): "name their file with --teacher (clfa teach makes one), or give --alpha 0"
    case .noTeacher: "name the posts' column of ids with --id, or give --alpha 0"
    case .tooFewPosts: "give a smaller --batch or --accumulate"
    case .notFinite(_, _, let checkpoint):
      "give a lower --learning-rate, a longer --warmup or --precision f32"
        + (checkpoint == nil ? "" : "; --resume continues from the last good state")
    case .alreadyThere: "remove it, or name another folder with -o"
    case .inUse: "wait for it to end, or name another folder with -o"
    case .begun: "continue it with --resume, or remove the folder to start again"
    case .nothingToResume: "leave out --resume to start one"
    default: nil
    }
  }

  private static func flags(for error: TrainingDataError) -> String? {
    switch error {
    case .noPosts: "name the column of labels with --label"
    case .oneLabel: "give posts of at least two labels, or name the right column with --label"
    case .unknownLabels: "where only the names differ, add --labels THEIRS=OURS,…"
    case .noKnowledgeColumn: "name it with --knowledge COLUMN, or train without --with-knowledge"
    case .noKnowledge: "name another with --knowledge COLUMN, or train without --with-knowledge"
    default: nil
    }
  }

  private static func flags(for error: TeachingError) -> String? {
    switch error {
    case .noPosts: "name the columns with --text-column and --image-column"
    case .oneVector: "check --text-column and --image-column"
    case .tooManyDirections(_, let width): "--whiten takes at most \(width)"
    case .noPictures: "name their column with --image-column and their folder with --images"
    case .unsupportedTeacher: "import another teacher's vectors with --vectors"
    case .differentWidths: "name them with --text-teacher and --image-teacher"
    case .readsWords: "take a CLIP teacher, or leave out --images and --decode"
    default: nil
    }
  }

  private static func flags(for error: AblationError) -> String? {
    switch error {
    case .unknownGridKey("seed"), .noSeeds: "give seeds with --seeds 1,2,3"
    case .noAxes: "add --grid alpha=0,1, or \"grid\" to the plan"
    case .unreadablePlan(_, let error): advice(for: error)
    case .otherCell: "run the same command as before, name another folder with -o, or remove that one"
    case .noRecord: "name another folder with -o, or remove it"
    case .planTooLong, .notJSON, .missingPlanKey, .unknownPlanKey:
      "if these are posts and no plan, name the member that lists them with --records, or let the file's name end in "
        + ".jsonl if each line is a post"
    default: nil
    }
  }
}

// MARK: - Outputs

extension Advice {
  private static func flags(for error: ExportError) -> String? {
    switch error {
    case .exists: "name another with -o"
    case .otherFiles, .corpusDiffers(_, _, .fewerRecords), .corpusDiffers(_, _, .moreRecords):
      "or name the run of this file with --run"
    case .tooManyColumns: "give the corpus itself with --corpus"
    case .corpusDiffers(_, _, .otherKey), .corpusDiffers(_, _, .otherContent):
      "give the file as it was scored, and the same flags for its columns (--id, --text and so on), or name its run with --run"
    default: nil
    }
  }

  private static func flags(for error: ReportingError) -> String? {
    switch error {
    case .badLayoutFile: "clfa report --help says how a layout is written"
    case .otherModel: "name that model's folder with --model, or leave out --model"
    case .figureTooNarrow(_, _, let needed):
      needed <= 400 ? "give --width \(needed)mm or more" : "draw it in a report, without --figure"
    default: nil
    }
  }

  private static func flags(for error: BenchmarkError) -> String? {
    switch error {
    case .faulted: "where posts are kept with --keep, empty that folder first"
    case .notABenchmarkFolder: "name an empty or new folder with --keep"
    case .inUse: "wait for it to end, or name another folder with --keep"
    default: nil
    }
  }
}
