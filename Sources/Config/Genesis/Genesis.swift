import Domain
import Messages

/// The commands that make an empty engine what the configuration says, in order; dense ids are
/// the places of the configuration's lists.
public struct Genesis: Sendable {
  /// What the files do not say.
  public struct Input: Sendable {
    /// The first trading day: it decides which instruments are listed.
    public var tradingDay: TradingDay
    /// For draws: `platform.seed`, or one that was drawn.
    public var seed: UInt64
    /// argon2id strings by the name of the operation account, for those whose file does not
    /// state one.
    public var passwordHashes: [String: String]

    /// The same of risk controllers.
    public var controllerHashes: [String: String]

    public init(
      tradingDay: TradingDay, seed: UInt64, passwordHashes: [String: String] = [:],
      controllerHashes: [String: String] = [:]
    ) {
      self.controllerHashes = controllerHashes
      self.tradingDay = tradingDay
      self.seed = seed
      self.passwordHashes = passwordHashes
    }
  }

  public let commands: [Command]
  /// By dense id.
  public let instruments: [ListedInstrument]
  /// What begins the first day, after `commands` and the day's references.
  public let daySwitch: DaySwitch
  /// Notices; faults when `compile` answered nil commands.
  public let notices: [ConfigFault]

  public enum Result: Sendable {
    case compiled(Genesis)
    case refused([ConfigFault])
  }

  /// Compiles a checked configuration. Refused with all reasons when the day is not in the
  /// calendar, when something names an instrument that is not listed that day, when an account
  /// has no password hash, or when instruments outgrow the capacity.
  public static func compile(_ configuration: Configuration, _ input: Input) -> Result {
    var compiler = GenesisCompiler(configuration, input)
    compiler.run()
    guard compiler.faults.allSatisfy(\.isNotice) else { return .refused(compiler.faults) }
    let night = configuration.calendar.nightDate(before: input.tradingDay)
    return .compiled(
      Genesis(
        commands: compiler.commands, instruments: compiler.listing.instruments,
        daySwitch: DaySwitch(tradingDay: input.tradingDay, nightDate: night?.yyyymmdd ?? 0),
        notices: compiler.faults))
  }

  /// Made-up prices to begin a simulated day with: every instrument at its commodity's usual
  /// price, limit prices as far from it as the exchange lets a day go; an option at what exercise
  /// would bring and its time value, and as far from it as its underlying. By dense id.
  public func simulatedReferences(_ configuration: Configuration) -> [DayReference] {
    instruments.enumerated().map { place, instrument in
      let commodity = configuration.commodities[instrument.commodity]
      let future =
        commodity.underlying.map { configuration.commodities[$0].referencePrice }
        ?? commodity.referencePrice
      let price =
        instrument.option.map { commodity.price($0, future: future) } ?? future.units
      let move = Int64(
        Int128(future.units.magnitude) * Int128(commodity.priceLimit.units)
          / Int128(100 * Percent.unitsPerOne))
      let steps = move / commodity.tick.units * commodity.tick.units
      let least =
        instrument.option == nil ? price - steps : max(price - steps, commodity.tick.units)
      return DayReference(
        instrument: InstrumentID(UInt32(place)), preSettlement: Price(units: price),
        preClose: Price(units: price), upperLimit: Price(units: price + steps),
        lowerLimit: Price(units: least), openInterest: 0)
    }
  }
}

extension CommoditySpecification {
  /// An option's usual price: what exercise would bring, on its own tick, and its time value.
  fileprivate func price(_ option: ListedOption, future: Price) -> Int64 {
    let gain =
      option.option == .call
      ? future.units - option.strike.units : option.strike.units - future.units
    return max(gain, 0) / tick.units * tick.units + referencePrice.units
  }
}
