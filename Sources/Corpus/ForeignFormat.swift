import Bytes

/// Files that hold no rows of text, recognised by their first bytes.
package enum ForeignFormat: Sendable, Equatable, CaseIterable {
  case parquet, arrow, avro, orc, sqlite, hdf5, stata, spss, pickle, numpy, safetensors
  case excel, oldExcel, openDocument, zip, sevenZip, rar, tar
  case pdf, htmlPage, rtf, xml, picture
  case gitLFSPointer, gitAnnexPointer, mysqlDump, postgresDump, sqlDump, yaml, bibTeX, ris

  /// Examines the first bytes of a file.
  init?(_ bytes: some Collection<UInt8>) {
    let bytes = Array(bytes)
    func starts(_ mark: [UInt8], at place: Int = 0) -> Bool { bytes.dropFirst(place).starts(with: mark) }
    func starts(_ mark: String, at place: Int = 0) -> Bool { starts(Array(mark.utf8), at: place) }
    func contains(_ word: String) -> Bool {
      let word = Array(word.utf8)
      return bytes.indices.contains { bytes[$0...].starts(with: word) }
    }
    if starts([0x50, 0x4B, 0x03, 0x04]) || starts([0x50, 0x4B, 0x05, 0x06]) {
      // Office files are zip archives; the name of their first member tells.
      self =
        starts("mimetypeapplication/vnd.oasis.opendocument", at: 30)
        ? .openDocument : contains("[Content_Types].xml") || contains("xl/") ? .excel : .zip
    } else if starts("PAR1"), bytes.count > 4, bytes[4] < 0x20 {
      self = .parquet
    } else if let format = Self.marks.first(where: { starts($0.mark, at: $0.place) })?.format {
      self = format
    } else if bytes.count > 8, bytes[8] == UInt8(ascii: "{"), bytes[4..<8].allSatisfy({ $0 == 0 }) {
      // The length of a JSON header as 8 bytes.
      self = .safetensors
    } else {
      if let text = Self.text(bytes) {
        self = text
        return
      }
      let start = bytes.drop { $0 <= 0x20 }.prefix(20).map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
      guard let page = ["<!doctype html", "<html", "<head", "<?xml"].first(where: { start.starts(with: $0.utf8) })
      else { return nil }
      self = page == "<?xml" && !contains("<html") ? .xml : .htmlPage
    }
  }

  /// Recognises formats that are text themselves.
  private static func text(_ bytes: [UInt8]) -> Self? {
    if bytes.starts(with: "version https://git-lfs.github.com/spec/".utf8) { return .gitLFSPointer }
    let text = String(decoding: bytes, as: UTF8.self)
    let lines = text.split(whereSeparator: \.isNewline).map { $0.lowercased() }
    guard let first = lines.first else { return nil }
    if first.contains("/annex/objects/"), !first.contains(","), lines.count == 1 { return .gitAnnexPointer }
    if first.hasPrefix("ty  - ") { return .ris }
    if let entry = lines.first(where: { !$0.hasPrefix("%") && !$0.allSatisfy(\.isWhitespace) }), isBibTeX(entry) {
      return .bibTeX
    }
    if let dump = sqlDump(lines) { return dump }
    // A key and a value, below dashes or as the first of a list.
    let isKey = { (line: String) in line.contains(/^(- +|  +)?[\p{L}\p{N}_\x22'-]+:( |$)/) }
    if first == "---" || first.hasPrefix("%yaml") { return lines.dropFirst().first.map(isKey) == true ? .yaml : nil }
    if first.hasPrefix("- "), lines.count > 1, lines.prefix(2).allSatisfy(isKey) { return .yaml }
    return nil
  }

  /// Whether a line begins an entry: `@article{key,`.
  private static func isBibTeX(_ line: String) -> Bool {
    line.contains(
      /^@(article|book|inproceedings|incollection|inbook|proceedings|conference|misc|online|techreport|phdthesis|mastersthesis|thesis|unpublished|comment|string|preamble|dataset|report)\s*\{/
    )
  }

  /// The kind of a dump by its first comment or its first statement.
  private static func sqlDump(_ lines: [String]) -> Self? {
    let comment = lines.prefix(5).first { $0.hasPrefix("-- ") && $0.contains("dump") } ?? ""
    if comment.contains("mysql") || comment.contains("mariadb") || comment.contains("phpmyadmin") { return .mysqlDump }
    if comment.contains("postgresql") { return .postgresDump }
    let isBefore = { (line: String) in line.hasPrefix("--") || line.hasPrefix("/*") || line.allSatisfy(\.isWhitespace) }
    guard let statement = lines.first(where: { !isBefore($0) }) else { return nil }
    let starts = [
      "pragma foreign_keys", "begin transaction;", "create table ", "drop table ", "insert into ", "set names ",
    ]
    return starts.contains(where: statement.hasPrefix) ? .sqlDump : nil
  }

  private static let marks: [(format: Self, mark: [UInt8], place: Int)] = [
    (.arrow, Array("ARROW1".utf8), 0), (.arrow, Array("FEA1".utf8), 0), (.avro, [0x4F, 0x62, 0x6A, 0x01], 0),
    (.orc, [0x4F, 0x52, 0x43, 0x08], 0),
    (.sqlite, Array("SQLite format 3\0".utf8), 0), (.hdf5, [0x89, 0x48, 0x44, 0x46, 0x0D], 0),
    (.stata, Array("<stata_dta>".utf8), 0), (.spss, Array("$FL2@(#)".utf8), 0), (.spss, Array("$FL3@(#)".utf8), 0),
    (.pickle, [0x80, 0x02], 0), (.pickle, [0x80, 0x03], 0), (.pickle, [0x80, 0x04], 0), (.pickle, [0x80, 0x05], 0),
    (.numpy, [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59], 0), (.oldExcel, [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1], 0),
    (.sevenZip, [0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C], 0), (.rar, [0x52, 0x61, 0x72, 0x21, 0x1A, 0x07], 0),
    (.tar, Array("ustar".utf8), 257), (.pdf, Array("%PDF-".utf8), 0), (.rtf, Array("{\\rtf".utf8), 0),
    (.picture, [0xFF, 0xD8, 0xFF], 0), (.picture, [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A], 0),
    (.picture, Array("GIF89a".utf8), 0), (.picture, Array("WEBPVP8".utf8), 8),
  ]

  /// What it is.
  var name: String {
    switch self {
    case .parquet: "a Parquet file"
    case .arrow: "an Arrow or Feather file"
    case .avro: "an Avro file"
    case .orc: "an ORC file"
    case .sqlite: "an SQLite database"
    case .hdf5: "an HDF5 file"
    case .stata: "a Stata file"
    case .spss: "an SPSS file"
    case .pickle: "a Python pickle"
    case .numpy: "a NumPy array"
    case .safetensors: "a safetensors file"
    case .excel, .oldExcel: "an Excel file"
    case .openDocument: "an OpenDocument spreadsheet"
    case .zip: "a zip archive"
    case .sevenZip: "a 7z archive"
    case .rar: "a RAR archive"
    case .tar: "a tar archive"
    case .pdf: "a PDF file"
    case .htmlPage: "an HTML page"
    case .rtf: "an RTF document"
    case .xml: "an XML file"
    case .picture: "a picture"
    case .gitLFSPointer: "a pointer of Git LFS"
    case .gitAnnexPointer: "a pointer of git-annex"
    case .mysqlDump: "an SQL dump of MySQL"
    case .postgresDump: "an SQL dump of PostgreSQL"
    case .sqlDump: "an SQL dump"
    case .yaml: "a YAML file"
    case .bibTeX: "a BibTeX file"
    case .ris: "an RIS file"
    }
  }

  /// What helps: for most formats one command that writes CSV.
  ///
  /// - Parameter file: the file as a word of the shell.
  /// - Returns: the words, without a full stop.
  func advice(_ file: String) -> String {
    func pandas(_ call: String) -> String {
      "convert it: python3 -c 'import sys, pandas; pandas.\(call).to_csv(\"posts.csv\", index=False)' \(file)"
    }
    return switch self {
    case .parquet: pandas("read_parquet(sys.argv[1])")
    case .arrow: pandas("read_feather(sys.argv[1])")
    case .avro:
      "convert it: python3 -c 'import sys, fastavro, pandas; pandas.DataFrame(fastavro.reader(open(sys.argv[1], "
        + "\"rb\"))).to_csv(\"posts.csv\", index=False)' \(file)"
    case .orc: pandas("read_orc(sys.argv[1])")
    case .hdf5: pandas("read_hdf(sys.argv[1])")
    case .stata: pandas("read_stata(sys.argv[1])")
    case .spss: pandas("read_spss(sys.argv[1])")
    case .sqlite:
      "list its tables (sqlite3 \(file) .tables) and write one: "
        + "sqlite3 -header -csv \(file) 'SELECT * FROM TABLE' > posts.csv"
    case .pickle:
      "a pickle can run any program when it is opened, so convert it only if you trust its source: "
        + "python3 -c 'import sys, pandas; pandas.read_pickle(sys.argv[1]).to_csv(\"posts.csv\", index=False)' \(file)"
    case .numpy:
      "it holds an array without column names: python3 -c 'import sys, numpy, pandas; "
        + "pandas.DataFrame(numpy.load(sys.argv[1])).to_csv(\"posts.csv\")' \(file)"
    case .safetensors:
      "it holds tensors, such as a model's weights, and no posts; to see what: "
        + "python3 -c 'import sys, safetensors; print(*safetensors.safe_open(sys.argv[1], \"np\").keys())' \(file)"
    case .excel, .oldExcel, .openDocument:
      "convert its first sheet: "
        + "libreoffice --headless --convert-to 'csv:Text - txt - csv (StarCalc):44,34,76' \(file)"
    case .zip: "list it (unzip -l \(file)) and read a table in it: unzip -p \(file) NAME.csv | clfa … -"
    case .sevenZip: "list it (7z l \(file)) and read a table in it: 7z x -so \(file) NAME.csv | clfa … -"
    case .rar: "list it (unrar l \(file)) and read a table in it: unrar p -inul \(file) NAME.csv | clfa … -"
    case .tar: "list it (tar -tf \(file)) and read a table in it: tar -xOf \(file) NAME.csv | clfa … -"
    case .pdf:
      "a PDF has no rows: ask for the table that it was made from, or take its text out and check it by hand: "
        + "pdftotext -layout \(file) posts.txt"
    case .htmlPage:
      "this is often a page for signing in, or an error, in place of a download: open it in a browser; "
        + "a table in it: python3 -c 'import sys, pandas; pandas.read_html(sys.argv[1])[0].to_csv(\"posts.csv\", "
        + "index=False)' \(file)"
    case .rtf: "convert it to plain text: libreoffice --headless --convert-to txt:Text \(file)"
    case .xml: pandas("read_xml(sys.argv[1])")
    case .picture: "name the table that lists the pictures, not a picture"
    case .gitLFSPointer: "fetch the file itself, in its repository: git lfs pull --include \(file)"
    case .gitAnnexPointer: "fetch the file itself, in its repository: git annex get \(file)"
    case .mysqlDump:
      "load it into a database and write one table (--quote none): mysql DATABASE < \(file) && "
        + "mysql --batch DATABASE -e 'SELECT * FROM TABLE' > posts.tsv"
    case .postgresDump:
      "load it into a database and write one table: psql DATABASE -f \(file) && "
        + "psql DATABASE -c '\\copy TABLE TO posts.csv CSV HEADER'"
    case .sqlDump:
      "load it into a database and write one table: sqlite3 posts.db < \(file) && "
        + "sqlite3 -header -csv posts.db 'SELECT * FROM TABLE' > posts.csv"
    case .yaml:
      "convert it: python3 -c 'import sys, yaml, pandas; pandas.DataFrame(yaml.safe_load(open(sys.argv[1]))).to_csv("
        + "\"posts.csv\", index=False)' \(file)"
    case .bibTeX:
      "convert it, and name its texts, such as --text abstract: pandoc -f bibtex -t csljson \(file) > posts.json"
    case .ris: "convert it, and name its texts, such as --text abstract: pandoc -f ris -t csljson \(file) > posts.json"
    }
  }
}
