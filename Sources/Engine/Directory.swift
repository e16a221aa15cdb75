import Domain
import Storage

/// Names to dense ids and back: for the edges, where text is. Never read on an order's way through
/// the engine.
public struct Directory: Sendable {
  public private(set) var operationAccounts = NameTable()
  public private(set) var fundAccounts = NameTable()
  public private(set) var products = NameTable()
  public private(set) var counters = NameTable()
  public private(set) var commodities = NameTable()
  public private(set) var tradingHours = NameTable()
  public private(set) var instruments = NameTable()
  public private(set) var sectors = NameTable()
  public private(set) var superSectors = NameTable()
  public private(set) var schemes = NameTable()
  public private(set) var templates = NameTable()
  /// Real-control groups of fund accounts.
  public private(set) var controlGroups = NameTable()
  /// Exchange of each instrument and commodity, by dense id.
  public private(set) var instrumentExchanges: [Exchange] = []
  public private(set) var commodityExchanges: [Exchange] = []
  /// argon2id strings by operation account; empty = no password set.
  public private(set) var credentials: [FixedText<128>] = []
  public private(set) var controllers = NameTable()
  /// The same of risk controllers.
  public private(set) var controllerCredentials: [FixedText<128>] = []
  private var tradingCodes: [String: UInt32] = [:]
  private var ownersByExchange: [UInt32] = Array(repeating: 0, count: Exchange.count)

  public init() {}

  /// A list of names by dense id, and its inverse.
  public struct NameTable: Sendable {
    public private(set) var names: [String] = []
    private var ids: [String: UInt32] = [:]

    public func id(_ name: String) -> UInt32? { ids[name] }
    public func name(_ id: UInt32) -> String? {
      Int(id) < names.count ? names[Int(id)] : nil
    }

    mutating func pass<Archive: StateArchive & ~Copyable>(
      through archive: inout Archive
    ) throws(SnapshotFault) {
      var count = names.count
      try archive.pass(count: &count, atMost: Directory.namesMaximum)
      var name = ""
      for index in 0..<count {
        if !archive.isReading { name = names[index] }
        try archive.pass(&name)
        if archive.isReading { add(name) }
      }
    }

    mutating func add(_ name: String) {
      ids[name] = UInt32(names.count)
      names.append(name)
    }
  }

  /// All names, in their order.
  mutating func pass<Archive: StateArchive & ~Copyable>(
    through archive: inout Archive
  ) throws(SnapshotFault) {
    try operationAccounts.pass(through: &archive)
    try fundAccounts.pass(through: &archive)
    try products.pass(through: &archive)
    try counters.pass(through: &archive)
    try commodities.pass(through: &archive)
    try tradingHours.pass(through: &archive)
    try instruments.pass(through: &archive)
    try sectors.pass(through: &archive)
    try superSectors.pass(through: &archive)
    try schemes.pass(through: &archive)
    try controllers.pass(through: &archive)
    try Directory.pass(&controllerCredentials, filledWith: FixedText(), through: &archive)
    try templates.pass(through: &archive)
    try controlGroups.pass(through: &archive)
    try Directory.pass(&instrumentExchanges, filledWith: .unknown, through: &archive)
    try Directory.pass(&commodityExchanges, filledWith: .unknown, through: &archive)
    try Directory.pass(&credentials, filledWith: FixedText(), through: &archive)
    try Directory.pass(&ownersByExchange, filledWith: 0, through: &archive)
    var codes = legalOwners.map(\.code)
    var owners = legalOwners.map(\.owner)
    var count = codes.count
    try archive.pass(count: &count, atMost: Directory.namesMaximum)
    if archive.isReading { codes = Array(repeating: "", count: count) }
    for index in codes.indices { try archive.pass(&codes[index]) }
    try Directory.pass(&owners, filledWith: 0, through: &archive)
    guard owners.count == codes.count else {
      throw .badCount(found: Int64(owners.count), maximum: Int64(codes.count))
    }
    tradingCodes = Dictionary(zip(codes, owners)) { first, _ in first }
  }

