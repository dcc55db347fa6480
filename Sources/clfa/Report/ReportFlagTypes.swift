public import ArgumentParser
public import Reporting

extension ReportFormat: ExpressibleByArgument {}
extension PictureRequest.Showing: ExpressibleByArgument {}
