import Client
import Domain
import Wire

/// What `follow` asked for.
struct Following: Sendable {
  /// Empty = nothing is followed.
  var kinds: OrderEntry.BookKinds = []
  var milliseconds: UInt32 = 0
  /// A new session has not been asked for it yet.
  var isOwed = false
}

/// Notices of the account.
struct Noticing: Sendable {
  var isOn = false
  /// The gateway is new enough to tell them.
  var isTold = false
  /// A new session has not been asked for them yet.
  var isOwed = false
}

/// The instruments that are asked for so that their names can be completed, page by page. The
/// client's model keeps them.
struct InstrumentListing: Sendable {
  /// Most of them.
  static let maximum = 20_000

  /// A session has begun, and was not asked yet.
  var isOwed = false
  /// The page that is awaited; 0 = none is.
  private(set) var request: UInt32 = 0
  private var count = 0
  private var isPageOwed = false
  /// The gateway was busy: it is asked again when somebody wants a name.
  private var isRefused = false
  /// The newest row: the next page begins behind it.
  private(set) var lastExchange = Exchange.unknown
  private(set) var lastInstrument = InstrumentCode()

  var isRunning: Bool { request != 0 }

  mutating func asked(_ request: UInt32) {
    self.request = request
    isOwed = false
    isPageOwed = false
  }

  mutating func refused() {
    self = InstrumentListing()
    isRefused = true
  }

  mutating func wanted() {
    isOwed = isOwed || isRefused
    isRefused = false
  }

  mutating func took(_ row: OrderEntry.InstrumentDefinition) {
    guard isRunning, row.requestNumber == request else { return }
    lastExchange = row.exchange
    lastInstrument = row.instrument
  }

  mutating func ended(_ end: OrderEntry.InstrumentsEnd) {
    guard isRunning, end.requestNumber == request else { return }
    request = 0
    count += Int(end.count)
    isPageOwed = end.remaining > 0 && end.count > 0 && count < InstrumentListing.maximum
  }

  var wantsPage: Bool { isOwed || isPageOwed }
}

// What goes on behind the lines: account updates, and names to complete.
extension Shell {
  mutating func follow(
    _ kinds: OrderEntry.BookKinds, _ milliseconds: UInt32, _ client: inout TerminalClient,
    at now: Int64
  ) {
    let result = client.subscribeAccount(kinds, intervalMilliseconds: milliseconds, at: now)
    guard isSent(result) else { return }
    following = Following(kinds: kinds, milliseconds: milliseconds)
    if !kinds.isEmpty { awaitReading(&client, at: now) }
  }

  /// What was told of the account, and what will be. Shown as it comes; the prompt waits for the
  /// end of what is kept.
  mutating func notices(after number: UInt64, _ client: inout TerminalClient, at now: Int64) {
    guard isSent(client.subscribeNotices(after: number, at: now)) else { return }
    noticing.isOn = true
    noticing.isOwed = false
    wait(.notices(request: client.lastRequestNumber), nil, at: now)
  }

  /// Asks for what a session has to be asked for again, and for the next instruments.
  mutating func askAgain(_ client: inout TerminalClient, at now: Int64) {
    if following.isOwed {
      following.isOwed = false
      _ = client.subscribeAccount(
        following.kinds, intervalMilliseconds: following.milliseconds, at: now)
    }
    if noticing.isOwed {
      noticing.isOwed = false
      // A person who has just come is told what is new.
      let seen = client.newestNotice
      _ = client.subscribeNotices(after: seen == 0 ? .max : seen, at: now)
    }
    guard listing.wantsPage else { return }
    if listing.isOwed { listing = InstrumentListing() }
    let asked = client.askInstruments(
      afterExchange: listing.lastExchange, afterInstrument: listing.lastInstrument, at: now)
    if asked.isSent {
      listing.asked(client.lastRequestNumber)
    } else {
      listing = InstrumentListing()
    }
  }
}
