import Bytes
package import Models
package import Results
import Training

extension ModelFacts {
  /// Reads the facts from the folder of the model that scored a run.
  ///
  /// - Throws: `ReportingError.otherModel` if the folder contains another model.
  package init(_ folder: ModelFolder, of data: ReportData) throws(ReportingError) {
    guard ByteText(folder.fingerprint) == ByteText(data.scorer.fingerprint) else {
      throw .otherModel(
        path: folder.path, fingerprint: folder.fingerprint, scorer: data.scorer.modelName,
        scorerFingerprint: data.scorer.fingerprint)
    }
    let card = FinishedRun.card(of: folder.path)?.lines.map { Fact(name: $0.name, value: $0.words) } ?? []
    self.init(fingerprint: folder.fingerprint, card: card, alpha: folder.configuration.training.alpha)
  }
}
