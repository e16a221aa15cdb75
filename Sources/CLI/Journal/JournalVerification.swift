import Gateway
import Journal
import Runtime

/// `sluice journal verify`: every record and every snapshot is read; where the journal ends, and
/// how.
enum JournalVerification {
  static func run(_ path: String) throws(JournalError) -> Int32 {
    var reader = try JournalReader(reading: FolderJournalStorage(path: path), behind: 0)
    var shelf = SnapshotFolder(JournalFolder(path: path))
    var snapshots = SnapshotCheck(&shelf)
    snapshots.begins(reader.header)
    var count = 0
    var fault: JournalError?
    do throws(JournalError) {
      while let record = try reader.next() {
        count += 1
        snapshots.passed(record.type, in: reader)
      }
    } catch {
      fault = error
    }
    let isStopped = fault.map { $0.repairPosition != nil } ?? false
    if isStopped { snapshots.stopped() }
    Console.say("records      \(count)")
    Console.say("bytes        \(reader.end.offset)")
    let areGood = tell(snapshots, path)
    let code = conclude(reader.end, fault, path)
    if fault?.leavesMore ?? false,
      snapshots.findings.contains(where: { $0.standing == .isUnreached })
    {
      Console.complain(
        "\(path): before anything is cut off, start with it: a start reads nothing in front of the "
          + "segment that its snapshot stands in")
    }
    return areGood ? code : max(code, 1)
  }

  /// A line for each snapshot; whether all are good.
  private static func tell(_ snapshots: SnapshotCheck, _ path: String) -> Bool {
    var areGood = true
    for (sequence, standing) in snapshots.findings.reversed() {
      Console.say("snapshot     \(sequence), \(standing.words)")
      areGood = areGood && standing.isGood
    }
    if !areGood {
      Console.complain(
        "\(path): a start passes over a snapshot that is not good, and begins with an older one, "
          + "or with the first record; it may be removed")
    }
    return areGood
  }

  /// Says where a walk ended; the process's exit code.
  static func conclude(_ end: JournalEnd, _ fault: JournalError?, _ path: String) -> Int32 {
    Console.say("sequence     \(end.sequence)")
    Console.say("ends at      \(end.offset)")
    if end.time > .min { Console.say("time         \(JournalTime.text(end.time))") }
    switch fault {
    case nil:
      Console.say("every record is as it was written")
      return 0
    case .tornTail:
      Console.say("then a record that was being written: sluice serve cuts it off by itself")
      return 0
    case let fault?:
      Console.complain("\(path): \(fault.words)\(fault.repairHint(path))")
      return 1
    }
  }
}

extension JournalFault {
  /// The same of what stopped a start.
  func repairHint(_ path: String) -> String {
    if case .replay(.journal(let error)) = self { return error.repairHint(path) }
    return ""
  }
}

extension JournalError {
  /// Where a journal that ends with this can be cut; nil when that is no help.
  var repairPosition: UInt64? {
    switch self {
    case .badLength(let offset, _), .badChecksum(let offset), .recordIsCut(let offset),
      .badRecord(let offset), .outOfOrder(let offset, _), .brokenChain(let offset, _):
      offset
    case .headerIsDamaged(let offset): offset > 0 ? offset : nil
    case .segmentIsCut(_, let offset): offset
    default: nil
    }
  }

  /// Whether there may be good records behind it, that a start from a snapshot would read.
  fileprivate var leavesMore: Bool {
    if case .segmentIsCut = self { return false }
    return true
  }

  /// What can be done about it, to stand behind `words`; empty when there is nothing.
  func repairHint(_ path: String) -> String {
    guard let position = repairPosition else { return "" }
    return """
      ; keep a copy, and when nothing else has those records, cut them off: sluice journal repair \
      \(path) --truncate-at \(position)
      """
  }
}
