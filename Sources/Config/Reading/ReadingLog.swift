/// Collects every fault of a configuration, and every key that was declared while reading it.
final class ReadingLog {
  private(set) var faults: [ConfigFault] = []
  private(set) var declarations: [KeyDeclaration] = []
  private var declarationIndex: [String: Int] = [:]
  /// Whether declarations are kept: a big house asks for its keys a million times.
  let isDeclaring: Bool

  init(isDeclaring: Bool = false) { self.isDeclaring = isDeclaring }

  /// More faults than anyone reads: what comes after is counted, not kept.
  static let faultsMaximum = 1_000
  private(set) var droppedFaultCount = 0

  func report(_ fault: ConfigFault) {
    guard faults.count < ReadingLog.faultsMaximum else {
      droppedFaultCount += 1
      return
    }
    faults.append(fault)
  }

  /// A key has been asked for; `position` is where it stands, when it does.
  func declare(_ declaration: KeyDeclaration, at position: SourcePosition?) {
    let name = "\(declaration.file)#\(declaration.shape)"
    if let index = declarationIndex[name] {
      if declarations[index].firstPosition == nil { declarations[index].firstPosition = position }
      return
    }
    declarationIndex[name] = declarations.count
    var added = declaration
    added.firstPosition = position
    declarations.append(added)
  }
}

/// What the reader knows of one key: the rows of the reference of settings. A test holds the
/// comments of config/ against it.
public struct KeyDeclaration: Equatable, Sendable {
  /// The file it belongs to.
  public var file: String
  /// The path without list positions: `accounts[].orderRate.count`.
  public var shape: String
  /// Unit and range.
  public var allowed: String
  /// `required`, `default 30`, `default off`.
  public var presence: String
  /// Where the key stands first in what was read.
  public var firstPosition: SourcePosition?

  public var key: String { shape.split(separator: ".").last.map(String.init) ?? shape }
  /// What the comment in the example file has to say, in brackets.
  public var summary: String { "\(allowed); \(presence)" }
}
