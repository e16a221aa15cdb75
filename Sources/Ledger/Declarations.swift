import Domain
import Storage

// Declaration fees (申报费; rules.md 6, decisions 8): an operation account pays for each of its
// orders and cancels, a fund account for each child's, once the exchange has acknowledged it. They
// are fees of the day like any other and are not held before.
extension Ledger {
  /// What everybody pays who follows the platform.
  public mutating func setDeclarationFee(_ fee: DeclarationFee) { declarationFee = fee }

  /// What a holder pays.
  public mutating func setDeclarationFee(
    _ holder: HolderID, _ change: (UnsafeMutablePointer<DeclarationFee>) -> Void
  ) {
    change(declarationFees.at(holder.raw))
  }

  /// Whether orders of a commodity are declared for a fee.
  public mutating func setDeclared(_ commodity: CommodityID, _ isDeclared: Bool) {
    declaredCommodities.at(commodity.raw).pointee = isDeclared ? 1 : 0
  }

  /// The exchange has acknowledged an order: who sent it pays. Once an order, by its caller.
  public mutating func declare(order number: UInt32, _ commodity: CommodityID) {
    guard isDeclared(commodity) else { return }
    let order = order(number)
    charge(
      holder(of: order.pointee.account), lots: order.pointee.lots, order.pointee.position)
  }

  /// The exchange has acknowledged a child: its fund account pays, once.
  public mutating func declare(child number: UInt32, _ commodity: CommodityID) {
    let child = mutableChild(number)
    guard !child.pointee.isDeclared else { return }
    child.pointee.isDeclared = true
    guard isDeclared(commodity) else { return }
    charge(child: number, lots: child.pointee.lots)
  }

  /// The exchange has acknowledged a child's cancel, of so many lots: the fund account pays; the
  /// operation account too, by the order for the first of its children alone.
  public mutating func declareCancel(child number: UInt32, lots: Lots, _ commodity: CommodityID) {
    guard isDeclared(commodity) else { return }
    let child = mutableChild(number)
    charge(child: number, lots: lots)
    let order = order(child.pointee.parent)
    let account = holder(of: order.pointee.account)
    if terms(account).unit == .lot || !hasDeclaredCancel(child.pointee.parent) {
      charge(account, lots: lots, order.pointee.position)
    }
    child.pointee.isCancelDeclared = true
  }

  private func hasDeclaredCancel(_ parent: UInt32) -> Bool {
    var number = order(parent).pointee.firstChild
    while number != 0 {
      if child(number).pointee.isCancelDeclared { return true }
      number = child(number).pointee.nextSibling
    }
    return false
  }

  private func isDeclared(_ commodity: CommodityID) -> Bool {
    declaredCommodities.at(commodity.raw).pointee != 0
  }

  /// What a holder pays, its own or everybody's.
  private func terms(_ holder: HolderID) -> DeclarationFee {
    let own = declarationFees.at(holder.raw).pointee
    switch own.mode {
    case .none: return DeclarationFee()
    case .own: return own
    case .platform: return declarationFee
    }
  }

  private mutating func charge(child number: UInt32, lots: Lots) {
    let child = mutableChild(number)
    charge(holder(of: child.pointee.fundAccount), lots: lots, child.pointee.position)
  }

  /// A holder pays; whose schemes count its money earn as much less in the position's instrument.
  private mutating func charge(_ id: HolderID, lots: Lots, _ position: UInt32) {
    let holder = holders.at(id.raw)
    // `Ranges`: fees of fills have a proof of their own.
    let room = Money(units: max(Ranges.cashMaximum - holder.pointee.fees.units, 0))
    let fee = min(terms(id).fee(lots: lots), room)
    guard fee.units != 0 else { return }
    holder.pointee.fees += fee
    disturb(id)
    if holder.pointee.isInSchemes { countScheme(declaredOf: position, fee: fee) }
  }
}
