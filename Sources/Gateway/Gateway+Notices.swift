import Domain
import Engine
import Ledger
import Messages
import Session
import Wire

// What controllers and terminals are told: notices that they missed and those that come, as far as
// they concern their accounts and the configuration has them told; and what is in place.
extension Gateway {
  /// Notices looked at for one controller in one turn.
  private static let noticesPerTurn = 512
  /// Accounts looked at count as one notice.
  private static let accountsPerStep = 64
  /// Room that is left for answers.
  private static let roomForAnswers = 4_096

  mutating func controlTaken(_ taken: ControlTaken) {
    counts.notices += 1
    record(.controlTaken(taken))
    notices.append(NoticeRecord(taken, at: sequencer.now, on: tradingDay))
  }

  mutating func subscribeNotices(
    _ request: DeskProtocol.SubscribeNoticesDecoder, _ slot: UInt32,
    _ terminal: UnsafeMutablePointer<Terminal>
  ) {
    guard mayWatch(terminal.pointee.controller) else {
      return refuseToWatch(
        slot, terminal, DeskProtocol.SubscribeNotices.templateID, request.requestID)
    }
    watch(from: request.after, request.requestID, slot, terminal)
  }

  /// A terminal asks for what concerns its account.
  mutating func subscribeNotices(
    _ request: OrderEntry.SubscribeNoticesDecoder, _ slot: UInt32,
    _ terminal: UnsafeMutablePointer<Terminal>
  ) {
    guard request.account == terminal.pointee.accountName else {
      return reject(
        slot, terminal, template: OrderEntry.SubscribeNotices.templateID, ClOrdID(),
        Refusal(.badCommand, scope: .session), "the account is not the session's")
    }
    watch(from: request.after, UInt64(request.requestNumber), slot, terminal)
  }

  private mutating func watch(
    from after: UInt64, _ requestID: UInt64, _ slot: UInt32,
    _ terminal: UnsafeMutablePointer<Terminal>
  ) {
    let first = min(after, notices.newest) + 1
    terminal.pointee.noticeRequest = requestID
    terminal.pointee.noticeGoal = notices.newest
    terminal.pointee.isCatchingUp = true
    terminal.pointee.noticeAt = max(first, notices.first)
    if first < notices.first { sayTruncated(slot, terminal) }
    guard terminal.pointee.isLive else { return }
    watching.insert(slot)
  }

  private mutating func sayTruncated(
    _ slot: UInt32, _ terminal: UnsafeMutablePointer<Terminal>
  ) {
    let request = terminal.pointee.noticeRequest
    switch terminal.pointee.door {
    case .desk:
      send(
        DeskProtocol.NoticesTruncated(
          requestID: request, firstAvailable: notices.first, lastNumber: notices.newest),
        to: slot, terminal)
    case .terminals:
      send(
        OrderEntry.NoticesTruncated(
          requestNumber: UInt32(truncatingIfNeeded: request), firstAvailable: notices.first,
          lastNumber: notices.newest),
        to: slot, terminal)
    }
  }

  func mayWatch(_ controller: ControllerID) -> Bool {
    sequencer.engine.ledger.controllers.at(controller).pointee.mayWatch
  }

  mutating func refuseToWatch(
    _ slot: UInt32, _ terminal: UnsafeMutablePointer<Terminal>, _ template: UInt16,
    _ requestID: UInt64
  ) {
    let rights = sequencer.engine.ledger.controllers.at(terminal.pointee.controller).pointee.rights
    deskReject(
      slot, terminal, template, requestID,
      Refusal(
        .notPermitted, observed: Int64(rights.rawValue),
        limit: Int64(ControllerRights.watch.rawValue), unit: .code, scope: .controller,
        scopeID: terminal.pointee.controller.raw), "the controller may not watch")
  }

  /// Sends what is there and finds room, to whoever watches.
  mutating func pumpNotices() {
    var place = watching.count - 1
    while place >= 0 {
      let slot = watching[place]
      if let terminal = terminals.inSlot(slot) { pumpNotices(slot, terminal) }
      place -= 1
    }
  }

  private mutating func pumpNotices(
    _ slot: UInt32, _ terminal: UnsafeMutablePointer<Terminal>
  ) {
    // The right may have been taken away since.
    guard terminal.pointee.door == .terminals || mayWatch(terminal.pointee.controller) else {
      watching.remove(slot)
      return
    }
    // Who is so slow that what it waits for has given way is told what it misses.
    if terminal.pointee.noticeAt < notices.first {
      guard hasRoomForNotice(slot) else { return }
      terminal.pointee.noticeAt = notices.first
      sayTruncated(slot, terminal)
    }
    var steps = Gateway.noticesPerTurn
    while terminal.pointee.isLive, terminal.pointee.noticeAt <= notices.newest {
      completeNotices(slot, terminal)
      guard steps > 0, hasRoomForNotice(slot), terminal.pointee.isLive else { return }
      let record = notices.record(terminal.pointee.noticeAt)
      steps -= costOfLooking(at: record)
      terminal.pointee.noticeAt += 1
      send(record, to: slot, terminal)
    }
    completeNotices(slot, terminal)
  }

