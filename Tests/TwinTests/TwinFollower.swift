import Domain
import Engine
import Messages

/// An engine that does what another one did, whatever it would decide itself.
final class TwinFollower {
  /// What it is set up with.
  enum Settings {
    /// All that the other one has.
    case same
    /// No limits but small ones of its own, no permissions, no retries: it would decide otherwise
    /// all the time.
    case others
  }

  let settings: Settings
  private(set) var engine = Engine(capacities: TwinWorld.capacities)
  private var scratch = EffectBuffer()
  private(set) var newlyRefused = 0
  private(set) var newlyTaken = 0

  init(_ settings: Settings) { self.settings = settings }

  var stateHash: UInt64 { engine.stateHash }

  /// Follows one command; what is wrong, in words.
  func follow(_ stamped: Stamped, _ recorded: borrowing EffectBuffer) -> String? {
    var stamped = stamped
    if settings == .others { stamped.command = Self.replacement(of: stamped.command) }
    let followed: FollowedOrder?
    do throws(FollowFault) {
      followed = try engine.follow(stamped, recorded, into: &scratch)
    } catch {
      return "can't be followed under \(settings) settings: \(error)"
    }
    guard case .newOrder = stamped.command else { return nil }
    let decided = Decision(recorded)
    guard let followed else {
      return decided.isRepeat ? nil : "a new order has no verdict under \(settings) settings"
    }
    if decided.isRepeat || followed.recorded != decided.verdict {
      return "decided \(String(describing: decided.verdict)), followed as \(followed)"
    }
    switch (followed.recorded, followed.verdict) {
    case (.taken, .refused): newlyRefused += 1
    case (.refused, .taken): newlyTaken += 1
    default: break
    }
    return settings == .others || followed.verdict == followed.recorded
      ? nil : "under the same settings the verdict is another one: \(followed)"
  }

  /// Of settings those alone that history depends on: money, rates, and whose orders end with
  /// their last session. Anything else is a command that does nothing, or a limit of its own.
  private static func replacement(of command: Command) -> Command {
    switch command {
    case .setAccount(let set):
      switch set.setting {
      case .cancelOnDisconnect, .disconnectGraceSeconds, .marginRateMode, .feeRateMode,
        .declarationMode, .declarationFee, .declarationUnit,
        .oneSidedExchanges:
        return command
      default: break
      }
      return .setAccount(SetAccount(account: set.account, setting: .positionCap, value: 12))
    case .setPlatform(let set):
      switch set.setting {
      case .mapsExternal, .marginRateMode, .feeRateMode, .liquidationRepriceSeconds,
        .declarationFee, .declarationUnit:
        return command
      default: return .timeReached
      }
    case .setProduct(let set):
      switch set.setting {
      case .autoMapping, .externalAccount, .rateAccount: return command
      default: return .timeReached
      }
    case .setFundAccount(let set):
      switch set.setting {
      case .declarationMode, .declarationFee, .declarationUnit, .oneSidedExchanges,
        .counterOneSidedExchanges:
        return command
      default: return .timeReached
      }
    case .setProductMode, .setDeliveryBar,
      .setTradingCode, .setPositionLimit, .setLimitBand, .setOrderSize, .setTradable,
      .setFundPositionLimit, .setFundOrderSize, .allowAddress, .allowMAC, .setCredential,
      .setFundOpenVolume, .setFundTradable, .setSharedTradable, .setFundQuota, .setFundPriority,
      .setAccountLine, .setPlatformLine, .setLineAction, .setNoticeAudience,
      .setOvernight, .setSessionFlat,
      .setSessionFlatCommodity, .defineSector, .setSectorCommodity,
      .defineSuperSector, .setSuperSectorMember, .defineScheme, .setSchemeClause, .bindScheme,
      .setNetValue, .setNetValueLines, .setSchemePeriod, .setSchemeHoliday,
      .setProductFees, .setProductFee, .setFeeBand,
      .setTemplateOrderSize,
      .setTemplateTradable, .setTemplateOnlyListed, .setBudget, .setControlGroup,
      .setMarketMaking:
      return .timeReached
    default: return command
    }
  }
}
