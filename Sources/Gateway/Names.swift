import Domain
import Engine
import Ledger
import Messages

/// What is called how outside: filled by the definitions that pass the sequencer, or from the
/// directory of an engine that was replayed.
public struct Names: ~Copyable {
  public internal(set) var operationAccounts: NameIndex
  public internal(set) var fundAccounts: NameIndex
  public internal(set) var products: NameIndex
  public internal(set) var counters: NameIndex
  public internal(set) var controllers: NameIndex
  public internal(set) var schemes: NameIndex
  /// Commodities and instruments are qualified by their exchange.
  public internal(set) var commodities: NameIndex
  public internal(set) var instruments: NameIndex

  public init(_ capacities: LedgerCapacities) {
    operationAccounts = NameIndex(capacity: capacities.operationAccounts)
    fundAccounts = NameIndex(capacity: capacities.fundAccounts)
    products = NameIndex(capacity: capacities.products)
    counters = NameIndex(capacity: capacities.counters)
    controllers = NameIndex(capacity: capacities.controllers)
    schemes = NameIndex(capacity: capacities.schemes)
    commodities = NameIndex(capacity: capacities.commodities)
    instruments = NameIndex(capacity: capacities.instruments)
  }

  /// Takes over what an engine knows already.
  public mutating func load(_ directory: Directory) {
    for name in directory.operationAccounts.names { operationAccounts.add(Self.text(name)) }
    for name in directory.fundAccounts.names { fundAccounts.add(Self.text(name)) }
    for name in directory.products.names { products.add(Self.text(name)) }
    for name in directory.counters.names { counters.add(Self.text(name)) }
    for name in directory.controllers.names { controllers.add(Self.text(name)) }
    for name in directory.schemes.names { schemes.add(Self.text(name)) }
    for (index, exchange) in directory.commodityExchanges.enumerated() {
      let name = directory.commodities.names[index].drop { $0 != "." }.dropFirst()
      commodities.add(Self.text(name), qualifier: exchange.rawValue)
    }
    for (index, exchange) in directory.instrumentExchanges.enumerated() {
      let name = directory.code(InstrumentID(UInt32(index))) ?? ""
      instruments.add(Self.text(name), qualifier: exchange.rawValue)
    }
  }

  /// A definition was taken and has its dense id.
  public mutating func defined(_ command: Command) {
    switch command {
    case .defineOperationAccount(let define): operationAccounts.add(define.name)
    case .defineFundAccount(let define): fundAccounts.add(define.name)
    case .defineProduct(let define): products.add(define.name)
    case .defineCounter(let define): counters.add(define.name)
    case .defineController(let define): controllers.add(define.name)
    case .defineScheme(let define): schemes.add(define.name)
    case .defineCommodity(let define):
      commodities.add(FixedText(define.code), qualifier: define.exchange.rawValue)
    case .defineInstrument(let define):
      instruments.add(
        define.code, qualifier: commodities.row(define.commodity.raw)?.pointee.qualifier ?? 0)
    default: break
    }
  }

  public func instrument(_ code: InstrumentCode, _ exchange: Exchange) -> InstrumentID? {
    instruments.id(code, qualifier: exchange.rawValue).map { InstrumentID($0) }
  }

  public func commodity(_ code: CommodityCode, _ exchange: Exchange) -> CommodityID? {
    commodities.id(FixedText(code), qualifier: exchange.rawValue).map { CommodityID($0) }
  }

  public func exchange(_ instrument: InstrumentID) -> Exchange {
    guard let row = instruments.row(instrument.raw) else { return .unknown }
    return Exchange(rawValue: row.pointee.qualifier) ?? .unknown
  }

  /// What a refusal's scope is called; empty when it names nothing.
  public func scopeName(_ kind: ScopeKind, _ id: UInt32) -> FixedText<32> {
    switch kind {
    case .operationAccount: operationAccounts.name(id)
    case .instrument: instruments.name(id)
    case .commodity: commodities.name(id)
    case .product: products.name(id)
    case .fundAccount: fundAccounts.name(id)
    case .counter: counters.name(id)
    case .controller: controllers.name(id)
    case .exchange: FixedText(Exchange(rawValue: UInt8(truncatingIfNeeded: id))?.code ?? "")!
    case .none, .order, .session, .platform: FixedText()
    }
  }

  /// Empty for no instrument.
  func code(_ instrument: InstrumentID) -> InstrumentCode {
    instrument.isNone ? InstrumentCode() : instruments.name(instrument.raw)
  }

  private static func text(_ name: some StringProtocol) -> FixedText<32> {
    guard let text = FixedText<32>(name) else {
      preconditionFailure("the engine keeps no name longer than 32 bytes")
    }
    return text
  }
}

extension FixedText where capacity == 32 {
  /// A commodity's code as a name.
  public init(_ code: CommodityCode) {
    self.init()
    for index in 0..<16 { bytes[index] = code.bytes[index] }
  }
}
