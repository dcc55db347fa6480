import Bytes
import Models
import Reporting
import Training

extension ModelFacts {
  /// Reads the folder of the model that scored a run.
  ///
  /// - Throws: what reading a model throws; where it is another one than the run's.
  init(folder path: String, of data: ReportData) throws {
    let folder = try ModelFolder.load(path)
    guard folder.fingerprint.hasSameBytes(as: data.scorer.fingerprint) else {
      throw OtherModel(
        path: path, found: folder.fingerprint, wanted: data.scorer.fingerprint, name: data.scorer.modelName)
    }
    let card = FinishedRun.card(of: path)?.lines.map { Fact(name: $0.name, value: $0.words) } ?? []
    self.init(fingerprint: folder.fingerprint, card: card, alpha: folder.configuration.training.alpha)
  }
}

/// A model that is not the one that scored the run.
struct OtherModel: Error, CustomStringConvertible {
  var path: String
  var found: String
  var wanted: String
  var name: String

  var description: String {
    "\(path.printable) is another model (\(found.prefix(12))) than the one the run was scored with, \(name.printable) "
      + "(\(wanted.prefix(12))); name that one's folder with --model, or leave --model out"
  }
}
