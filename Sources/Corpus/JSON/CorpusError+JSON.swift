import Bytes

extension CorpusError {
  /// The words of the errors of JSON and of compressed files.
  var formatDescription: String {
    switch self {
    case .otherLines(let file, let kind): "\(Self.shown(file)): \(Self.words(kind, file))"
    case .notJSON(let file): "\(Self.shown(file)) is not JSON, so it has no list of posts by a name"
    case .notATable(let file): "\(Self.shown(file)) is JSON, which has neither a delimiter nor a header"
    case .noObjects(let file, let rows, let line, let fault, let lists):
      "\(Self.shown(file)): \(rows == 1 ? "its only line is not" : "none of its first \(rows) lines is") a post as a JSON "
        + "object (line \(line): \(fault))"
        + (lists.isEmpty
          ? fault.isOfTheForm
            ? "; if records take several lines, or share one, write each on a line: jq -c . \(Self.word(file)) > posts.jsonl"
            : ""
          : Self.hint(lists))
    case .missingMember(let file, _, let name, let found, _, let rows):
      "\(Self.shown(file)): no member is called '\(name.clipped(to: 60))' in the \(Self.count(rows)) looked at; "
        + Self.members(found)
    case .noContentMember(let file, let text, let image, let found, _, let rows, let lists):
      "\(Self.shown(file)): there is no member '\(text.printable)' and no member '\(image.printable)' in the "
        + "\(Self.count(rows)) looked at, and a corpus needs texts or pictures; "
        + Self.members(found) + Self.hint(lists)
    case .noRecordList(let file, let name?):
      "\(Self.shown(file)): there is no list called '\(name.clipped(to: 60))' with posts in it"
    case .noRecordList(let file, nil): "\(Self.shown(file)): its list of posts is empty"
    case .nestedMember(let file, let role, let name, let kind, _, let rows):
      "\(Self.shown(file)): the member '\(name.clipped(to: 60))' is \(kind) in the \(Self.count(rows)) looked at, not "
        + role.value
    case .damagedJSON(let file, let line):
      "\(Self.shown(file)):\(line): not valid JSON here, outside the posts: correct it, or fetch the file again"
    case .cutJSON(let file, let line, let records):
      "\(Self.shown(file)): the list of posts is not closed: the file was cut in line \(line), or is damaged there, after "
        + "\(records) \(records == 1 ? "post" : "posts"): fetch it again, or correct it"
    case .damagedCompression(let file, let form, let offset, let detail):
      "\(Self.shown(file)): the \(form.rawValue) data are damaged at byte \(offset) of the file: \(detail): fetch or copy the "
        + "file again"
    case .cutCompression(let file, let form, let size):
      "\(Self.shown(file)): the \(form.rawValue) data are cut off: the file ends at byte \(size): fetch or copy the file again"
    case .windowTooLarge(let file, let limit):
      "\(Self.shown(file)): unpacking needs more memory than the \(RecordFault.size(limit)) that are allowed: compress it "
        + "again with a smaller window"
    default: "\(self)"
    }
  }

  private static func count(_ rows: Int) -> String { rows == 1 ? "one record that was" : "\(rows) records that were" }

  private static func members(_ found: [String]) -> String { "the members are " + found.listed(most: 30, quote: "'") }

  /// Names members that may have the posts.
  static func hint(_ lists: [String]) -> String {
    lists.isEmpty
      ? "" : "; the posts may be in the list " + lists.map { "'\($0.clipped(to: 60))'" }.joined(separator: " or ")
  }

  /// The file as a word of the shell.
  private static func word(_ file: String) -> String { file == "-" ? "FILE" : Shell.word(file) }

  /// What the lines are, and a command that converts them.
  private static func words(_ kind: OtherLines, _ file: String) -> String {
    let name = word(file)
    func python(_ code: String, _ ending: String) -> String { "python3 -c \"\(code)\" < \(name) > posts.\(ending)" }
    let write = "csv.writer(sys.stdout).writerows"
    /// One line of JSON for each element of a Python expression, in which `d` is the file.
    func records(_ element: String, _ loop: String) -> String {
      python("import json,sys; d=json.load(sys.stdin); [print(json.dumps(\(element))) \(loop)]", "jsonl")
    }
    return switch kind {
    case .columnLists:
      "one object with a list for each column, so it is no post by itself: write a post a line: "
        + records("dict(zip(d,r))", "for r in zip(*d.values())")
    case .columnObjects:
      "one object with an object for each column, as pandas writes by default; better, let it write orient='records'; or "
        + "convert it: " + records("dict(zip(d,r))", "for r in zip(*(c.values() for c in d.values()))")
    case .recordsByKey:
      "one object with a post for each key, not a list of posts: write a post a line, with its key as a member: "
        + records("{'key': k, **v}", "for k, v in d.items()")
    case .splitTable:
      "one table in a list of columns and a list of rows: write a post a line: "
        + records("dict(zip(d['columns'],r))", "for r in d['data']")
    case .recordLists: "a list of lists of posts: write a post a line: " + records("r", "for l in d for r in l")
    case .rowLists(let hasHeader):
      "a list of rows, not of objects: convert it to CSV\(hasHeader ? "" : " without a header"): "
        + python("import csv,json,sys; \(write)(json.load(sys.stdin))", "csv")
    case .valueList: "a list of texts, not of objects: write a post a line: " + records("{'text': t}", "for t in d")
    case .textSequence:
      "a JSON text sequence, with a control character before each record: take it out: tr -d '\\036' < \(name) > posts.jsonl"
    case .pythonList:
      "each line is a list of Python, not a record: convert it to CSV without a header: "
        + python("import ast,csv,sys; \(write)(map(ast.literal_eval, sys.stdin))", "csv")
    case .pythonDictionary:
      "each line is a dictionary of Python, not JSON: convert it: "
        + python("import ast,json,sys; [print(json.dumps(ast.literal_eval(line))) for line in sys.stdin]", "jsonl")
    case .jsonList:
      "each line is a list without names, not an object: convert it to CSV without a header: "
        + python("import csv,json,sys; \(write)(map(json.loads, sys.stdin))", "csv")
    case .twitterArchive:
      "a list in JavaScript, as Twitter's archives have it, not JSON: cut off what is before it: "
        + "sed '1s/^[^[]*//' \(name) > posts.json"
    }
  }
}

extension RecordFault {
  /// Whether the division into lines may be the cause.
  fileprivate var isOfTheForm: Bool {
    switch self {
    case .json(.syntax), .json(.broken): true
    default: false
    }
  }
}
