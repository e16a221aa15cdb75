import Domain
import Engine
import Exchange
import Gateway
import Journal
import Ledger
import MarketData
import Messages
import ReferenceModel
import TwinChecks

/// Reads the disk as far as the gateway was told that it is stored, steps an engine of its own
/// through it and compares every outcome, and lets the naive twin judge each step. What anybody is
/// told has to be known here before.
final class Witness {
  private var replay: Replay<SimulatedDiskStorage>
  let twin = Twin()
  private let extent: TwinExtent
  /// Children that stored outcomes send, and whether one has left.
  private(set) var children: [UInt64: ChildOnItsWay] = [:]
  /// Reports of stored outcomes, by account and sequence - 1.
  private(set) var reports: [[ExecutionReport]]
  private var orderStates: [UInt64: OrderState] = [:]
  private var childStates: [UInt64: Int] = [:]
  /// Lots that no limit covers: a counter traded what nobody ordered, or a day has ended over it.
  var isRelaxed = false
  /// Reads nothing more: a test of what is noticed then.
  var isBlind = false

  struct ChildOnItsWay {
    var order: SendOrder
    var hasLeft = false
    var cancelIsStored = false
  }

  init?(_ world: Simulation) {
    do {
      replay = Replay(
        try JournalReader(reading: SimulatedDiskStorage(world.disk, upTo: world.mark)),
        engine: Engine(capacities: SimulatedHouse.capacities))
    } catch {
      world.fail("the journal can't be read: \(error)")
      return nil
    }
    extent = TwinExtent(
      accounts: SimulatedHouse.accountProducts.count, funds: SimulatedHouse.fundProducts.count,
      products: SimulatedHouse.modes.count, instruments: SimulatedHouse.listings.count,
      commodities: SimulatedHouse.commodities.count)
    reports = [[ExecutionReport]](repeating: [], count: SimulatedHouse.accountProducts.count)
    twin.worksOffAtOnce = false
    twin.setBudgetRoom(
      places: SimulatedHouse.capacities.budgetRecords,
      trades: SimulatedHouse.capacities.budgetTrades)
  }

  var stateHash: UInt64 { replay.engine.stateHash }
  var sequence: UInt64 { replay.engine.sequence }
  var isReady: Bool { replay.engine.isReady }
  var tradingDay: TradingDay { replay.engine.market.tradingDay }

  /// Whoever wants to look into its books.
  func look<Answer>(_ body: (borrowing Engine) -> Answer) -> Answer { body(replay.engine) }

  // MARK: Following

  /// Steps through everything that was stored.
  func follow(_ world: Simulation) {
    guard !isBlind else { return }
    do throws(ReplayFault) {
      while try replay.next() {
        if let command = replay.command { stepped(command, world) }
        if world.failure != nil { return }
      }
    } catch {
      world.fail("replayed, the journal says otherwise: \(error)")
    }
    if replay.isTorn || replay.lacksOutcome { world.fail("a stored record is not whole") }
  }

  /// Faults after which messages of several seconds reach their counter in one; that they were
  /// decided on in time the twin proves.
  private static let bunching: [FaultKind] = [
    .slowLink, .slowReader, .silentConnection, .diskFull, .diskError, .clockForward, .clockBack,
  ]

  private func stepped(_ command: Command, _ world: Simulation) {
    world.counts.commands += 1
    var effects: [Effect] = []
    effects.reserveCapacity(replay.effects.count)
    for index in 0..<replay.effects.count { effects.append(replay.effects[index]) }
    let time = replay.engine.now
    world.trace("  #\(replay.engine.sequence) \(command)".prefixed(300))
    for effect in effects { world.trace("    > \(effect)".prefixed(300)) }
    twin.apply(
      Stamped(sequence: replay.engine.sequence, time: time, command: command), effects)
    checkLow(command, world)
    if case .childReport(let report) = command,
      report.rejectCode == CounterError.messageQuota.rawValue,
      Self.bunching.allSatisfy({ world.counts.faults[$0.index] == 0 })
    {
      world.fail(
        "fund account \(report.fundAccount.raw) sends more than its counter takes a second")
    }
    for effect in effects { note(effect, world) }
    noteChildren(command, effects, world)
    if let complaint = twin.complaints.first {
      world.fail("\(complaint), at #\(replay.engine.sequence) \(command)".prefixed(600))
    }
    checkCaps(world)
    if replay.engine.isReady, !replay.engine.hasWork {
      twin.checkNothingDue()
      if let complaint = twin.complaints.first { world.fail(complaint) }
    }
  }

