internal import Bytes
import Corpus
import Inputs
import Models
import Preparation
import Store

/// A row with everything that its post's prediction needs.
enum PreparedRow {
  case fault(RowFault)
  case post(PendingRow)
}

extension PendingRow {
  /// The bytes of its picture and features.
  var pictureBytes: Int { features.reduce(picture?.bytes.count ?? 0) { $0 + 4 * ($1?.values.count ?? 0) } }
}

/// Loads a row's picture and features, and makes the record of its post.
struct RowPreparation {
  private let folders: PictureFolders
  private let features: FeatureFiles?
  private let labels: LabelCheck
  private let missingPicture: MissingPicturePolicy
  private var cells: CellTally
  private var bareLabels = 0

  /// Prepares the rows of a corpus.
  init(
    _ corpus: borrowing CorpusReader, folders: PictureFolders, features: FeatureFiles?, labels: LabelCheck,
    missingPicture: MissingPicturePolicy, columnTypes: [ColumnDeclaration]
  ) {
    cells = CellTally(corpus.dates, namesDates: corpus.namesDates, columns: columnTypes)
    (self.folders, self.features, self.labels) = (folders, features, labels)
    self.missingPicture = missingPicture
  }

  /// Problems of the rows so far.
  var notices: [String] {
    guard bareLabels > 0 else { return [] }
    return [
      "labels are bare numbers that the model has no name for, so they are not stored; give them names (0=NAME,1=NAME)"
    ]
  }

  /// Problems of all rows, after the last one.
  var closingNotices: [String] { cells.notices }

  /// A row with its picture and features, or its fault; `pictures` counts how its picture was found.
  mutating func prepared(_ row: CorpusRow, counting pictures: inout PictureCounts) -> PreparedRow {
    switch row {
    case .fault(let fault): return .fault(fault)
    case .post(let post):
      var picture: PictureFile?
      pictures.add(post)
      if let path = post.image {
        do throws(PictureFileError) {
          var hint: PictureHint?
          defer { pictures.add(picture?.found, hint) }
          picture = try missingPicture.of(text: post.text).value { () throws(PictureFileError) in
            do throws(PictureFileError) {
              return try folders[post.position.file].load(path)
            } catch {
              hint = error.hint
              throw error
            }
          }
        } catch {
          return .fault(error.rowFault(at: post.position, key: post.key))
        }
      }
      let parts: [FeatureFiles.LoadedFeatures?]
      do throws(FeatureFault) {
        parts = try features?.load(post) ?? []
      } catch {
        return .fault(error.rowFault(at: post.position, key: post.key))
      }
      var row = PendingRow(position: post.position, record: record(of: post, picture, parts), picture: picture)
      row.features = parts.map { $0?.rows }
      return .post(row)
    }
  }

  private mutating func record(
    of post: Post, _ picture: PictureFile?, _ parts: [FeatureFiles.LoadedFeatures?]
  ) -> PostRecord {
    let features = parts.compactMap { part in part.map { FeatureRecord(stream: $0.stream, hash: $0.hash) } }
    var record = PostRecord(
      identity: PostIdentity(
        key: post.key,
        contentHash: ContentHash.hex(
          text: post.text, knowledge: post.knowledge, pictureHash: picture?.sha256,
          features: features.map { ($0.stream, $0.hash) })),
      text: post.text, knowledge: post.knowledge, image: post.storedImage,
      pictureHash: picture?.sha256.hexadecimal, postedAt: cells.read(post).time, extra: post.extra,
      label: label(of: post), hasPicture: picture != nil)
    record.features = features
    return record
  }

  private mutating func label(of post: Post) -> ByteText? {
    guard let label = post.label else { return nil }
    let name = labels.name(label)
    if name == nil { bareLabels += 1 }
    return name
  }
}
