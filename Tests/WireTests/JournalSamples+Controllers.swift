import Domain
import Messages

// What is of risk controllers.
extension JournalSamples {
  private static let controlRequest = ControlRequest(
    controller: ControllerID(1), session: SessionID(9), requestID: 17,
    reason: ControlReason("超限，待核实")!)

  static let controllers: [Command] = [
    .defineController(DefineController(name: Name("risk-1")!)),
    .setController(
      SetController(controller: ControllerID(1), setting: .rights, value: 13)),
    .bindController(
      BindController(controller: ControllerID(1), account: OperationAccountID(2), bound: true)),
    .setControllerCredential(
      SetControllerCredential(controller: ControllerID(1), hash: FixedText("$argon2id$v=19")!)),
    .allowControllerAddress(
      AllowControllerAddress(
        controller: ControllerID(1), from: NetworkAddress(high: 1, low: 2),
        to: NetworkAddress(high: 1, low: 9))),
    .allowControllerMAC(AllowControllerMAC(controller: ControllerID(1), mac: MACAddress(raw: 1))),
    .controllerLogon(
      ControllerLogon(
        session: SessionID(9), controller: ControllerID(1), passwordVerified: true,
        address: NetworkAddress(high: 0, low: 7), mac: MACAddress(raw: 3),
        clientName: FixedText("风控台")!, clientVersion: FixedText("1.0")!)),
    .controllerClosed(ControllerClosed(session: SessionID(9), controller: ControllerID(1))),
    .barOpening(
      BarOpening(request: controlRequest, account: OperationAccountID(2), isBarred: true)),
    .cancelAnyOrder(
      CancelAnyOrder(
        request: controlRequest, order: OrderID(day: day, shard: 1, sequence: 7))),
    .kickSession(
      KickSession(
        request: controlRequest, account: OperationAccountID(2), target: SessionID(4))),
    .controlRelease(
      ControlRelease(request: controlRequest, holderKind: .fundAccount, holderID: 3)),
    .controlAssign(
      ControlAssign(
        request: controlRequest, trade: 5, account: OperationAccountID(2), offset: .closeToday,
        lots: 4)),
    .killSwitch(
      KillSwitch(
        request: controlRequest, scopeKind: .platform, scopeID: .max, isOn: true,
        flattens: true)),
    .controlLiquidate(
      ControlLiquidate(
        request: controlRequest, account: OperationAccountID(2), product: .none,
        instrument: InstrumentID(6), side: .short, hedge: .arbitrage, extent: .toLine)),
    .controlStop(
      ControlStop(request: controlRequest, account: .none, product: ProductID(1))),
  ]

  static let ofControllers: [Effect] = [
    .controllerVerdict(
      ControllerVerdict(
        session: SessionID(9), controller: ControllerID(1), refusal: refusal, tradingDay: day,
        noticeNumber: 41)),
    .controlTaken(
      ControlTaken(
        kind: .forceLiquidation, controller: ControllerID(1), scopeKind: .operationAccount,
        scopeID: 2, order: .none, reason: ControlReason("because")!, number: 43,
        instrument: InstrumentID(6))),
    .controlDone(
      ControlDone(
        kind: .cancelOrder, controller: ControllerID(1), session: SessionID(9), requestID: 17,
        refusal: refusal)),
    .dropSessions(DropSessions(account: OperationAccountID(2), session: .none)),
  ]
}