  private func note(_ effect: Effect, _ world: Simulation) {
    switch effect {
    case .report(let report): note(report, world)
    case .sendOrder(let order):
      if children[order.child.raw] != nil { world.fail("child \(order.child) is ordered twice") }
      children[order.child.raw] = ChildOnItsWay(order: order)
    case .sendCancel(let cancel): children[cancel.child.raw]?.cancelIsStored = true
    case .notice(let notice):
      world.counts.notices[Int(notice.kind.rawValue)] += 1
      world.judge(notice)
      if notice.kind == .dayStarted {
        orderStates = [:]
        childStates = [:]
      }
    case .askFate, .logonVerdict, .defined, .commandRefused, .massCancelDone, .controllerVerdict,
      .controlTaken, .controlDone, .dropSessions, .childWaits:
      break
    case .liquidationProgress(let progress): note(progress, world)
    case .forcedCancel: world.counts.forcedCancels += 1
    }
  }

  private func note(_ progress: LiquidationProgress, _ world: Simulation) {
    world.counts.liquidations[Int(progress.phase.rawValue)] += 1
    if progress.phase == .ended { world.counts.liquidationEnds[Int(progress.end.rawValue)] += 1 }
  }

  private func note(_ report: ExecutionReport, _ world: Simulation) {
    if report.execType == .new, report.clOrdID.isForced { world.counts.forcedOrders += 1 }
    world.counts.reports[Int(report.execType.rawValue)] += 1
    if report.execType == .rejected || report.execType == .cancelRejected {
      world.counts.refusals[report.refusal.rule.rawValue, default: 0] += 1
    }
    if report.reportSequence != 0 {
      let place = report.account.index
      if report.reportSequence != UInt64(reports[place].count) + 1 {
        world.fail("report \(report.reportSequence) behind \(reports[place].count)")
      }
      reports[place].append(report)
    }
    guard !report.order.isNone, report.state != .unknown, report.reportSequence != 0 else { return }
    let before = orderStates[report.order.raw] ?? .unknown
    if before.isFinal, !report.state.isFinal {
      world.fail("order \(report.order) is \(report.state) after \(before)")
    }
    world.counts.orderEdges[Int(before.rawValue) << 4 | Int(report.state.rawValue)] += 1
    orderStates[report.order.raw] = report.state
  }

  /// Edges of children: of those that a command names, and of all of a link that went or came.
  private func noteChildren(_ command: Command, _ effects: [Effect], _ world: Simulation) {
    switch command {
    case .childReport(let report): noteChild(report.child, world)
    case .counterTrade(let trade): noteChild(trade.child, world)
    case .counterLinkDown, .counterLinkUp, .counterResynced:
      for id in children.keys where childStates[id] != nil { noteChild(OrderID(raw: id), world) }
    default: break
    }
    for case .sendOrder(let order) in effects { noteChild(order.child, world) }
  }

  private func noteChild(_ id: OrderID, _ world: Simulation) {
    guard let child = twin.children[id] else { return }
    let state = Int(child.state.rawValue) | (child.isDoubtful ? 8 : 0)
    let before = childStates[id.raw] ?? 0
    if before & 7 >= 3, before != state, !world.mayReportAfterEnd {
      world.fail("child \(id) goes on after its end: \(before) to \(state)")
    }
    world.counts.childEdges[before << 4 | state] += 1
    childStates[id.raw] = state
  }

  func childHasLeft(_ id: UInt64) { children[id]?.hasLeft = true }

  // MARK: Checks of every step

