import Corpus
import TestSupport
import Testing

@Suite struct ForeignFormatTests {
  let scratch: Scratch

  init() throws { scratch = try Scratch() }

  /// Beginnings of real files, as their programs write them.
  private static let beginnings: [(ForeignFormat, [UInt8])] = [
    (.parquet, Array("PAR1\u{15}\u{4}".utf8)), (.arrow, Array("ARROW1\0\0".utf8)), (.arrow, Array("FEA1\0\0".utf8)),
    (.avro, [0x4F, 0x62, 0x6A, 1, 4]), (.orc, [0x4F, 0x52, 0x43, 8, 3]), (.sqlite, Array("SQLite format 3\0".utf8)),
    (.hdf5, [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A]), (.stata, Array("<stata_dta><header>".utf8)),
    (.spss, Array("$FL2@(#) SPSS DATA FILE".utf8)), (.pickle, [0x80, 4, 0x95, 0]),
    (.numpy, [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59, 1, 0]),
    (.safetensors, [0x40, 1, 0, 0, 0, 0, 0, 0] + Array("{\"__metadata__\":".utf8)),
    (.excel, zip("[Content_Types].xml")), (.excel, zip("xl/workbook.xml")), (.zip, zip("posts.csv")),
    (.openDocument, zip("mimetypeapplication/vnd.oasis.opendocument.spreadsheet")),
    (.oldExcel, [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]), (.sevenZip, [0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C]),
    (.rar, Array("Rar!".utf8) + [0x1A, 7, 0]), (.tar, [UInt8](repeating: 0x61, count: 257) + Array("ustar".utf8)),
    (.pdf, Array("%PDF-1.7\n".utf8)), (.htmlPage, Array("<!DOCTYPE html>\n<html>".utf8)),
    (.htmlPage, Array("\n <HTML lang='de'>".utf8)), (.htmlPage, Array("<?xml version='1.0'?><html>".utf8)),
    (.xml, Array("<?xml version='1.0'?><posts>".utf8)), (.rtf, Array("{\\rtf1\\ansi".utf8)),
    (.picture, [0xFF, 0xD8, 0xFF, 0xE0]), (.picture, [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A]),
    (
      .gitLFSPointer,
      Array("version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n".utf8)
    ),
    (.gitAnnexPointer, Array("../.git/annex/objects/Zx/8J/SHA256E-s5--ab.csv/SHA256E-s5--ab.csv".utf8)),
    (.gitAnnexPointer, Array("/annex/objects/SHA256E-s5--ab.csv\n".utf8)),
    (.mysqlDump, Array("-- MySQL dump 10.13  Distrib 8.0.36, for Linux (x86_64)\n--\n-- Host: localhost\n".utf8)),
    (.mysqlDump, Array("/*M!999999\\- enable the sandbox mode */ \n-- MariaDB dump 10.19\n--\n".utf8)),
    (.mysqlDump, Array("-- phpMyAdmin SQL Dump\n-- version 5.2.1\n".utf8)),
    (.postgresDump, Array("--\n-- PostgreSQL database dump\n--\n\nSET statement_timeout = 0;\n".utf8)),
    (.sqlDump, Array("PRAGMA foreign_keys=OFF;\nBEGIN TRANSACTION;\nCREATE TABLE posts(id, text);\n".utf8)),
    (.sqlDump, Array("-- posts\n\nINSERT INTO posts VALUES (1, 'a');\n".utf8)),
    (.yaml, Array("---\n- id: 1\n  text: a\n".utf8)), (.yaml, Array("- id: 1\n  text: \"a, b\"\n- id: 2\n".utf8)),
    (.yaml, Array("%YAML 1.2\nposts:\n".utf8)), (.yaml, Array("---\nposts:\n  - id: 1\n".utf8)),
    (.bibTeX, Array("@article{a2020,\n  title = {A}\n}\n".utf8)),
    (.bibTeX, Array("% Encoding: UTF-8\n\n@InProceedings{b,\n".utf8)), (.ris, Array("TY  - JOUR\nTI  - A\n".utf8)),
    (.picture, Array("RIFF\u{8}\0\0\0WEBPVP8 ".utf8)),
  ]

  /// The local header of a zip archive's first member.
  private static func zip(_ name: String) -> [UInt8] {
    [0x50, 0x4B, 3, 4] + [UInt8](repeating: 0, count: 26) + Array(name.utf8)
  }

  @Test func eachIsNamedWithACommandThatHelps() throws {
    for (format, bytes) in Self.beginnings {
      let error = try scratch.error(bytes: bytes)
      #expect(
        error
          == .otherContent(file: scratch.file("posts.csv"), mark: .foreign(format), encoding: .utf8), "\(format)")
      #expect(error?.description.contains(", not a table of text: ") == true)
      if format != .picture { #expect(error?.description.contains("posts.csv") == true, "\(format)") }
    }
    for format in ForeignFormat.allCases { #expect(Self.beginnings.contains { $0.0 == format }, "\(format)") }
  }

  /// The length of the header is the first byte of such a file, and may be the code of a brace or a bracket.
  @Test(arguments: [123, 91] as [UInt8])
  func aLengthIsNoBrace(length: UInt8) throws {
    let header = "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}"
    let padded = header + String(repeating: " ", count: Int(length) - header.utf8.count)
    let bytes = [length, 0, 0, 0, 0, 0, 0, 0] + Array(padded.utf8) + [0, 0, 0x80, 0x3F]
    for name in ["a.csv", "a.json", "a.jsonl", "a.safetensors"] {
      let path = try scratch.write(name, bytes)
      #expect(throws: CorpusError.otherContent(file: path, mark: .foreign(.safetensors), encoding: .utf8)) {
        try read([path])
      }
    }
    // Nor is it one where the rest does not tell.
    let error = try scratch.error(bytes: [length, 0] + Array(",text\n1,a\n".utf8))
    #expect(error == .nulInHeader(file: scratch.file("posts.csv"), encoding: .utf8))
  }

  @Test func textMayBeginAlike() throws {
    for word in ["PAR1", "Obj", "ORC", "<p>", "$FL", "%PDF", "Rar!", "<htm"] {
      #expect(try scratch.rows("\(word),text\n1,a\n").count == 1, "\(word)")
    }
  }

  @Test(arguments: [
    "@user,text\n1,a\n", "---,text\n1,a\n", "---\ntext,label\na,b\n", "- id,text\n1,a\n", "- text: a,text\n1,a\n",
    "-- a dump,text\n1,a\n", "insert,text\n1,a\n", "TY,text\n1,a\n", "version https,text\n1,a\n",
    "text\n- id: 1\n  text: a\n",
    "text\ncreate table \n", "/annex/objects/,text\n1,a\n",
  ]) func tablesMayBeginAlike(text: String) throws {
    if case .otherContent(_, let mark, _) = try scratch.error(bytes: Array(text.utf8)) { Issue.record("\(mark)") }
  }
}