  /// More than there can be of anything.
  static let namesMaximum = 1 << 24

  private static func pass<Value: BitwiseCopyable, Archive: StateArchive & ~Copyable>(
    _ values: inout [Value], filledWith value: Value, through archive: inout Archive
  ) throws(SnapshotFault) {
    var count = values.count
    try archive.pass(count: &count, atMost: namesMaximum)
    if archive.isReading { values = Array(repeating: value, count: count) }
    for index in values.indices { try archive.pass(&values[index]) }
  }

  /// The instrument of a code; without an exchange, the only one with that code.
  public func instrument(_ code: String, exchange: Exchange = .unknown) -> InstrumentID? {
    if exchange != .unknown {
      return instruments.id("\(exchange.code).\(code)").map { InstrumentID($0) }
    }
    var found: InstrumentID?
    for candidate in Exchange.allCases where candidate != .unknown {
      if let id = instruments.id("\(candidate.code).\(code)") {
        guard found == nil else { return nil }
        found = InstrumentID(id)
      }
    }
    return found
  }

  /// The code of an instrument without its exchange.
  public func code(_ instrument: InstrumentID) -> String? {
    instruments.name(instrument.raw).map { String($0.drop { $0 != "." }.dropFirst()) }
  }

  static func key(_ exchange: Exchange, _ code: String) -> String { "\(exchange.code).\(code)" }

  mutating func addOperationAccount(_ name: String) {
    operationAccounts.add(name)
    credentials.append(FixedText())
  }
  mutating func addController(_ name: String) {
    controllers.add(name)
    controllerCredentials.append(FixedText())
  }
  mutating func addFundAccount(_ name: String) { fundAccounts.add(name) }
  mutating func addProduct(_ name: String) { products.add(name) }
  mutating func addTemplate(_ name: String) { templates.add(name) }
  mutating func addCounter(_ name: String) { counters.add(name) }
  mutating func addTradingHours(_ name: String) { tradingHours.add(name) }
  mutating func addCommodity(_ code: String, _ exchange: Exchange) {
    commodities.add(Directory.key(exchange, code))
    commodityExchanges.append(exchange)
  }
  mutating func addInstrument(_ code: String, _ exchange: Exchange) {
    instruments.add(Directory.key(exchange, code))
    instrumentExchanges.append(exchange)
  }
  mutating func addSector(_ name: String) { sectors.add(name) }
  mutating func addSuperSector(_ name: String) { superSectors.add(name) }
  mutating func addScheme(_ name: String) { schemes.add(name) }

  /// The number of a real-control group, from 1: the same name, the same group. Nil when there are
  /// so many others already.
  mutating func controlGroup(_ name: String, atMost most: Int) -> UInt32? {
    if let known = controlGroups.id(name) { return known + 1 }
    guard controlGroups.names.count < most else { return nil }
    controlGroups.add(name)
    return UInt32(controlGroups.names.count)
  }
  mutating func setCredential(_ account: OperationAccountID, _ hash: FixedText<128>) {
    credentials[account.index] = hash
  }
  mutating func setCredential(_ controller: ControllerID, _ hash: FixedText<128>) {
    controllerCredentials[controller.index] = hash
  }

  /// Trading codes by exchange and their owners, in the order of the codes.
  var legalOwners: [(code: String, owner: UInt32)] {
    tradingCodes.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  /// The legal owner behind a trading code at an exchange: the same code, the same owner.
  mutating func legalOwner(_ exchange: Exchange, _ code: String) -> UInt32 {
    let key = Directory.key(exchange, code)
    if let owner = tradingCodes[key] { return owner }
    ownersByExchange[exchange.index] += 1
    tradingCodes[key] = ownersByExchange[exchange.index]
    return ownersByExchange[exchange.index]
  }
}
