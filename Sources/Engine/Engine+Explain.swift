import Domain
import Ledger
import MarketData
import Messages
import RiskRules
import Routing
import Storage

// Why an order would be taken or refused: the decision's own functions, all of them instead of up
// to the first that refuses.
extension Engine {
  /// What `step` would decide on an order at a time that is not before the last command's. Works
  /// in the decision's scratch; the state stays as it was.
  public mutating func explain(_ order: NewOrder, at time: Timestamp) -> Explanation {
    guard ledger.exists(order.account) else {
      let refusal = Refusal(.badCommand)
      return Explanation(
        verdict: .refused(refusal), findings: [Finding(passes: false, figures: refusal)],
        decider: 0)
    }
    let product = ledger.account(order.account).pointee.product
    let marked = bringUpToDate(ledger.holder(of: order.account), andThoseOf: product)
    defer { takeBack(marked) }
    let known = ledger.order(order.account, order.clOrdID, seed: seed)
    let terms = terms(of: order)
    var explanation = Explanation(verdict: .taken(0))
    if known != 0 { explanation.findings.append(sameOrder(order, known)) }
    explanation.findings += [
      readyFinding(), namedFinding(order), roomFinding(), ordersTodayFinding(order),
      clockFinding(terms),
    ]
    let context = OrderContext(UnsafePointer(terms), ledger, market, now: time)
    explanation.findings += RuleTable.findings(context, ledger, market)
    // Clauses are asked of an order that passed all of these: what it lacks is told by them.
    if context.holder.pointee.isInSchemes, Self.canBeSplit(explanation.findings) {
      for subject in [
        ledger.ownSubject(context.holder), ledger.productSubject(context.holder),
      ] {
        explanation.findings += SchemeCheck.findings(context, of: subject, ledger, market)
      }
    }
    if Self.canBeSplit(explanation.findings), !product.isNone {
      explainRoute(context, product, &explanation)
    }
    let first = explanation.findings.firstIndex { !$0.passes }
    // Routing decides by fund account: what one's group has used up another's may have left.
    if !product.isNone {
      explanation.findings += BudgetFindings.of(UnsafePointer(terms), product, ledger, market)
    }
    if known != 0, first != 0 {
      explanation.verdict = .answeredAgain(ledger.order(known).pointee.id)
    } else if let first {
      explanation.decider = first
      explanation.verdict = .refused(explanation.findings[first].figures)
    } else {
      explanation.verdict = .taken(plan.placed)
    }
    return explanation
  }

  /// The same of a forced order: structure and over-close alone are asked (rules.md 0), and it is
  /// placed as an exit is.
  public mutating func explain(forced order: NewOrder, at time: Timestamp) -> Explanation {
    let product = ledger.account(order.account).pointee.product
    let marked = bringUpToDate(ledger.holder(of: order.account), andThoseOf: product)
    defer { takeBack(marked) }
    let terms = terms(of: order)
    var explanation = Explanation(verdict: .taken(0))
    explanation.findings = [readyFinding(), roomFinding()]
    let context = OrderContext(UnsafePointer(terms), ledger, market, now: time)
    explanation.findings += RuleTable.forcedOrder.map {
      RuleTable.evaluate($0, context, ledger, market)
    }
    if Self.canBeSplit(explanation.findings), !product.isNone {
      explainRoute(context, product, isForced: true, &explanation)
    }
    if let first = explanation.findings.firstIndex(where: { !$0.passes }) {
      explanation.decider = first
      explanation.verdict = .refused(explanation.findings[first].figures)
    } else {
      explanation.verdict = .taken(plan.placed)
    }
    return explanation
  }

  /// Rules without which an order can't even be split: what it says makes no sense, or there is
  /// nothing to hold it at.
  private static let rulesOfSplitting: [RuleID] = [
    .unknownInstrument, .badSide, .badOffset, .badHedge, .badOrderType, .badQuantity,
    .badPriceTick, .amountOverflow, .marketDataMissing,
  ]

  private static func canBeSplit(_ findings: [Finding]) -> Bool {
    findings.allSatisfy { $0.passes || !rulesOfSplitting.contains($0.figures.rule) }
  }