  /// The last segment is for what lessens risk.
  private func checkLow(_ command: Command, _ world: Simulation) {
    guard replay.engine.sequence > world.lowSince else { return }
    switch command {
    case .newOrder(let order):
      if order.offset == .open { world.fail("an opening order is taken on the last segment") }
      world.counts.lowClosings += 1
    case .cancelOrder, .massCancel: world.counts.lowCancels += 1
    case .tick:
      // The last prices of a day go before its switch.
      if !world.isEvening || !world.isGatewayAsked {
        world.fail("a price is taken on the last segment")
      }
    default: break
    }
  }

  /// No hard cap is exceeded, whatever fills come in what order; no side of a position is below
  /// zero, and no more of it frozen than is there.
  private func checkCaps(_ world: Simulation) {
    guard !isRelaxed else { return }
    for (account, cap) in SimulatedHouse.positionCaps {
      let holder = replay.engine.ledger.holder(of: OperationAccountID(UInt32(account)))
      let record = replay.engine.ledger.holder(holder)
      let lots = Int64(record.pointee.heldLots) + Int64(record.pointee.workingOpenLots)
      if lots > cap { world.fail("account \(account) has \(lots) lots of \(cap)") }
    }
    for cap in SimulatedHouse.commodityCaps {
      let holder = replay.engine.ledger.holder(of: OperationAccountID(UInt32(cap.account)))
      let number = replay.engine.ledger.figuresNumber(holder, CommodityID(UInt32(cap.commodity)))
      guard number != 0 else { continue }
      let lots = replay.engine.ledger.figures(number).pointee.totalLots
      if lots > cap.lots {
        world.fail("account \(cap.account) has \(lots) lots of \(cap.lots) in a commodity")
      }
    }
    for cap in SimulatedHouse.fundCaps {
      let holder = replay.engine.ledger.holder(of: FundAccountID(UInt32(cap.fund)))
      let number = replay.engine.ledger.figuresNumber(holder, CommodityID(UInt32(cap.commodity)))
      guard number != 0 else { continue }
      let figures = replay.engine.ledger.figures(number)
      let flags = figures.pointee.speculation
      let long = Int64(flags.heldLong) + Int64(flags.workingOpenLong)
      let short = Int64(flags.heldShort) + Int64(flags.workingOpenShort)
      if long > cap.side || short > cap.side || figures.pointee.totalLots > cap.total {
        world.fail("fund account \(cap.fund) has \(long) long and \(short) short")
      }
    }
  }

  /// Closing never flips a side: what is frozen is there.
  private func checkSides(_ world: Simulation) {
    for holder
      in 0..<UInt32(
        SimulatedHouse.capacities.operationAccounts
          + SimulatedHouse.capacities.fundAccounts)
    {
      for instrument in SimulatedHouse.listings.indices {
        var number = replay.engine.ledger.firstPosition(
          HolderID(holder), InstrumentID(UInt32(instrument)))
        while number != 0 {
          let position = replay.engine.ledger.position(number)
          for side in [position.pointee.long, position.pointee.short]
          where side.today < 0 || side.yesterday < 0 || side.frozen < 0 {
            world.fail("holder \(holder) has \(side) of \(instrument)")
          }
          // A counter that fills more than was ordered takes lots that others were to close.
          for side in [position.pointee.long, position.pointee.short]
          where side.frozen > side.held && !isRelaxed {
            world.fail("holder \(holder) is to close more of \(instrument) than it has: \(side)")
          }
          if position.pointee.overClosed != 0, !isRelaxed {
            world.fail("holder \(holder) closed more of \(instrument) than it had")
          }
          number = position.pointee.sibling
        }
      }
    }
  }

  // MARK: Checks now and then

  /// Everything against the naive twin, recomputed.
  func compareAll(_ world: Simulation) {
    guard isReady, world.failure == nil else { return }
    world.counts.comparisons += 1
    checkSides(world)
    var comparison = TwinComparison(extent, twin)
    comparison.checkAll(replay.engine)
    comparison.checkLines(replay.engine)
    comparison.checkSchemes(replay.engine)
    comparison.checkBudgets(replay.engine)
    if let difference = comparison.difference { world.fail(difference) }
  }
}

extension String {
  /// No more than so many characters.
  func prefixed(_ count: Int) -> String { self.count <= count ? self : String(prefix(count)) + "…" }
}
