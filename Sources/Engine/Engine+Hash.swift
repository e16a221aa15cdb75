import Domain
import Ledger
import MarketData
import Messages
import Settlement
import Storage

extension Engine {
  /// A fold of everything a later answer may depend on.
  public var stateHash: UInt64 {
    var hasher = StateHasher()
    hasher.combine(sequence)
    hasher.combine(now.nanoseconds)
    hasher.combine(seed)
    hasher.combine(UInt64(shard) << 8 | (hasSettings ? 1 : 0))
    hasher.combine(clockJump)
    hasher.combine(noticeNumber)
    hasher.combine(configurationRevision)
    hasher.combine(UInt64(answerCursor))
    platform.hash(into: &hasher)
    hasher.combine(windowsDue.nanoseconds)
    hasher.combine(bandsDue.nanoseconds)
    liquidationLook.hash(into: &hasher)
    liquidationSweep.hash(into: &hasher)
    hasher.combine(
      UInt64(isTrading ? 1 : 0) | UInt64(isDisconnectQueued ? 2 : 0)
        | UInt64(isSending ? 4 : 0))
    hasher.combine(UInt64(nextDay?.tradingDay.yyyymmdd ?? 0))
    hasher.combine(UInt64(nextDay?.nightDate ?? 0))
    if let dayTurn { dayTurn.hash(into: &hasher) }
    work.hash(into: &hasher)
    marks.hash(into: &hasher)
    dirty.hash(into: &hasher)
    market.hash(into: &hasher)
    ledger.hash(into: &hasher)
    directory.hash(into: &hasher)
    return hasher.value
  }

  /// The money, positions and holds alone: a refusal leaves it as it was.
  public var booksHash: UInt64 {
    var hasher = StateHasher()
    ledger.hashBooks(into: &hasher)
    return hasher.value
  }
}

extension PlatformSettings {
  func hash(into hasher: inout StateHasher) {
    for value in [
      lockoutFailures, lockoutWindowSeconds, lockoutSeconds, ordersPerAccountDay,
      clockForwardSeconds, childAnswerSeconds, mapsExternal, liquidationTicks,
      liquidationRepriceSeconds, Int64(liquidationPrice.rawValue),
      Int64(liquidationExtent.rawValue), schemeLiquidation, Int64(reductionFinish.rawValue),
    ] {
      hasher.combine(value)
    }
  }
}

extension WorkQueue {
  func hash(into hasher: inout StateHasher) {
    hasher.combine(UInt64(count))
    for index in 0..<count {
      let item = item(index)
      hasher.combine(
        UInt64(item.pointee.kind.rawValue) << 40 | UInt64(item.pointee.side.rawValue) << 32
          | UInt64(item.pointee.subject))
      hasher.combine(UInt64(item.pointee.instrument.raw) << 32 | UInt64(item.pointee.cursor))
      hasher.combine(UInt64(item.pointee.bound))
      hasher.combine(
        UInt64(item.pointee.holders.chunk) << 32 | UInt64(item.pointee.holders.offset))
      hasher.combine(item.pointee.session.raw)
      hasher.combine(UInt64(item.pointee.reached) << 32 | UInt64(item.pointee.asked))
      hasher.combine(UInt64(item.pointee.isOpeningOnly ? 1 : 0))
      for place in 0..<item.pointee.requestID.count {
        hasher.combine(UInt64(item.pointee.requestID.bytes[place]))
      }
    }
  }
}

extension MarkQueue {
  func hash(into hasher: inout StateHasher) {
    hasher.combine(UInt64(count))
    for index in 0..<count {
      let state = states.at(instrument(index).raw)
      hasher.combine(UInt64(instrument(index).raw) << 1 | (state.pointee.isStale ? 1 : 0))
      hasher.combine(
        UInt64(state.pointee.cursor.chunk) << 32 | UInt64(state.pointee.cursor.offset))
    }
  }
}

extension Directory {
  /// Names too: a definition is refused when its name is taken.
  func hash(into hasher: inout StateHasher) {
    for table in [
      operationAccounts, fundAccounts, products, counters, commodities, tradingHours, instruments,
      controllers, templates, sectors, superSectors, schemes, controlGroups,
    ] {
      hasher.combine(UInt64(table.names.count))
      for name in table.names { Self.combine(name, into: &hasher) }
    }
    for credential in credentials + controllerCredentials {
      for index in 0..<credential.count { hasher.combine(UInt64(credential.bytes[index])) }
      hasher.combine(UInt64(0))
    }
    for (code, owner) in legalOwners {
      Self.combine(code, into: &hasher)
      hasher.combine(UInt64(owner))
    }
  }

  private static func combine(_ text: String, into hasher: inout StateHasher) {
    for byte in text.utf8 { hasher.combine(UInt64(byte)) }
    hasher.combine(UInt64(0))
  }
}
