import Domain
import Messages

/// A declaration that was charged.
struct TwinDeclaration {
  var holder: TwinHolder
  var instrument: InstrumentID
  var fee: Int64
}

// rules.md 6, decisions 8: the operation account by the order, the fund account by the child, each
// order and each cancel once, when the exchange has acknowledged it.
extension Twin {
  func isDeclared(_ instrument: InstrumentID) -> Bool {
    declaredCommodities.contains(instruments[instrument.index].commodity)
  }

  /// The exchange has a child.
  func acknowledge(_ id: OrderID) {
    guard let child = children[id], !child.isDeclared else { return }
    children[id]?.isDeclared = true
    if isDeclared(child.instrument) {
      charge(.fund(child.fund), child.instrument, lots: child.lots)
    }
  }

  /// The exchange has a part of an order, which was not confirmed before.
  func acknowledge(_ order: TwinOrder) {
    guard !order.isConfirmed, isDeclared(order.terms.instrument) else { return }
    charge(
      .account(order.terms.account), order.terms.instrument, lots: order.terms.lots)
  }

  /// The exchange has cancelled lots of a child of a day order.
  func acknowledgeCancel(_ child: TwinChild, _ order: inout TwinOrder, lots: Lots) {
    guard order.terms.timeInForce == .day, isDeclared(child.instrument) else { return }
    charge(.fund(child.fund), child.instrument, lots: lots)
    let account = TwinHolder.account(order.terms.account)
    if terms(account).unit == 1 || !order.isCancelDeclared {
      charge(account, child.instrument, lots: lots)
    }
    order.isCancelDeclared = true
  }

  private func charge(_ holder: TwinHolder, _ instrument: InstrumentID, lots: Lots) {
    let terms = terms(holder)
    let fee = terms.unit == 1 ? terms.fee * Int64(lots) : terms.fee
    declarations.append(TwinDeclaration(holder: holder, instrument: instrument, fee: fee))
  }

  private func terms(_ holder: TwinHolder) -> (fee: Int64, unit: Int64) {
    let settings: (mode: Int64, fee: Int64, unit: Int64)
    switch holder {
    case .account(let id):
      settings = (
        setting(id, .declarationMode) ?? 0, setting(id, .declarationFee) ?? 0,
        setting(id, .declarationUnit) ?? 0
      )
    case .fund(let id):
      let own = funds[id.index].settings
      settings = (
        own[.declarationMode] ?? 0, own[.declarationFee] ?? 0, own[.declarationUnit] ?? 0
      )
    }
    func common(_ key: PlatformSetting) -> Int64? {
      platformSettings[key].flatMap { $0 == .min ? nil : $0 }
    }
    switch settings.mode {
    case 1: return (0, 0)
    case 2: return (settings.fee, settings.unit)
    default: return (common(.declarationFee) ?? 10_000, common(.declarationUnit) ?? 0)
    }
  }
}
