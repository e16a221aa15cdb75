import Domain

/// Every commodity of the configuration, by place and by name.
struct Catalogue {
  var commodities: [CommoditySpecification] = []
  var names = NameTable("commodity")

  /// The commodity and month behind an instrument code at an exchange.
  func parse(
    _ code: String, at exchange: Exchange, near reference: CalendarDate
  ) -> (commodity: Int, month: DeliveryMonth)? {
    let letters = String(
      code.prefix { !("0"..."9").contains($0) })
    guard let place = names.place(of: "\(exchange.code).\(letters)"),
      let month = commodities[place].month(of: code, near: reference)
    else { return nil }
    return (place, month)
  }
}

/// An instrument as a file names it; which one it is depends on the day the journal begins.
public struct InstrumentReference: Equatable, Hashable, Sendable {
  public enum Which: Equatable, Hashable, Sendable {
    /// By the exchange's code: `SHFE.rb2701`.
    case code(String)
    /// The n-th of those that trade, nearest first: `SHFE.rb@1`.
    case nearest(Int)
  }

  public var commodity: Int
  public var which: Which
  /// As it was written.
  public var text: String
}

/// What a row of the configuration speaks of.
public enum ConfigScope: Equatable, Hashable, Sendable {
  case exchange(Exchange)
  /// Place in the configuration.
  case commodity(Int)
  case instrument(InstrumentReference)
}

/// Which kinds of scope a key takes.
struct ScopeKinds: OptionSet {
  let rawValue: Int
  static let exchange = ScopeKinds(rawValue: 1)
  static let commodity = ScopeKinds(rawValue: 2)
  static let instrument = ScopeKinds(rawValue: 4)

  var words: String {
    var parts: [String] = []
    if contains(.exchange) { parts.append("'SHFE'") }
    if contains(.commodity) { parts.append("'SHFE.rb'") }
    if contains(.instrument) { parts.append("'SHFE.rb2701' or 'SHFE.rb@1' (nearest)") }
    return "as " + parts.joined(separator: ", ")
  }
}

extension Catalogue {
  /// Reads what a row speaks of.
  func scope(_ kinds: ScopeKinds) -> ValueKind<ConfigScope> {
    ValueKind(
      allowed: kinds.words, placeholder: .exchange(.unknown),
      read: { node, path, log in
        guard case .string(let text) = node.value else {
          ValueKind<ConfigScope>.wrongType(node, path, log, kinds.words)
          return nil
        }
        return self.read(text, kinds, Positioned(text, at: node.position, keyPath: path), log)
      }, show: { _ in "" })
  }

  var commodity: ValueKind<Int> {
    scope(.commodity).map(
      { if case .commodity(let place) = $0 { place } else { 0 } }, back: { .commodity($0) })
  }

  var instrument: ValueKind<InstrumentReference> {
    scope(.instrument).map(
      {
        if case .instrument(let reference) = $0 { return reference }
        return InstrumentReference(commodity: 0, which: .nearest(1), text: "")
      }, back: { .instrument($0) })
  }

  private func read(
    _ text: String, _ kinds: ScopeKinds, _ written: Positioned<String>, _ log: ReadingLog
  ) -> ConfigScope? {
    let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    guard let exchange = Exchange(code: parts[0]) else {
      log.report(
        written.fault(
          .danglingReference,
          "no exchange is called \(ConfigNode.quoted(String(parts[0]))); allowed: \(kinds.words)"))
      return nil
    }
    let found =
      parts.count == 1 ? .exchange(exchange) : resolve(String(parts[1]), exchange, written, log)
    guard let found else { return nil }
    let kind: ScopeKinds =
      switch found {
      case .exchange: .exchange
      case .commodity: .commodity
      case .instrument: .instrument
      }
    guard kinds.contains(kind) else {
      log.report(
        written.fault(
          .outOfRange, "not allowed: \(ConfigNode.quoted(text)); allowed: \(kinds.words)"))
      return nil
    }
    return found
  }

  private func resolve(
    _ code: String, _ exchange: Exchange, _ written: Positioned<String>, _ log: ReadingLog
  ) -> ConfigScope? {
    if let place = names.place(of: written.value) { return .commodity(place) }
    if let at = code.firstIndex(of: "@") {
      let key = "\(exchange.code).\(code[..<at])"
      guard let number = Int(code[code.index(after: at)...]), (1...24).contains(number) else {
        log.report(written.fault(.outOfRange, "after '@' belongs a number of 1...24"))
        return nil
      }
      let name = Positioned(key, at: written.position, keyPath: written.keyPath)
      return names.resolve(name, log).map {
        .instrument(
          InstrumentReference(commodity: $0, which: .nearest(number), text: written.value))
      }
    }
    // Any reference will do: whether the months fit is the same in every decade.
    let anyDay = DeliveryMonth(year: 2026, month: 1).firstDate
    if let options = parseOption(code, at: exchange, near: anyDay) {
      return .instrument(
        InstrumentReference(commodity: options, which: .code(code), text: written.value))
    }
    let parsed = parse(code, at: exchange, near: anyDay)
    guard let parsed else {
      let letters = code.prefix { !("0"..."9").contains($0) }
      let key = letters.isEmpty || letters.count == code.count ? code : String(letters)
      let name = Positioned(
        "\(exchange.code).\(key)", at: written.position, keyPath: written.keyPath)
      guard let place = names.resolve(name, log) else { return nil }
      let commodity = commodities[place]
      let example = commodity.instrumentCode(of: DeliveryMonth(year: 2027, month: 1))
      log.report(
        written.fault(
          .danglingReference,
          "\(ConfigNode.quoted(code)) is no instrument code of \(commodity.key), "
            + "such as '\(example)'"))
      return nil
    }
    let commodity = commodities[parsed.commodity]
    guard commodity.months.contains(where: { $0.months.contains(parsed.month.month) }) else {
      log.report(
        written.fault(
          .danglingReference,
          "\(commodity.key) has no instrument of month \(parsed.month.month)"))
      return nil
    }
    return .instrument(
      InstrumentReference(commodity: parsed.commodity, which: .code(code), text: written.value))
  }
}
