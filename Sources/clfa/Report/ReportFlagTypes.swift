public import ArgumentParser
public import Queries
public import Reporting

extension ReportFormat: ExpressibleByArgument {}
extension PictureRequest.Showing: ExpressibleByArgument {}
extension Pairing: ExpressibleByArgument {}
