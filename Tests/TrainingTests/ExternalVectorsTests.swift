import Bytes
import Archives
import Corpus
import Foundation
import Models
import TestSupport
import Testing
import Training

@Suite struct VectorFilesTests {
  /// A file as numpy saves it.
  private static func npy(
    _ numbers: [Double], _ shape: String, descr: String = "'<f4'", fortran: String = "False", version: UInt8 = 1
  ) -> [UInt8] {
    var header = "{'descr': \(descr), 'fortran_order': \(fortran), 'shape': \(shape), }"
    header += String(repeating: " ", count: 63 - (header.utf8.count + 10) % 64) + "\n"
    let length =
      version == 1
      ? [UInt8(header.utf8.count & 255), UInt8(header.utf8.count >> 8)]
      : withUnsafeBytes(of: UInt32(header.utf8.count).littleEndian) { Array($0) }
    let bytes: [UInt8] = numbers.flatMap { number -> [UInt8] in
      switch descr {
      case "'<f8'": withUnsafeBytes(of: number.bitPattern.littleEndian) { Array($0) }
      case "'<f2'": withUnsafeBytes(of: Float16(number).bitPattern.littleEndian) { Array($0) }
      default: withUnsafeBytes(of: Float(number).bitPattern.littleEndian) { Array($0) }
      }
    }
    return [0x93] + Array("NUMPY".utf8) + [version, 0] + length + Array(header.utf8) + bytes
  }

  private static func load(_ paths: [String], ids: String? = nil) throws -> TeacherCache {
    try ExternalVectors.load(paths, ids: ids, shouldStop: { false })
  }

  @Test(arguments: ["'<f4'", "'<f8'", "'<f2'"], [1, 2] as [UInt8])
  func matricesAreReadLikeNumPy(descr: String, version: UInt8) throws {
    let scratch = try Scratch()
    let text = try scratch.write(
      "text.npy", Self.npy([1, 2, 3, 0.5, 0.25, -1], "(2, 3)", descr: descr, version: version))
    let image = try scratch.write("image.NPY", Self.npy([6, 5, 4, 3, 2, 1], "(2,3)", descr: descr, version: version))
    let ids = try scratch.write("ids.txt", "a,1\r\nb\n")
    let teacher = try Self.load([text, image], ids: ids)
    #expect(teacher.count == 2 && teacher.width == 3)
    #expect(teacher["a,1"]?.text == [1, 2, 3] && teacher["b"]?.text == [0.5, 0.25, -1])
    #expect(teacher["b"]?.image == [3, 2, 1])
  }

  @Test func cellsAreReadInBracketsOrNot() throws {
    let scratch = try Scratch()
    let table = try scratch.write(
      "v.csv", "text,id,image\n\"[1, 2.5e0\n -3]\",a,1;2;3\n 1   2 3 ,b,\"[0.1,0.2,0.3]\"\n")
    let teacher = try Self.load([table])
    #expect(teacher["a"]?.text == [1, 2.5, -3] && teacher["a"]?.image == [1, 2, 3])
    #expect(teacher["b"]?.text == [1, 2, 3] && teacher["b"]?.image == [0.1, 0.2, 0.3])
    let tabs = try scratch.write("v.tsv", "id\ttext\timage\na\t1,2\t3,4\n")
    #expect(try Self.load([tabs])["a"]?.image == [3, 4])
  }