  /// Says once that all which was missed has been sent.
  private mutating func completeNotices(
    _ slot: UInt32, _ terminal: UnsafeMutablePointer<Terminal>
  ) {
    guard terminal.pointee.isCatchingUp, terminal.pointee.noticeAt > terminal.pointee.noticeGoal,
      hasRoomForNotice(slot)
    else { return }
    terminal.pointee.isCatchingUp = false
    let (request, goal) = (terminal.pointee.noticeRequest, terminal.pointee.noticeGoal)
    switch terminal.pointee.door {
    case .desk:
      send(
        DeskProtocol.NoticesComplete(requestID: request, lastNumber: goal), to: slot, terminal)
    case .terminals:
      send(
        OrderEntry.NoticesComplete(
          requestNumber: UInt32(truncatingIfNeeded: request), lastNumber: goal),
        to: slot, terminal)
    }
  }

  /// Sends a notice to whom it is told.
  private mutating func send(
    _ record: UnsafePointer<NoticeRecord>, to slot: UInt32,
    _ terminal: UnsafeMutablePointer<Terminal>
  ) {
    switch terminal.pointee.door {
    case .desk:
      guard isTold(record, to: terminal.pointee.controller) else { return }
      send(deskMessage(of: record), to: slot, terminal)
    case .terminals:
      guard isTold(record, to: terminal.pointee.account) else { return }
      send(terminalMessage(of: record), to: slot, terminal)
    }
    counts.noticesSent += 1
  }

  func hasRoomForNotice(_ slot: UInt32) -> Bool {
    terminalOutput.free(slot)
      >= Gateway.roomForAnswers + DeskProtocol.Notice.maximumFrameLength
  }

  private func terminalMessage(of record: UnsafePointer<NoticeRecord>) -> OrderEntry.Notice {
    OrderEntry.Notice(
      number: record.pointee.number, time: record.pointee.time,
      tradingDay: record.pointee.day, kind: record.pointee.kind.rawValue,
      control: record.pointee.control, rule: record.pointee.rule.rawValue,
      scopeKind: record.pointee.scopeKind,
      scopeName: names.scopeName(record.pointee.scopeKind, record.pointee.scopeID),
      orderID: record.pointee.order, observed: record.pointee.observed,
      limit: record.pointee.limit, unit: record.pointee.unit, level: record.pointee.level,
      action: record.pointee.action,
      instrument: names.code(record.pointee.instrument),
      scheme: schemeName(record.pointee.scheme), clause: record.pointee.clause)
  }

  private func deskMessage(of record: UnsafePointer<NoticeRecord>) -> DeskProtocol.Notice {
    DeskProtocol.Notice(
      number: record.pointee.number, time: record.pointee.time,
      tradingDay: record.pointee.day, kind: record.pointee.kind.rawValue,
      control: record.pointee.control, rule: record.pointee.rule.rawValue,
      scopeKind: record.pointee.scopeKind,
      scopeName: names.scopeName(record.pointee.scopeKind, record.pointee.scopeID),
      orderID: record.pointee.order, observed: record.pointee.observed,
      limit: record.pointee.limit, unit: record.pointee.unit, level: record.pointee.level,
      action: record.pointee.action, controller: name(record.pointee.controller),
      reason: record.pointee.reason,
      instrument: names.code(record.pointee.instrument),
      scheme: schemeName(record.pointee.scheme), clause: record.pointee.clause)
  }

  // MARK: Whose it is

  /// What a controller did is told to everybody whom it concerns; what a rule finds as the
  /// configuration says.
  private func isTold(
    _ record: UnsafePointer<NoticeRecord>, to most: NoticeAudience
  ) -> Bool {
    record.pointee.control != .unknown
      || sequencer.engine.ledger.noticeAudiences.audience(
        record.pointee.rule, record.pointee.level, of: record.pointee.scopeKind
      ).rawValue >= most.rawValue
  }

  private func isTold(
    _ record: UnsafePointer<NoticeRecord>, to controller: ControllerID
  ) -> Bool {
    if sequencer.engine.ledger.controllers.at(controller).pointee.isBoundToAll { return true }
    return isTold(record, to: .controllers)
      && concerns(
        record.pointee.scopeKind, record.pointee.scopeID, controller,
        isPlatformToo: record.pointee.control != .unknown)
  }

