import Dispatch
import Glibc
import Synchronization

/// The results of loading a file while the folder in its path is repeatedly exchanged for a link to another folder.
package struct Race {
  /// The number of loads, of those that found the folder's file, and of those that found the link's.
  package private(set) var loads = 0, inside = 0, outsiders = 0

  /// Loads at least `loads` times, and until both sides of the race have run.
  ///
  /// - Parameters:
  ///   - folder: the folder.
  ///   - link: a link next to it, to another folder.
  ///   - fewest: the smallest number of loads.
  ///   - load: loads the file and returns whether it is the folder's own; nil if nothing was loaded.
  package init(exchanging folder: String, _ link: String, loads fewest: Int, load: () -> Bool?) {
    let isOver = Atomic<Bool>(false), exchanges = Atomic<Int>(0), racer = DispatchGroup()
    DispatchQueue.global().async(group: racer) {
      while !isOver.load(ordering: .relaxed) {
        Self.exchange(folder, link)
        exchanges.add(1, ordering: .relaxed)
      }
    }
    while loads < fewest || exchanges.load(ordering: .relaxed) < 100 || inside == 0 {
      loads += 1
      guard let isInside = load() else { continue }
      if isInside { inside += 1 } else { outsiders += 1 }
    }
    isOver.store(true, ordering: .relaxed)
    racer.wait()
  }

  /// Exchanges a folder and a link, in one step if the system can.
  private static func exchange(_ folder: String, _ link: String) {
    typealias Call = @convention(c) (Int32, UnsafePointer<CChar>, Int32, UnsafePointer<CChar>, UInt32) -> Int32
    let call = dlsym(nil, "renameat2").map { unsafeBitCast($0, to: Call.self) }
    if let call, call(AT_FDCWD, folder, AT_FDCWD, link, 2) == 0 { return }
    rename(folder, folder + "-kept")
    rename(link, folder)
    rename(folder, link)
    rename(folder + "-kept", folder)
  }
}
