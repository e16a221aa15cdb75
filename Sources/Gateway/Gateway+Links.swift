import Counter
import Domain
import Engine
import MarketData
import Messages
import Session
import Wire

// A fund account's link to its counter: from the connection that was asked for to its end.
extension Gateway {
  /// The connection that was asked for stands.
  public mutating func linkConnected(_ id: LinkID) {
    let link = links.at(id)
    linkOutput.clear(id.index)
    var outgoing = linkOutput.room(id.index)
    link.pointee.state.connected(
      password: link.pointee.password, at: monotonic, into: &outgoing)
    linkOutput.keep(id.index, outgoing)
  }

  /// Bytes of a counter, all that were not consumed before; how many of them are done with.
  ///
  /// When `needsStore` is true afterwards, store the journal and offer the rest again at once.
  public mutating func linkReceived(_ id: LinkID, _ bytes: UnsafeRawBufferPointer) -> Int {
    submitDeferred()
    let link = links.at(id)
    if journalState != .available {
      ask(.pauseReading(.link(id)))
      return 0
    }
    var incoming = IncomingBytes(bytes)
    var messages = 0
    while canSubmit {
      var outgoing = linkOutput.room(id.index)
      let event = link.pointee.state.next(in: &incoming, at: monotonic, into: &outgoing)
      linkOutput.keep(id.index, outgoing)
      guard handle(event, id, link) else { break }
      submitDeferred()
      messages += 1
      if messages % 16 == 0 { continueWork(1) }
    }
    return incoming.consumed
  }

  /// True when the next message may be looked at.
  private mutating func handle(
    _ event: CounterLinkEvent, _ id: LinkID, _ link: UnsafeMutablePointer<Link>
  ) -> Bool {
    let fund = link.pointee.fundAccount
    switch event {
    case .nothing: return false
    case .waitForRoom: endSlowLink(id, link)
    case .linkUp(let epoch, let last, _): linkUp(id, link, epoch, last)
    case .orderReport(let report):
      counts.counterReports += 1
      submit(.childReport(SluiceCounter.childReport(report, from: fund)))
    case .trade(let trade):
      counts.counterReports += 1
      let instrument = names.instrument(trade.instrument, trade.exchange) ?? .none
      submit(
        .counterTrade(
          SluiceCounter.counterTrade(trade, from: fund, instrument: instrument)))
    case .cancelRejected(let rejected):
      counts.counterReports += 1
      submit(.childReport(SluiceCounter.childReport(rejected, from: fund)))
    case .neverArrived(let child):
      submit(.childReport(SluiceCounter.neverArrived(child, from: fund)))
    case .resynced(let epoch): resynced(id, link, epoch)
    case .reportsMissed(let expected, let found):
      record(.linkGap(fund, expected: expected, found: found))
    case .funds(let funds):
      submit(.counterFunds(SluiceCounter.counterFunds(funds, from: fund, on: tradingDay)))
    case .instrumentStatus(let status): statusReceived(status)
    case .tick(let tick):
      if let instrument = names.instrument(tick.instrument, tick.exchange) {
        tickReceived(SluiceCounter.tick(tick, instrument: instrument), from: id)
      } else {
        counts.ticksReceived += 1
        counts.ticksDropped += 1
      }
    case .ended(let end):
      linkEnded(id, link, end)
      ask(.close(.link(id)))
    }
    return true
  }

  /// The connection is gone, or never came to stand.
  public mutating func linkClosed(_ id: LinkID) {
    let link = links.at(id)
    linkOutput.clear(id.index)
    if let end = link.pointee.state.disconnected(at: monotonic) { linkEnded(id, link, end) }
    submitDeferred()
  }

  private mutating func linkUp(
    _ id: LinkID, _ link: UnsafeMutablePointer<Link>, _ epoch: UInt64, _ last: UInt64
  ) {
    record(
      .linkUp(link.pointee.fundAccount, epoch: epoch, lastCounterSequence: last))
    submit(
      .counterLinkUp(
        CounterLinkUp(
          fundAccount: link.pointee.fundAccount, epoch: epoch, lastCounterSequence: last)))
    chooseTickLink(of: link.pointee.counter)
  }

  mutating func resynced(
    _ id: LinkID, _ link: UnsafeMutablePointer<Link>, _ epoch: UInt64
  ) {
    record(.linkReady(link.pointee.fundAccount, epoch: epoch))
    postpone(
      .counterResynced(
        CounterResynced(fundAccount: link.pointee.fundAccount, epoch: epoch)))
  }

  /// The machine has ended a connection: the engine is told when it knew it as up.
  mutating func linkEnded(
    _ id: LinkID, _ link: UnsafeMutablePointer<Link>, _ end: CounterLinkEnd
  ) {
    record(.linkEnded(link.pointee.fundAccount, end))
    if end.wasUp {
      postpone(.counterLinkDown(CounterLinkDown(fundAccount: link.pointee.fundAccount)))
    }
    if link.pointee.bringsTicks {
      link.pointee.bringsTicks = false
      chooseTickLink(of: link.pointee.counter)
    }
  }

  mutating func endSlowLink(_ id: LinkID, _ link: UnsafeMutablePointer<Link>) {
    counts.slowLinksEnded += 1
    var outgoing = linkOutput.room(id.index)
    guard
      let end = link.pointee.state.end(because: .slowReader, at: monotonic, into: &outgoing)
    else { return }
    linkOutput.keep(id.index, outgoing)
    linkEnded(id, link, end)
    ask(.cut(.link(id)))
  }

  // MARK: Market

  /// Sees to it that one link of a counter that is up brings its ticks.
  private mutating func chooseTickLink(of counter: CounterID) {
    var chosen: LinkID?
    for index in 0..<links.count {
      let id = LinkID(index: UInt32(index))
      let link = links.at(id)
      guard link.pointee.counter == counter, link.pointee.state.isUp else { continue }
      if link.pointee.bringsTicks { return }
      if chosen == nil { chosen = id }
    }
    guard let chosen else { return }
    links.at(chosen).pointee.bringsTicks = true
    subscribeTicks(chosen, links.at(chosen))
  }

  /// Subscribes to every instrument, as many in a message as it takes. Once a login: this is not on
  /// an order's way.
  private mutating func subscribeTicks(_ id: LinkID, _ link: UnsafeMutablePointer<Link>) {
    let count = names.instruments.count
    var start = 0
    while start < count {
      let end = min(start + 120, count)
      let entries = (start..<end).map { index in
        CounterProtocol.SubscribeTicks.InstrumentsEntry(
          instrument: names.instruments.name(UInt32(index)),
          exchange: names.exchange(InstrumentID(UInt32(index))))
      }
      var outgoing = linkOutput.room(id.index)
      let result = link.pointee.state.subscribe(
        CounterProtocol.SubscribeTicks(instruments: entries), at: monotonic, into: &outgoing)
      linkOutput.keep(id.index, outgoing)
      guard result == .written else {
        if result == .noRoom { endSlowLink(id, link) }
        return
      }
      start = end
    }
  }
}
