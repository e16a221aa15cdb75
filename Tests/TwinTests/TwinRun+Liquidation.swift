import Domain
import Messages
import ReferenceModel

// Controllers have positions closed, and stop it.
extension TwinRun {
  func liquidation() {
    switch draw.below(10) {
    case 0...4: force()
    case 5, 6: stop()
    default: liquidationSetting()
    }
  }

  private var who: Name { Name(draw.pick(["wei", "lin"]))! }

  private func force() {
    var force = ForceLiquidate(
      who: who, account: anyAccount, product: .none, instrument: .none, side: .unknown,
      hedge: .unknown, extent: draw.chance(75) ? .all : .toLine)
    if draw.chance(15) {
      force.account = .none
      force.product = ProductID(UInt32(draw.below(3)))
    }
    if draw.chance(50) {
      let held = twin.held(.account(force.account.isNone ? anyAccount : force.account))
      if !held.isEmpty {
        let (place, _) = draw.pick(held)
        force.instrument = place.instrument
        if draw.chance(50) {
          force.side = place.side
          if draw.chance(50) { force.hedge = place.hedge }
        }
      }
    }
    switch draw.below(30) {
    case 0: force.who = Name()
    case 1: force.account = OperationAccountID(draw.pick([9, 40]))
    case 2: force.instrument = InstrumentID(77)
    case 3: force.hedge = .hedge
    case 4: force.extent = .unknown
    default: break
    }
    guard draw.chance(60) else {
      step(.forceLiquidate(force))
      return
    }
    step(
      .controlLiquidate(
        ControlLiquidate(
          request: request(), account: force.account, product: force.product,
          instrument: force.instrument, side: force.side, hedge: force.hedge,
          extent: force.extent)))
  }

  private func stop() {
    let running = TwinWorld.accounts.filter { twin.isLiquidating($0) }
    var stop = StopLiquidation(
      who: who, account: running.isEmpty || draw.chance(15) ? anyAccount : draw.pick(running),
      product: .none)
    if draw.chance(10) {
      stop.account = .none
      stop.product = ProductID(UInt32(draw.below(3)))
    }
    guard draw.chance(60) else {
      step(.stopLiquidation(stop))
      return
    }
    step(
      .controlStop(ControlStop(request: request(), account: stop.account, product: stop.product)))
  }

  private func liquidationSetting() {
    let (setting, values): (PlatformSetting, [Int64]) = draw.pick([
      (.liquidationPrice, [1, 2, 3, 9, .min]), (.liquidationTicks, [0, 2, 5_000, .min]),
      (.liquidationRepriceSeconds, [1, 2, 4, 0, .min]), (.liquidationExtent, [1, 1, 2, 5, .min]),
      (.schemeLiquidation, [0, 1, 1, 2]),
    ])
    step(.setPlatform(SetPlatform(setting: setting, value: draw.pick(values))))
  }
}