  private mutating func explainRoute(
    _ context: OrderContext, _ product: ProductID, isForced: Bool = false,
    _ explanation: inout Explanation
  ) {
    var request = routeRequest(context, product)
    request.isForced = isForced
    Planner.plan(request, into: &plan, seed: seed, ledger, market)
    if isForced, plan.placed < context.order.pointee.lots {
      request.isExempt = true
      Planner.plan(request, into: &plan, seed: seed, ledger, market)
    }
    let commodity = market.commodity(of: context.order.pointee.instrument)
    var route = Explanation.Route(
      mode: ledger.routingMode(product, commodity), refusal: plan.refusal)
    for index in 0..<plan.candidateCount {
      let candidate = plan.candidates.at(index)
      route.shares.append(
        Explanation.Share(
          fundAccount: candidate.pointee.fundAccount, priority: candidate.pointee.priority,
          equity: Money(units: candidate.pointee.equity), held: candidate.pointee.held,
          closable: candidate.pointee.closableInAll, room: candidate.pointee.capacity,
          lots: plan.childCount > 0 ? candidate.pointee.given : 0,
          refusal: candidate.pointee.refusal))
    }
    for index in 0..<plan.childCount {
      let child = plan.child(index)
      route.children.append(
        Explanation.Child(
          fundAccount: child.pointee.fundAccount, offset: child.pointee.offset,
          lots: child.pointee.lots))
    }
    explanation.route = route
    guard plan.childCount > 0 else {
      explanation.findings.append(Finding(passes: false, figures: plan.refusal))
      return
    }
    explanation.findings += [
      Finding(
        passes: true,
        figures: Refusal(
          .noFundAccount, observed: Int64(context.order.pointee.lots - plan.placed), unit: .lots,
          scope: .product, scopeID: product.raw)),
      childrenFinding(context.order),
    ]
    for index in 0..<plan.candidateCount {
      let id = plan.candidates.at(index).pointee.fundAccount
      if let finding = messageFinding(id, context) { explanation.findings.append(finding) }
    }
  }

  /// How far the messages a second of a fund account are used up. It tells what is left: whether
  /// an order finds room is told by its share, and one that closes waits.
  private func messageFinding(_ id: FundAccountID, _ context: OrderContext) -> Finding? {
    let fund = ledger.fundAccount(id)
    guard fund.pointee.messageQuota != 0 else { return nil }
    let isOpening = context.order.pointee.offset == .open
    return Finding(
      passes: true,
      figures: Refusal(
        .fundMessageQuota,
        observed: ledger.messagesOfLastSecond(fund, at: context.now)
          + Int64(fund.pointee.waitingMessages),
        limit: isOpening ? ledger.openingQuota(fund) : Int64(fund.pointee.messageQuota),
        asked: 1, unit: .count, scope: .fundAccount, scopeID: id.raw))
  }

  // MARK: Marks

  /// A position's mark as it was; of a subject's figures for schemes, the price alone.
  private struct Mark {
    var position: UInt32
    var price: Price
    var profit: Money
    var instrument = InstrumentID.none
    var subject = SchemeSubject.none
  }

  /// Brings up to date whom a decision would; what that changes, as it was.
  private mutating func bringUpToDate(
    _ holder: HolderID, andThoseOf product: ProductID
  ) -> [Mark] {
    guard !marks.isEmpty else { return [] }
    var holders = [holder]
    if !product.isNone {
      let record = ledger.product(product)
      for index in 0..<Int(record.pointee.fundAccountCount) {
        holders.append(ledger.holder(of: record.pointee.fundAccounts[index]))
      }
    }
    var marked: [Mark] = []
    for holder in holders {
      for index in 0..<marks.count {
        var number = ledger.firstPosition(holder, marks.instrument(index))
        while number != 0 {
          let position = ledger.position(number)
          marked.append(
            Mark(
              position: number, price: position.pointee.markedAt,
              profit: position.pointee.profit))
          number = position.pointee.sibling
        }
      }
      bringUpToDate(holder)
    }
    let subject = product.isNone ? SchemeSubject.none : SchemeSubject(product)
    return marked + schemeMarks(subject) + schemeMarks(ledger.ownSubject(holder))
  }

  /// The same for a subject's figures.
  private mutating func schemeMarks(_ subject: SchemeSubject) -> [Mark] {
    guard !subject.isNone, ledger.schemes.subject(subject).pointee.isOn else { return [] }
    var marked: [Mark] = []
    for index in 0..<marks.count {
      let instrument = marks.instrument(index)
      let number = ledger.schemes.instrumentNumber(subject, instrument)
      guard number != 0 else { continue }
      marked.append(
        Mark(
          position: 0, price: ledger.schemes.instrument(number).pointee.price, profit: .zero,
          instrument: instrument, subject: subject))
    }
    bringSchemeUpToDate(subject)
    return marked
  }

  private mutating func takeBack(_ marked: [Mark]) {
    for mark in marked {
      guard mark.instrument.isNone else {
        ledger.revalue(
          mark.subject, mark.instrument, at: mark.price,
          multiplier: market.instrument(mark.instrument).pointee.multiplier)
        continue
      }
      ledger.unmark(mark.position, to: mark.price, profit: mark.profit)
    }
    // All is as it was: nobody needs to look.
    while ledger.schemes.nextTouched() != nil {}
  }
}