  /// Of its account, and of its product where that is told to accounts.
  private func isTold(
    _ record: UnsafePointer<NoticeRecord>, to account: OperationAccountID
  ) -> Bool {
    guard isTold(record, to: .terminals) else { return false }
    let id = record.pointee.scopeID
    switch record.pointee.scopeKind {
    case .operationAccount: return id == account.raw
    case .product: return id == sequencer.engine.ledger.account(account).pointee.product.raw
    case .platform: return record.pointee.control != .unknown
    default: return false
    }
  }

  /// Whose a product's notice is, is looked for among all accounts: that counts for more.
  private func costOfLooking(at record: UnsafePointer<NoticeRecord>) -> Int {
    record.pointee.scopeKind == .product
      ? 1 + sequencer.engine.ledger.accountCount / Gateway.accountsPerStep : 1
  }

  /// Of an account: to whom it is bound. Of a product: to who has an account of it. Of everything:
  /// to all, where that is said. The rest is for who is bound to all.
  func concerns(
    _ kind: ScopeKind, _ id: UInt32, _ controller: ControllerID, isPlatformToo: Bool
  ) -> Bool {
    if sequencer.engine.ledger.controllers.at(controller).pointee.isBoundToAll { return true }
    switch kind {
    case .operationAccount:
      let account = OperationAccountID(id)
      return sequencer.engine.ledger.exists(account)
        && sequencer.engine.ledger.controllers.isBound(account, to: controller)
    case .product:
      for index in 0..<sequencer.engine.ledger.accountCount {
        let account = OperationAccountID(UInt32(index))
        if sequencer.engine.ledger.account(account).pointee.product.raw == id,
          sequencer.engine.ledger.controllers.isBound(account, to: controller)
        {
          return true
        }
      }
      return false
    case .platform: return isPlatformToo
    default: return false
    }
  }

  // MARK: What is in place

  mutating func standingRequested(
    _ request: DeskProtocol.StandingRequestDecoder, _ slot: UInt32,
    _ terminal: UnsafeMutablePointer<Terminal>
  ) {
    let requestID = request.requestID
    guard mayWatch(terminal.pointee.controller) else {
      return refuseToWatch(
        slot, terminal, DeskProtocol.StandingRequest.templateID, requestID)
    }
    var rows: UInt32 = 0
    var isTruncated = false
    for index in 0..<sequencer.engine.ledger.accountCount {
      let account = OperationAccountID(UInt32(index))
      guard sequencer.engine.ledger.controls.isBarred(account),
        concerns(.operationAccount, account.raw, terminal.pointee.controller, isPlatformToo: true)
      else { continue }
      let mark = sequencer.engine.ledger.controls.bar(account)
      let isSent = sendStanding(
        mark, .barOpening, .operationAccount, account.raw, requestID, slot, terminal)
      if isSent { rows += 1 } else { isTruncated = true }
    }
    for place in 0..<sequencer.engine.ledger.controls.switchPlaces {
      let mark = sequencer.engine.ledger.controls.killSwitch(place)
      guard mark.pointee.isInPlace else { continue }
      let (kind, id): (ScopeKind, UInt32) =
        switch sequencer.engine.ledger.controls.scope(at: place) {
        case .platform: (.platform, .max)
        case .account(let id): (.operationAccount, id.raw)
        case .product(let id): (.product, id.raw)
        case .counter(let id): (.counter, id.raw)
        }
      guard concerns(kind, id, terminal.pointee.controller, isPlatformToo: true) else { continue }
      if sendStanding(mark, .killSwitch, kind, id, requestID, slot, terminal) {
        rows += 1
      } else {
        isTruncated = true
      }
    }
    send(
      DeskProtocol.StandingEnd(
        requestID: requestID, rows: rows, isTruncated: isTruncated ? 1 : 0),
      to: slot, terminal)
  }

  /// False when there is no room beside answers.
  private mutating func sendStanding(
    _ mark: UnsafePointer<ControlMark>, _ control: ControlKind, _ kind: ScopeKind, _ id: UInt32,
    _ requestID: UInt64, _ slot: UInt32, _ terminal: UnsafeMutablePointer<Terminal>
  ) -> Bool {
    guard hasRoomForNotice(slot) else { return false }
    send(
      DeskProtocol.StandingRow(
        requestID: requestID, kind: control, scopeKind: kind,
        scopeName: names.scopeName(kind, id), controller: name(mark.pointee.controller),
        since: mark.pointee.since, number: mark.pointee.number, reason: mark.pointee.reason),
      to: slot, terminal)
    return true
  }
}
