import Domain
import Engine
import Gateway
import Journal
import Messages
import Runtime

/// Why a journal could not be looked back into.
enum HistoryFault: Error {
  case journal(JournalError)
  case replay(ReplayFault)
  case engineVersion(UInt32)
  /// History can't be carried out under another configuration, from this command on.
  case follow(FollowFault, sequence: UInt64)
  /// In words.
  case notFound(String)
  case ambiguous(String, [OrderSearch.Sending])

  /// In front of the journal's first record.
  static func reader(
    _ path: String
  ) throws(HistoryFault) -> JournalReader<FolderJournalStorage> {
    do throws(JournalError) {
      return try JournalReader(reading: FolderJournalStorage(path: path), behind: 0)
    } catch {
      throw .journal(error)
    }
  }

  /// Another version may decide otherwise.
  static func checkVersion(_ header: JournalHeader) throws(HistoryFault) {
    guard header.engineVersion == Engine.version else {
      throw .engineVersion(header.engineVersion)
    }
  }

  func words(_ path: String) -> String {
    switch self {
    case .journal(.storage(.missing)):
      "there is no such journal: it is a folder such as var/journal/20261123-142052.journal"
    case .journal(.wrongVersion(let version)):
      JournalError.wrongVersion(version).words + ": the program that wrote it can look back into it"
    case .journal(.beginsLater(let sequence)):
      JournalError.beginsLater(firstSequence: sequence).words + "; put those in front of it back"
    case .journal(let error): error.words + error.repairHint(path)
    case .replay(let fault):
      JournalFault.replay(fault).words + JournalFault.replay(fault).repairHint(path)
    case .engineVersion(let version):
      """
      written by engine version \(version); this is version \(Engine.version), which may answer \
      otherwise: use the program that wrote it
      """
    case .follow(let fault, let sequence): "command \(sequence): \(fault.words)"
    case .notFound(let words): words
    case .ambiguous(let name, let orders):
      "'\(name)' names \(orders.count) orders: say which by its id\n"
        + orders.map { order in
          """
            \(order.id)  \(order.account)-\(order.order.clOrdID.string)  \
          \(JournalTime.text(order.time.nanoseconds))
          """
        }.joined(separator: "\n")
    }
  }
}

extension FollowFault {
  var words: String {
    switch self {
    case .outcomeMissing: "its outcome says nothing of it: the journal was changed"
    case .outOfStep: "its outcome names what there is not: the journal was changed"
    case .noRoom:
      """
      there is no room for what it did: the configuration's capacities (gateway.json5) are smaller \
      than those the journal was written with
      """
    case .beyondRange(let refusal):
      """
      under the configuration's rates what it holds is beyond the range of amounts \
      [\(RuleWords.name(refusal.rule) ?? "")]: it was taken, and can't be carried out
      """
    }
  }
}

extension RecordedSteps where Storage: ~Copyable {
  /// `next`, with the fault that tools tell.
  mutating func step() throws(HistoryFault) -> Bool {
    do throws(ReplayFault) {
      return try next()
    } catch {
      throw .replay(error)
    }
  }
}
