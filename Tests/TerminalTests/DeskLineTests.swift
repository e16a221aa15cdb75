import Client
import Domain
import Messages
import RiskRules
import Session
import Testing
import Wire

@testable import Terminal

/// Lines of `sluice desk`, and what it says.
@Suite struct DeskLineTests {
  private static func control(
    _ kind: ControlKind, _ scope: ScopeKind = .operationAccount, _ name: String = "",
    _ reason: String = "", order: OrderID = .none
  ) -> DeskProtocol.Control {
    DeskProtocol.Control(
      kind: kind, scopeKind: scope, name: FixedText(name)!, orderID: order,
      reason: FixedText(reason)!)
  }

  private static func watch(
    _ kinds: DeskProtocol.RowKinds, _ scope: ScopeKind = .none, _ name: String = "",
    every milliseconds: UInt32 = 0
  ) -> DeskWatch {
    var watch = DeskWatch(kinds)
    watch.scope = scope
    watch.name = Name(name)!
    watch.milliseconds = milliseconds
    return watch
  }

  static let good: [(String, DeskLine?)] = [
    ("", nil), ("  # a comment", nil),
    (
      "bar desk-1 too fast", .control(control(.barOpening, .operationAccount, "desk-1", "too fast"))
    ),
    ("release desk-1 ok", .control(control(.releaseOpening, .operationAccount, "desk-1", "ok"))),
    // Whether a reason is needed is the gateway's to say.
    ("bar desk-1", .control(control(.barOpening, .operationAccount, "desk-1"))),
    ("kill all 出错", .control(control(.killSwitch, .platform, "", "出错"))),
    ("kill product alpha stop it", .control(control(.killSwitch, .product, "alpha", "stop it"))),
    ("unkill counter north on", .control(control(.releaseKillSwitch, .counter, "north", "on"))),
    (
      "cancel 3248-0-17",
      .control(control(.cancelOrder, .none, order: OrderID(text: "3248-0-17")!))
    ),
    (
      "flatten account desk-1 stop",
      .control(control(.killAndFlatten, .operationAccount, "desk-1", "stop"))
    ),
    ("flatten all 出错", .control(control(.killAndFlatten, .platform, "", "出错"))),
    (
      "liquidate product alpha all over limit",
      .control(control(.forceLiquidation, .product, "alpha", "over limit"))
    ),
    (
      "stop account desk-1 ok",
      .control(control(.stopLiquidation, .operationAccount, "desk-1", "ok"))
    ),
    ("liquidations", .liquidations),
    ("accounts", .accounts([watch(.accounts)])),
    ("accounts every 250", .accounts([watch(.accounts, every: 250)])),
    (
      "positions desk-1 desk-2 every 1000",
      .accounts([
        watch(.positions, .operationAccount, "desk-1", every: 1_000),
        watch(.positions, .operationAccount, "desk-2", every: 1_000),
      ])
    ),
    ("positions fund fund-1", .accounts([watch(.positions, .fundAccount, "fund-1")])),
    ("orders product alpha", .accounts([watch(.orders, .product, "alpha")])),
    ("lines", .accounts([watch(.lines)])),
    ("products alpha", .accounts([watch(.products, .product, "alpha")])),
    ("funds fund-1", .accounts([watch(.fundAccounts, .fundAccount, "fund-1")])),
    ("links", .accounts([watch(.links)])), ("unwatch", .unwatch),
    ("notices", .notices(after: 0)), ("notices 42", .notices(after: 42)), ("watch", .standing),
    ("standing", .standing), ("help", .help), ("quit", .quit),
  ]

  @Test(arguments: good.indices) func aLineIsRead(_ index: Int) throws {
    let (line, expected) = Self.good[index]
    #expect(try DeskLine.read(line) == expected)
  }

  @Test func aSessionOfManyIsNamed() throws {
    guard case .control(let kick) = try DeskLine.read("kick desk-1 @77 go home") else {
      Issue.record("no control")
      return
    }
    #expect(kick.kind == .kickSession && kick.session == 77 && kick.reason.string == "go home")
  }

  @Test(arguments: [
    ("rb2701", Exchange.unknown, PositionSide.unknown, LiquidationExtent.unknown),
    ("SHFE.rb2701", .shfe, .unknown, .unknown), ("rb2701:long", .unknown, .long, .unknown),
    ("SHFE.rb2701:short to-line", .shfe, .short, .toLine),
  ])
  func whatIsLiquidatedIsNamed(
    _ what: String, _ exchange: Exchange, _ side: PositionSide, _ extent: LiquidationExtent
  ) throws {
    guard
      case .control(let control) = try DeskLine.read("liquidate account desk-1 \(what) too much")
    else {
      Issue.record("no control")
      return
    }
    #expect(control.kind == .forceLiquidation && control.name.string == "desk-1")
    #expect(control.exchange == exchange && control.instrument.string == "rb2701")
    #expect(control.side == side && control.extent == extent)
    #expect(control.reason.string == "too much")
  }

  @Test func aTradeIsAssigned() throws {
    guard case .control(let assign) = try DeskLine.read("assign 5 desk-1 close-today 3") else {
      Issue.record("no control")
      return
    }
    #expect(assign.trade == 5 && assign.offset == .closeToday && assign.lots == 3)
  }

