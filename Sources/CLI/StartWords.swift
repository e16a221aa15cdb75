import Domain
import Glibc
import RiskRules
import Runtime

// Why something did not start, in words that say what to do.

extension ListenError {
  var words: String {
    switch self {
    case .addressInUse: "the address is in use: is another one running? choose another port"
    case .addressNotAvailable: "that is no address of this machine"
    case .notPermitted: "not permitted: ports below 1024 are for root"
    case .tooManyListeners: "too many listeners"
    case .failed(let number): "the system refused, errno \(number)"
    }
  }
}

extension LoopError {
  var words: String {
    switch self {
    case .failed(let number): "no event loop, errno \(number): too few file descriptors?"
    }
  }
}

private let noMoreThreads = "the system has no more threads"

extension CounterStartError {
  var words: String {
    switch self {
    case .loop(let error): error.words
    case .listen(let error): error.words
    case .noThread: noMoreThreads
    }
  }
}

extension MetricsStartError {
  var words: String {
    switch self {
    case .loop(let error): error.words
    case .listen(let error): error.words
    case .noThread: noMoreThreads
    }
  }
}

/// A command of the genesis that the engine does not take.
func genesisWords(_ refused: (refusal: Refusal, command: Int)) -> String {
  let refusal = refused.refusal
  return """
    command \(refused.command) of the genesis is refused: \
    \(RuleTable.row(refusal.rule)?.name ?? "\(refusal.rule)"), observed \(refusal.observed), \
    limit \(refusal.limit), asked \(refusal.asked)
    """
}

extension GatewayStartError {
  func words(_ settings: GatewayServerSettings) -> String {
    switch self {
    case .loop(let error): error.words
    case .listen(let error): "terminals at \(settings.address): \(error.words)"
    case .noThread: noMoreThreads
    case .dataFolderInUse(let path):
      "another gateway runs in this data folder (it answers at \(path)): stop it, or use --data"
    case .controlSocket(let path, let number):
      """
      the socket for changes can't be made at \(path): \(String(cString: strerror(number))); a \
      path of a socket has at most 107 bytes
      """
    case .journal(.storage(let error)):
      // One that is written to, and always the next.
      """
      journal \(settings.journal.path): \
      \(error.wordsNeeding(2 * settings.journal.segmentBytes, for: "a journal of two segments"))
      """
    case .journal(let fault):
      "journal \(settings.journal.path): \(fault.words)\(fault.repairHint(settings.journal.path))"
    case .refused(let refusal, let command): genesisWords((refusal, command))
    case .unknownName(let name):
      """
      the journal knows no '\(name.string)' of fund-accounts.json5 or counters.json5: after the \
      first start those files no longer change what exists
      """
    }
  }
}
