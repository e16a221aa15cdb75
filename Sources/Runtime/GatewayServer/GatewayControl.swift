import Domain
import Engine
import Gateway
import Journal
import Messages
import Synchronization

/// How a running gateway stood a moment ago.
public struct GatewayProgress: Equatable, Sendable {
  public var counts = GatewayCounts()
  public var linksReady = 0
  public var sessions = 0
  public var tradingDay = TradingDay.none
  /// Commands so far.
  public var sequence: UInt64 = 0
  public var isJournalAvailable = true
  /// The newest command that the journal has.
  public var stored: UInt64 = 0
  /// Changes of the configuration so far.
  public var revision: UInt64 = 0
}

/// What other threads tell a gateway, and it them.
final class GatewayControl: Sendable {
  enum Order: Sendable {
    case stop
    /// An operator's command: a day switch, a setting.
    case take(Command)
    case reloadCertificates
    /// Settings that somebody waits for.
    case change(ChangeBatch)
    /// What came of it.
    case reloaded([CertificateReload])
  }

  private let orders = Mutex<[Order]>([])
  private let state = Mutex(GatewayProgress())

  func give(_ order: Order) { orders.withLock { $0.append(order) } }

  func takeOrders() -> [Order] {
    orders.withLock { orders in
      defer { orders.removeAll() }
      return orders
    }
  }

  func publish(_ gateway: borrowing Gateway) {
    var progress = GatewayProgress()
    progress.counts = gateway.counts
    for index in 0..<gateway.linkCount where gateway.isReady(LinkID(index: UInt32(index))) {
      progress.linksReady += 1
    }
    progress.sessions = gateway.sessionCount
    progress.tradingDay = gateway.tradingDay
    progress.sequence = gateway.sequencer.engine.sequence
    progress.isJournalAvailable = gateway.isJournalAvailable
    progress.stored = gateway.sequencer.journal.storedSequence
    progress.revision = gateway.sequencer.engine.configurationRevision
    state.withLock { $0 = progress }
  }

  var progress: GatewayProgress { state.withLock { $0 } }
}