  @Test func invalidMatricesAreRejected() throws {
    let scratch = try Scratch(), ids = try scratch.write("ids.txt", "a\nb\n")
    let good = Self.npy([1, 2, 3, 4], "(2, 2)"), image = try scratch.write("image.npy", good)
    func error(_ bytes: [UInt8]) throws -> ExternalVectorsError? {
      let text = try scratch.write("text.npy", bytes)
      return #expect(throws: ExternalVectorsError.self) { try Self.load([text, image], ids: ids) }
    }
    let path = scratch.file("text.npy")
    #expect(try error([]) == .numpy(.noArray(path)))
    #expect(try error(Array("PK".utf8) + good) == .numpy(.noArray(path)))
    #expect(try error(Array(good.prefix(50))) == .numpy(.arrayHeader(path)))
    #expect(try error(Array(good.dropLast())) == .numpy(.arrayLength(path, expected: 16, found: 15)))
    #expect(try error(good + [0]) == .numpy(.arrayLength(path, expected: 16, found: 17)))
    #expect(try error(Self.npy([1, 2], "(2,)")) == .numpyShape(path: path, shape: [2]))
    #expect(
      try error(Self.npy([1, 2, 3, 4, 5, 6], "(2, 3)"))
        == .unequalShapes(paths: [path, image], shapes: [[2, 3], [2, 2]]))
    #expect(try error(Self.npy([1, 2, 3, 4, 5, 6], "(3, 2)")) != nil)
    let huge = try error(Self.npy([1, 2, 3, 4], "(4611686018427387904, 4)"))
    #expect(huge == .numpy(.arrayLength(path, expected: UInt64(Int.max), found: 16)))
    for fortran in [
      Self.npy([1, 2, 3, 4], "(2, 2)", fortran: "True"), Self.npy([1, 2, 3, 4], "(2, 2)", descr: "'<i4'"),
    ] {
      #expect(try error(fortran) == .numpyForm(path: path))
    }
    #expect(try error(Self.npy([1, 2, 3, 4], "(2, 2)", descr: "'|O'")) == .numpy(.arrayFormat(path, found: "|O")))
    #expect(try error(Self.npy([1, 2, 3, 4], "(2, 2)", descr: "'>f4'")) == .numpy(.arrayFormat(path, found: ">f4")))
    for bytes in [
      Self.npy([1, 2, 3, 4], "(2, 2)", descr: "[('a', '<f4')]"), Self.npy([1, 2, 3, 4], "(-2, -2)"),
      Self.npy([1, 2, 3, 4], "2, 2"),
    ] {
      #expect(try error(bytes) == .numpy(.arrayHeader(path)))
    }
    // A change of any single byte gives an error or numbers, never a crash.
    for index in good.indices {
      var bytes = good
      bytes[index] ^= 0x55
      let text = try scratch.write("text.npy", bytes)
      _ = try? Self.load([text, image], ids: ids)
    }
  }

  @Test func mismatchedIdsAreRejected() throws {
    let scratch = try Scratch(), image = try scratch.write("image.npy", Self.npy([1, 2, 3, 4], "(2, 2)"))
    for (ids, expected) in [
      ("a\n", ExternalVectorsError.idCount(path: scratch.file("ids.txt"), ids: 1, rows: 2)),
      ("a\nb\nc", .idCount(path: scratch.file("ids.txt"), ids: 3, rows: 2)),
      ("a\0\nb\n", .notText(path: scratch.file("ids.txt"))),
    ] {
      let file = try scratch.write("ids.txt", ids)
      #expect(throws: expected) { try Self.load([image, image], ids: file) }
    }
    let twice = try scratch.write("ids.txt", "a\na\n")
    #expect(throws: TeacherError.repeatedID(path: image, id: "a")) { try Self.load([image, image], ids: twice) }
    #expect(throws: ExternalVectorsError.file(.missingFile(path: "none"))) {
      try Self.load([image, image], ids: "none")
    }
    #expect(throws: ExternalVectorsError.numpyFiles([image], hasIDs: true)) { try Self.load([image], ids: twice) }
    #expect(throws: ExternalVectorsError.numpyFiles([image, image], hasIDs: false)) { try Self.load([image, image]) }
  }

  @Test func invalidNumbersAndDifferentWidthsAreRejected() throws {
    let scratch = try Scratch(), at = RowPosition(file: "v.csv", record: 2, line: 3)
    for (row, expected) in [
      ("b,1 2 3,1 2", ExternalVectorsError.width(at, column: "text", found: 3, expected: 2)),
      ("b,1 2,1", .width(at, column: "image", found: 1, expected: 2)), ("b,1 2,", .cell(at, column: "image")),
      ("b,1 zwei,1 2", .cell(at, column: "text")), ("b,[],1 2", .cell(at, column: "text")),
    ] {
      let file = try scratch.write("v.csv", "id,text,image\na,1 2,3 4\n\(row)\n")
      #expect(throws: expected) { try Self.load([file]) }
    }
    for (row, expected) in [
      ("b,nan 2,1 2", TeacherError.notFinite(path: scratch.file("v.csv"), name: "text", id: "b")),
      ("b,1 2,1 inf", .notFinite(path: scratch.file("v.csv"), name: "image", id: "b")),
      ("b,0 0,1 2", .zero(path: scratch.file("v.csv"), name: "text", id: "b")),
      ("a,1 2,1 2", .repeatedID(path: scratch.file("v.csv"), id: "a")),
    ] {
      let file = try scratch.write("v.csv", "id,text,image\na,1 2,3 4\n\(row)\n")
      #expect(throws: expected) { try Self.load([file]) }
    }
    let short = try scratch.write("v.csv", "id,text,image\na,1 2\n")
    let error = #expect(throws: ExternalVectorsError.self) { try Self.load([short]) }
    #expect(error.map { "\($0)".contains("v.csv:2: too_few_fields") } == true)
  }

  @Test func vectorsAreTransformedLikeATeachers() throws {
    let scratch = try Scratch(), corpus = try scratch.write("posts.csv", "id,text\n1,a\n2,b\n3,c\n4,d\n")
    let file = try scratch.write(
      "v.csv", "id,text,image\n1,3 0 1,1 1 0\n2,0 4 1,1 1 0\n3,2 2 1,0 5 5\n9,1 1 1,1 1 1\n")
    let path = scratch.file("t.safetensors")
    let plain = try TeacherVectorImport(paths: [file], ids: nil, shape: VectorTransform(centres: false)).run(
      [corpus], options: CorpusOptions(), to: path)
    #expect(plain.posts == 3 && plain.width == 3 && plain.unknown == 1 && plain.unused == 1 && plain.rows == 4)
    let half = Float(0.5.squareRoot()), unit = try TeacherCache.load(path)
    #expect(unit["1"]?.image == [half, half, 0] && unit["9"] == nil)
    _ = try TeacherVectorImport(paths: [file], ids: nil, shape: VectorTransform(centres: true)).run(
      [corpus], options: CorpusOptions(), to: path)
    let centred = try TeacherCache.load(path)
    // Two different pictures, each once: their vectors are opposite. If the first had counted twice, they would not be.
    let one = try #require(centred["1"]?.image), other = try #require(centred["3"]?.image)
    #expect(centred["2"]?.image == one)
    for (a, b) in zip(one, other) { #expect(abs(a + b) < 1e-6) }
    #expect(throws: TeachingError.tooManyDirections(asked: 4, width: 3)) {
      try TeacherVectorImport(paths: [file], ids: nil, shape: VectorTransform(centres: true, whitened: 4)).run(
        [corpus], options: CorpusOptions(), to: path)
    }
  }
}
