import Bytes
import Corpus
import TestSupport
import Testing

/// Posts with several pictures, and pictures whose paths are made of other columns.
@Suite struct PostPicturesTests {
  private static let posts = """
    id,text,image
    1001,two photos from the market,media/1000_1.jpg;media/1001_2.jpg
    1002,json list as a web exporter writes it,"[""media/1002_1.jpg"",""media/1003_2.jpg""]"
    1003,python list as pandas writes it,"['media/1004_1.jpg', 'media/1005_2.jpg']"
    1004,space separated as an archive tool writes it,media/1006_1.jpg media/1007_2.jpg
    1005,comma list,"media/1000_1.jpg,media/1001_2.jpg"
    1006,one element list,['media/1002_1.jpg']
    1007,empty list,[]
    1008,missing value spelled out,nan
    1009,one picture,media/1002_1.jpg
    1010,null spelled out,None

    """

  private static func options(_ several: SeveralPictures) -> CorpusOptions {
    var options = CorpusOptions()
    options.pictures = several
    return options
  }

  @Test func theFirstOfAListIsTaken() throws {
    let scratch = try Scratch(), posts = try scratch.rows(Self.posts).compactMap(\.post)
    #expect(
      posts.map(\.image) == [
        "media/1000_1.jpg", "media/1002_1.jpg", "media/1004_1.jpg", "media/1006_1.jpg", "media/1000_1.jpg",
        "media/1002_1.jpg", nil, nil, "media/1002_1.jpg", nil,
      ])
    #expect(posts.map(\.leftOutPictures) == [1, 1, 1, 1, 1, 0, 0, 0, 0, 0])
    #expect(posts.map(\.imageForm?.isList) == [true, true, true, true, true, true, false, false, nil, false])
    #expect(posts.map(\.position.record) == Array(1...10))
    var reader = try CorpusReader(paths: [scratch.file("posts.csv")], options: CorpusOptions())
    while try reader.next() != nil {}
    let notices = reader.notices.map(\.description)
    #expect(notices.count == 2)
    #expect(notices.first?.hasPrefix("posts.csv:2: the cell of the picture is a list of 2") == true)
    #expect(notices.last?.hasPrefix("posts.csv:8: the cell of the picture is '[]'") == true)
  }

  @Test func eachPictureIsARow() throws {
    let posts = try Scratch().rows(Self.posts, Self.options(.each)).compactMap(\.post)
    #expect(posts.count == 15)
    #expect(posts.prefix(4).map(\.key.text) == ["1001", "1001#2", "1002", "1002#2"])
    #expect(posts.prefix(2).map(\.image) == ["media/1000_1.jpg", "media/1001_2.jpg"])
    #expect(posts.prefix(3).map(\.position.line) == [2, 2, 3])
    #expect(posts.map(\.position.record) == Array(1...15))
    #expect(posts.map(\.leftOutPictures).allSatisfy { $0 == 0 })
    // A post's rows belong to one shard and to one sample.
    #expect(posts.prefix(2).map { CorpusRow.post($0).partitionKey } == ["1001", "1001"])
  }

  @Test func rowsAreNumberedWithTheirFaults() throws {
    let rows = try Scratch().rows("id,text,image\n1,a,x.jpg;y.jpg\n2,b\n,c,z.jpg\n4,d,\n", Self.options(.each))
    #expect(rows.map(\.brief) == ["2:1", "2:1#2", "3!too_few_fields", "4!empty_key", "5:4"])
    #expect(rows.map(\.position.record) == [1, 2, 3, 4, 5])
  }

  @Test func aCellCanBeTakenAsWritten() throws {
    let posts = try Scratch().rows(Self.posts, Self.options(.asWritten)).compactMap(\.post)
    #expect(posts.map(\.image).prefix(1) == ["media/1000_1.jpg;media/1001_2.jpg"] && posts[7].image == "nan")
  }

  @Test func noTextAndAWordForNoPictureIsAnEmptyPost() throws {
    let rows = try Scratch().rows("id,text,image\n1,,nan\n2, ,[]\n3,,a.jpg\n")
    #expect(rows.map(\.brief) == ["2!empty_post", "3!empty_post", "4:3"])
  }

  @Test func pathsAreMadeOfColumns() throws {
    let scratch = try Scratch()
    func images(_ template: String, _ text: String) throws -> [String?] {
      var options = CorpusOptions()
      options.columns.imageTemplate = try ImageTemplate(parsing: template)
      return try scratch.rows(text, options).map { $0.post?.image }
    }
    let posts = "id,text,image,lang,n\n7,a,old.jpg,de,1\n8,,x,en,\n9,,y,,3\n"
    #expect(try images("media/{id}.jpg", posts) == ["media/7.jpg", "media/8.jpg", "media/9.jpg"])
    #expect(try images("{lang}/{id}_{n}.png", posts) == ["de/7_1.png", nil, nil])
    #expect(try images("{image}", posts) == ["old.jpg", "x", "y"], "the column is one of the others now")
    #expect(try images("{{{id}}}.jpg", posts) == ["{7}.jpg", "{8}.jpg", "{9}.jpg"])
    #expect(try images("{text}", "id,text\n1,../x.jpg\n2,nan\n") == ["../x.jpg", nil])
    #expect(try images("m/{id}.jpg", "key,label\nx,1\n") == ["m/posts.csv#2.jpg"], "neither text nor picture column")
    var options = CorpusOptions()
    options.columns.imageTemplate = try ImageTemplate(parsing: "{langg}.jpg")
    let error = try scratch.error(posts, options)
    #expect("\(error.map { "\($0)" } ?? "")".contains("no column is called 'langg', which the pictures' paths need"))
    for bad in ["media/x.jpg", "media/{id.jpg", "media/{}.jpg", "id}.jpg", ""] {
      #expect(throws: OptionError.malformedTemplate(bad)) { try ImageTemplate(parsing: bad) }
    }
  }

  @Test func aPictureInItsCellHasAShortName() throws {
    let cell = "data:image/png;base64," + String(repeating: "AQID", count: 100)
    let post = try #require(try Scratch().rows("id,text,image\n1,a,\"\(cell)\"\n").first?.post)
    #expect(post.image == cell && post.imageForm == nil)
    #expect(post.storedImage?.hasPrefix("data:image/png;base64,sha256=") == true)
  }
}

extension ImageCell.Form {
  fileprivate var isList: Bool { if case .list = self { true } else { false } }
}
