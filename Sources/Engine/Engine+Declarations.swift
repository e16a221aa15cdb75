import Domain
import Ledger
import MarketData
import Messages

// Declaration fees: who pays, and when the exchange has acknowledged what.
extension Engine {
  mutating func setDeclared(_ set: SetDeclared, _ effects: inout EffectBuffer) {
    guard market.exists(set.commodity) else { return refuse(&effects) }
    ledger.setDeclared(set.commodity, set.declared)
  }

  /// What everybody pays who follows the platform; unset = 1 yuan an order.
  mutating func setDeclarationFee(_ set: SetPlatform, _ effects: inout EffectBuffer) {
    var fee = ledger.declarationFee
    if set.setting == .declarationUnit {
      guard let unit = Self.unit(set.value) else { return refuse(&effects, observed: set.value) }
      fee.unit = unit
    } else {
      guard set.value <= Ranges.declarationFeeMaximum else {
        return refuse(&effects, observed: set.value, limit: Ranges.declarationFeeMaximum)
      }
      fee.amount = set.value == .min ? Money(yuan: 1) : Money(units: set.value)
    }
    ledger.setDeclarationFee(fee)
  }

  private static func unit(_ value: Int64) -> DeclarationUnit? {
    value == .min ? .order : UInt8(exactly: value).flatMap { DeclarationUnit(rawValue: $0) }
  }

  /// Which of the three figures of a holder's fee a setting is.
  enum DeclarationSetting {
    case mode, fee, unit

    init?(_ setting: AccountSetting) {
      switch setting {
      case .declarationMode: self = .mode
      case .declarationFee: self = .fee
      case .declarationUnit: self = .unit
      default: return nil
      }
    }

    init?(_ setting: FundAccountSetting) {
      switch setting {
      case .declarationMode: self = .mode
      case .declarationFee: self = .fee
      case .declarationUnit: self = .unit
      default: return nil
      }
    }
  }

  /// False where the value is none that the figure can have.
  mutating func setDeclarationFee(
    _ holder: HolderID, _ setting: DeclarationSetting, _ value: Int64
  ) -> Bool {
    switch setting {
    case .mode:
      let mode =
        value == .min ? .platform : UInt8(exactly: value).flatMap { DeclarationMode(rawValue: $0) }
      guard let mode else { return false }
      ledger.setDeclarationFee(holder) { $0.pointee.mode = mode }
    case .fee:
      guard value == .min || value >= 0 && value <= Ranges.declarationFeeMaximum else {
        return false
      }
      ledger.setDeclarationFee(holder) {
        $0.pointee.amount = value == .min ? .zero : Money(units: value)
      }
    case .unit:
      guard let unit = Self.unit(value) else { return false }
      ledger.setDeclarationFee(holder) { $0.pointee.unit = unit }
    }
    return true
  }

  /// The exchange has a child.
  mutating func acknowledge(child number: UInt32) {
    ledger.declare(
      child: number, market.commodity(of: ledger.child(number).pointee.instrument))
  }

  /// The exchange has a part of an order.
  mutating func acknowledge(order number: UInt32) {
    guard !ledger.order(number).pointee.isConfirmed else { return }
    ledger.setConfirmed(order: number)
    ledger.declare(
      order: number, market.commodity(of: ledger.order(number).pointee.instrument))
  }

  /// The exchange has cancelled lots of a child: that was declared too, of day orders; what is left
  /// of the others ends without a word from anybody.
  mutating func acknowledgeCancel(child number: UInt32, lots: Lots) {
    let child = ledger.child(number)
    guard child.pointee.timeInForce == .day else { return }
    ledger.declareCancel(
      child: number, lots: lots, market.commodity(of: child.pointee.instrument))
  }
}
