import Domain
import Messages
import ReferenceModel

// What risk controllers do, and who logs in as them.
extension TwinRun {
  private var anyController: ControllerID {
    ControllerID(UInt32(draw.pick([0, 0, 0, 0, 1, 1, 2, 2, 3, 9])))
  }

  func request(needsReason: Bool = true) -> ControlRequest {
    ControlRequest(
      controller: anyController, session: SessionID(3), requestID: UInt64(stepNumber),
      reason: needsReason && draw.chance(94) ? ControlReason("because")! : ControlReason())
  }

  func control() {
    switch draw.weighted([24, 16, 14, 8, 8, 8, 14, 12]) {
    case 0: bar()
    case 1: kill()
    case 2: cancelAnyOrder()
    case 3:
      step(
        .kickSession(
          KickSession(
            request: request(), account: draw.chance(96) ? anyAccount : OperationAccountID(60),
            target: draw.chance(50) ? .none : SessionID(UInt64(stepNumber)))))
    case 4:
      let isFund = draw.chance(50)
      step(
        .controlRelease(
          ControlRelease(
            request: request(), holderKind: isFund ? .fundAccount : .operationAccount,
            holderID: UInt32(draw.below(isFund ? 8 : 10)))))
    case 5: assignByController()
    case 6: controllerSessions()
    default: controllerSetting()
    }
  }

  private func bar() {
    let bar = BarOpening(
      request: request(), account: draw.chance(96) ? anyAccount : OperationAccountID(60),
      isBarred: draw.chance(85))
    let effects = step(.barOpening(bar))
    guard bar.isBarred, !effects.isControlRefused else { return }
    inPlace.append(.barOpening(BarOpening(request: chief, account: bar.account, isBarred: false)))
  }

  private func kill() {
    let kind = draw.pick([
      ScopeKind.operationAccount, .product, .counter, .counter, .counter, .counter, .platform,
      .instrument,
    ])
    let id: UInt32
    switch kind {
    case .operationAccount: id = UInt32(draw.below(8))
    case .product: id = UInt32(draw.pick([0, 1, 2, 3, 7]))
    case .counter: id = UInt32(draw.pick([0, 0, 1, 1, 4]))
    default: id = .max
    }
    let kill = KillSwitch(
      request: request(), scopeKind: kind, scopeID: id, isOn: draw.chance(90),
      flattens: draw.chance(25))
    let effects = step(.killSwitch(kill))
    guard kill.isOn, !effects.isControlRefused else { return }
    inPlace.append(
      .killSwitch(KillSwitch(request: chief, scopeKind: kind, scopeID: id, isOn: false)))
  }

  /// Who may do everything.
  private var chief: ControlRequest {
    ControlRequest(controller: ControllerID(0), reason: ControlReason("checked")!)
  }

  /// Takes away the oldest bar or switch.
  func letGo() {
    let command = inPlace.removeFirst()
    let effects = step(command)
    // Who may do everything may have lost a right for a while.
    if effects.isControlRefused, !inPlace.contains(command), draw.chance(50) {
      inPlace.append(command)
    }
  }

  /// Whose bar it is, is looked up: a bar is rare.
  func releaseByController(isFund: Bool) {
    let barred = twin.barredByRate
    step(
      .controlRelease(
        ControlRelease(
          request: chief, holderKind: isFund && barred.isEmpty ? .fundAccount : .operationAccount,
          holderID: barred.first?.raw ?? UInt32(draw.below(8)))))
  }

  private func cancelAnyOrder() {
    guard !acceptedOrders.isEmpty else { return }
    let (order, _) = draw.pick(acceptedOrders.suffix(12))
    step(
      .cancelAnyOrder(
        CancelAnyOrder(
          request: request(needsReason: draw.chance(50)),
          order: draw.chance(94) ? order : OrderID(raw: order.raw &+ 5_000))))
  }

  private func assignByController() {
    let trade = twin.waitingTrades.last
    let bound = TwinWorld.accountProducts.indices.filter {
      TwinWorld.accountProducts[$0].map { ProductID($0) } == trade?.product
    }
    step(
      .controlAssign(
        ControlAssign(
          request: request(), trade: trade?.number ?? 9_999,
          account: bound.isEmpty ? anyAccount : OperationAccountID(UInt32(draw.pick(bound))),
          offset: trade?.offset ?? .open, lots: trade?.lots ?? 1)))
  }

  /// Several in a row, of one controller: enough wrong passwords to lock him, or the wrong place.
  private func controllerSessions() {
    let controller = ControllerID(UInt32(draw.below(4)))
    let isGuessing = draw.chance(50)
    if draw.chance(30) {
      step(
        .allowControllerAddress(
          AllowControllerAddress(
            controller: controller, from: NetworkAddress(ipv4: 100),
            to: NetworkAddress(ipv4: 200))))
      step(
        .allowControllerMAC(AllowControllerMAC(controller: controller, mac: MACAddress(raw: 5))))
    }
    for _ in 0..<draw.within(1...8) {
      controllerSession(draw.chance(95) ? controller : ControllerID(9), isGuessing)
    }
  }

  private func controllerSession(_ controller: ControllerID, _ isGuessing: Bool) {
    let session = SessionID(UInt64(stepNumber) + 100)
    guard draw.chance(85) else {
      step(.controllerClosed(ControllerClosed(session: session, controller: controller)))
      return
    }
    step(
      .controllerLogon(
        ControllerLogon(
          session: session, controller: controller,
          passwordVerified: !isGuessing && draw.chance(80),
          address: NetworkAddress(ipv4: UInt32(draw.pick([50, 150, 150]))),
          mac: MACAddress(raw: UInt64(draw.pick([5, 5, 6]))), clientName: FixedText("twin")!,
          clientVersion: FixedText("1")!)))
  }

  private func controllerSetting() {
    let controller = ControllerID(UInt32(draw.below(4)))
    switch draw.below(7) {
    case 0:
      step(
        .allowControllerAddress(
          AllowControllerAddress(
            controller: controller, from: NetworkAddress(ipv4: 100),
            to: NetworkAddress(ipv4: 200))))
    case 1:
      let mac = MACAddress(raw: 5)
      step(
        draw.chance(40)
          ? .clearControllerAccess(
            ClearControllerAccess(controller: controller, list: draw.pick([.addresses, .macs])))
          : .allowControllerMAC(AllowControllerMAC(controller: controller, mac: mac)))
    case 2:
      step(
        .setControllerCredential(
          SetControllerCredential(controller: controller, hash: FixedText("hash")!)))
    case 3:
      step(
        .bindController(
          BindController(
            controller: controller, account: anyAccount, bound: draw.chance(60))))
    default:
      let (setting, values): (ControllerSetting, [Int64]) = draw.pick([
        (.enabled, [0, 1, 1, 1]), (.sessions, [1, 2, 0]), (.dropsOlderSession, [0, 0, 1]),
        (.rights, [255, 255, 4, 12, 256]),
      ])
      step(
        .setController(
          SetController(controller: controller, setting: setting, value: draw.pick(values))))
    }
  }
}