  @Test(arguments: [
    "fly", "bar", "kill", "kill product", "kill everything", "cancel", "cancel 17", "kick",
    "kick desk-1 @x y", "rate desk-1", "assign 5 desk-1 sideways 3", "assign 5 desk-1 open 0",
    "flatten", "flatten fund north x", "liquidate", "liquidate desk-1", "liquidate account desk-1",
    "liquidate account desk-1 rb2701:sideways x", "liquidate account desk-1 ABC.rb2701 x",
    "liquidate account desk-1 SHFE. x", "liquidate account desk-1 a:b:c x", "stop", "stop desk-1",
    "notices x", "notices 1 2", "bar \(String(repeating: "x", count: 33)) y",
    "bar desk-1 \(String(repeating: "y", count: 97))",
  ])
  func whatIsNoLineIsSaidInBothLanguages(_ line: String) {
    do throws(DeskLine.Fault) {
      _ = try DeskLine.read(line)
      Issue.record("it was read")
    } catch {
      #expect(!error.words(.english).isEmpty && !error.words(.chinese).isEmpty)
    }
  }

  @Test func everyKindOfNoticeHasWords() {
    for kind in NoticeKind.allCases where kind != .unknown {
      #expect(NoticeWords.name(kind.rawValue) == "\(kind)")
    }
    #expect(NoticeWords.name(999) == "kind-999")
  }

  @Test func aNoticeSaysWhoWhatAndWhy() {
    let notice = DeskProtocol.Notice(
      number: 42, time: Timestamp(nanoseconds: 0), control: .killSwitch, scopeKind: .product,
      scopeName: FixedText("alpha")!, controller: Name("risk-1")!, reason: FixedText("stop")!)
    #expect(
      DeskText.words(.notice(notice), .english)
        == "08:00:00.000 #42 kill switch product alpha by risk-1: stop")
    #expect(
      DeskText.words(.notice(notice), .chinese)
        == "08:00:00.000 #42 急停 产品 alpha，risk-1：stop")
    #expect(
      DeskJSON.line(.notice(notice)).hasPrefix(
        #"{"event":"notice","number":42,"time":"1970-01-01T08:00:00.000000000+08:00""#))
  }

  @Test func aLiquidationSaysWhatIsHeldWhatIsClosedAndWhatWaits() {
    var progress = DeskProtocol.LiquidationProgress(
      account: Name("desk-1")!, number: 3, time: Timestamp(nanoseconds: 0), owner: .controller,
      phase: .closing, extent: .all, controller: Name("risk-1")!, exchange: .shfe,
      instrument: InstrumentCode("rb2701")!, side: .long, lotsHeld: 9, lotsWorking: 5,
      waits: RuleID.fundLinkDown.rawValue, orders: 2)
    #expect(
      DeskText.words(.liquidation(progress), .english)
        == "08:00:00.000 liquidation 3 of desk-1 SHFE.rb2701 long by risk-1: closes, 9 lots held, "
        + "5 being closed by 2 orders so far, the rest waits: "
        + "\(RuleTable.refusalWords(.fundLinkDown)!.fault) [fund-link-down]")
    let chinese = DeskText.words(.liquidation(progress), .chinese)
    #expect(chinese.hasPrefix("08:00:00.000 强平 3，账户 desk-1 SHFE.rb2701 多头，risk-1：平仓中，持仓 9 手"))
    #expect(
      DeskJSON.line(.liquidation(progress)).hasSuffix(
        #""controller":"risk-1","instrument":"SHFE.rb2701","side":"long","lotsHeld":9,"#
          + #""lotsWorking":5,"waits":"fund-link-down","orders":2}"#))
    progress.phase = .ended
    progress.end = .backToLine
    progress.controller = Name()
    progress.rule = RuleID.dailyLoss.rawValue
    #expect(
      DeskText.words(.liquidation(progress), .english).contains(
        "for [daily-loss]: over, the line is not reached any more"))
  }

  @Test func aClauseIsNamed() {
    let notice = DeskProtocol.Notice(
      number: 43, time: Timestamp(nanoseconds: 0), kind: NoticeKind.clauseReached.rawValue,
      rule: RuleID.schemeSinglePositionLots.rawValue, scopeKind: .product,
      scopeName: FixedText("alpha")!, observed: 210, limit: 200, unit: .lots, level: .liquidate,
      action: .barOpening, instrument: InstrumentCode("rb2701")!, scheme: Name("everyday")!,
      clause: 7)
    let english = DeskText.words(.notice(notice), .english)
    #expect(english.contains("product alpha rb2701 by clause 7 of everyday level two"))
    #expect(english.hasSuffix("210 lots against 200 lots"))
    #expect(DeskText.words(.notice(notice), .chinese).contains("方案 everyday 第 7 条，二级"))
    #expect(
      DeskJSON.line(.notice(notice)).contains(
        #""instrument":"rb2701","scheme":"everyday","clause":7"#))
  }

  @Test func aRefusedRequestSaysWhichRule() {
    let answer = DeskProtocol.ControlAnswer(
      requestID: 1, kind: .barOpening,
      refusal: DeskProtocol.RefusalFigures(
        rule: RuleID.reasonMissing.rawValue, unit: .code, scopeKind: .controller))
    let words = DeskText.words(.answer(answer), .english)
    #expect(words.hasPrefix("bar on opening: REFUSED, a reason is needed"))
    #expect(words.hasSuffix("[reason-missing]"))
    #expect(DeskJSON.line(.answer(answer)).contains(#""rule":"reason-missing""#))
  }
}
