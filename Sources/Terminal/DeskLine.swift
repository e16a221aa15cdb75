import Domain
import Wire

/// What a line of `sluice desk` asks for.
public enum DeskLine: Equatable, Sendable {
  case control(DeskProtocol.Control)
  /// Notices behind this one; 0 = all that are kept.
  case notices(after: UInt64)
  /// The bars and kill switches that are in place.
  case standing
  /// Where liquidations stand, and how they go on.
  case liquidations
  /// Rows about accounts, now and as they change.
  case accounts([DeskWatch])
  /// No more of them.
  case unwatch
  case help
  case quit

  /// What was wrong with a line, in both languages.
  public struct Fault: Error, Equatable, Sendable {
    public let english: String
    public let chinese: String

    public func words(_ language: Language) -> String { language.say(english, chinese) }
  }

  /// Reads a line; nil for an empty one and for a comment.
  public static func read(_ line: String) throws(Fault) -> DeskLine? {
    let words = line.split(whereSeparator: { $0 == " " || $0 == "\t" }).map(String.init)
    guard let verb = words.first, !verb.hasPrefix("#") else { return nil }
    var rest = words.dropFirst()
    switch verb {
    case "bar": return .control(try onAccount(.barOpening, &rest))
    case "release": return .control(try onAccount(.releaseOpening, &rest))
    case "kill": return .control(try onScope(.killSwitch, &rest))
    case "unkill": return .control(try onScope(.releaseKillSwitch, &rest))
    case "flatten": return .control(try onScope(.killAndFlatten, &rest))
    case "liquidate": return .control(try liquidate(&rest))
    case "stop":
      return .control(
        try onAccounts(
          .stopLiquidation, &rest,
          Fault(
            english: "stop account NAME or stop product NAME, then REASON",
            chinese: "stop account 名称 或 stop product 名称，然后是原因"), reason: true))
    case "cancel":
      var control = DeskProtocol.Control(kind: .cancelOrder)
      guard let id = rest.popFirst().flatMap({ OrderID(text: $0) }) else {
        throw Fault(
          english: "cancel ORDER [REASON]: an order is DAY-SHARD-NUMBER, such as 3248-0-17",
          chinese: "cancel 报单号 [原因]：报单号形如 3248-0-17")
      }
      control.orderID = id
      control.reason = try reason(&rest)
      return .control(control)
    case "kick": return .control(try kick(&rest))
    case "rate": return .control(try rate(&rest))
    case "assign": return .control(try assign(&rest))
    case "notices":
      let after = rest.popFirst() ?? "0"
      guard let number = UInt64(after), rest.isEmpty else {
        throw Fault(
          english: "notices [AFTER]: the number of the last one seen",
          chinese: "notices [编号]：已看过的最后一条通知的编号")
      }
      return .notices(after: number)
    case "watch", "standing": return .standing
    case "liquidations": return .liquidations
    case "accounts", "lines", "positions", "orders", "products", "funds", "links":
      return .accounts(try DeskWatch.read(verb, rest))
    case "unwatch": return .unwatch
    case "help": return .help
    case "quit", "exit": return .quit
    default:
      throw Fault(
        english: "no command '\(verb)'; help lists them", chinese: "没有命令“\(verb)”；help 列出全部命令")
    }
  }

  // MARK: Parts

  private static func name(_ text: String?, _ usage: Fault) throws(Fault) -> Name {
    guard let text, let name = Name(text), !name.isEmpty else { throw usage }
    return name
  }

  private static func reason(_ rest: inout ArraySlice<String>) throws(Fault) -> ControlReason {
    let text = rest.joined(separator: " ")
    guard let reason = ControlReason(text) else {
      throw Fault(english: "a reason has at most 96 bytes", chinese: "原因最多 96 字节")
    }
    return reason
  }

  private static func onAccount(
    _ kind: ControlKind, _ rest: inout ArraySlice<String>
  ) throws(Fault) -> DeskProtocol.Control {
    var control = DeskProtocol.Control(kind: kind, scopeKind: .operationAccount)
    control.name = try name(
      rest.popFirst(), Fault(english: "ACCOUNT and REASON are needed", chinese: "需要账户和原因"))
    control.reason = try reason(&rest)
    return control
  }

  private static func onScope(
    _ kind: ControlKind, _ rest: inout ArraySlice<String>
  ) throws(Fault) -> DeskProtocol.Control {
    let usage = Fault(
      english: "account NAME, product NAME, counter NAME or all; then REASON",
      chinese: "account 名称、product 名称、counter 名称 或 all；然后是原因")
    var control = DeskProtocol.Control(kind: kind)
    switch rest.popFirst() {
    case "account": control.scopeKind = .operationAccount
    case "product": control.scopeKind = .product
    case "counter": control.scopeKind = .counter
    case "all": control.scopeKind = .platform
    default: throw usage
    }
    if control.scopeKind != .platform { control.name = try name(rest.popFirst(), usage) }
    control.reason = try reason(&rest)
    return control
  }

  /// An account, or the accounts of a product.
  private static func onAccounts(
    _ kind: ControlKind, _ rest: inout ArraySlice<String>, _ usage: Fault, reason isNext: Bool
  ) throws(Fault) -> DeskProtocol.Control {
    var control = DeskProtocol.Control(kind: kind)
    switch rest.popFirst() {
    case "account": control.scopeKind = .operationAccount
    case "product": control.scopeKind = .product
    default: throw usage
    }
    control.name = try name(rest.popFirst(), usage)
    if isNext { control.reason = try reason(&rest) }
    return control
  }

  private static func liquidate(
    _ rest: inout ArraySlice<String>
  ) throws(Fault) -> DeskProtocol.Control {
    let usage = Fault(
      english: "liquidate account|product NAME all|INSTRUMENT[:long|:short] [to-line] REASON",
      chinese: "liquidate account|product 名称 all|合约[:long|:short] [to-line] 原因")
    var control = try onAccounts(.forceLiquidation, &rest, usage, reason: false)
    guard let what = rest.popFirst() else { throw usage }
    if what != "all" {
      let parts = what.split(separator: ":", omittingEmptySubsequences: false)
      switch parts.count == 2 ? parts[1] : parts.count == 1 ? "both" : "" {
      case "both": break
      case "long": control.side = .long
      case "short": control.side = .short
      default: throw usage
      }
      // SHFE.rb2701, or rb2701 wherever it is listed.
      let code: Substring
      if let dot = parts[0].firstIndex(of: ".") {
        guard let exchange = Exchange(code: parts[0][..<dot]) else { throw usage }
        control.exchange = exchange
        code = parts[0][parts[0].index(after: dot)...]
      } else {
        code = parts[0]
      }
      guard let instrument = InstrumentCode(code), !instrument.isEmpty else { throw usage }
      control.instrument = instrument
    }
    if rest.first == "to-line" {
      control.extent = .toLine
      rest.removeFirst()
    }
    control.reason = try reason(&rest)
    return control
  }

  private static func kick(
    _ rest: inout ArraySlice<String>
  ) throws(Fault) -> DeskProtocol.Control {
    let usage = Fault(
      english: "kick ACCOUNT [@SESSION] REASON", chinese: "kick 账户 [@会话] 原因")
    var control = DeskProtocol.Control(kind: .kickSession, scopeKind: .operationAccount)
    control.name = try name(rest.popFirst(), usage)
    if let word = rest.first, word.hasPrefix("@") {
      guard let session = UInt64(word.dropFirst()), session > 0 else { throw usage }
      control.session = session
      rest.removeFirst()
    }
    control.reason = try reason(&rest)
    return control
  }

  private static func rate(
    _ rest: inout ArraySlice<String>
  ) throws(Fault) -> DeskProtocol.Control {
    let usage = Fault(
      english: "rate account NAME or rate fund NAME, then a reason",
      chinese: "rate account 名称 或 rate fund 名称，然后是原因")
    var control = DeskProtocol.Control(kind: .releaseOrderRate)
    switch rest.popFirst() {
    case "account": control.scopeKind = .operationAccount
    case "fund": control.scopeKind = .fundAccount
    default: throw usage
    }
    control.name = try name(rest.popFirst(), usage)
    control.reason = try reason(&rest)
    return control
  }

  private static func assign(
    _ rest: inout ArraySlice<String>
  ) throws(Fault) -> DeskProtocol.Control {
    let usage = Fault(
      english: "assign TRADE ACCOUNT open|close|close-today|close-yesterday LOTS [REASON]",
      chinese: "assign 成交编号 账户 open|close|close-today|close-yesterday 手数 [原因]")
    let offsets: [String: Offset] = [
      "open": .open, "close": .close, "close-today": .closeToday,
      "close-yesterday": .closeYesterday,
    ]
    var control = DeskProtocol.Control(kind: .assignTrade, scopeKind: .operationAccount)
    guard let trade = rest.popFirst().flatMap({ UInt64($0) }) else { throw usage }
    control.trade = trade
    control.name = try name(rest.popFirst(), usage)
    guard let offset = rest.popFirst().flatMap({ offsets[$0] }),
      let lots = rest.popFirst().flatMap({ Lots($0) }), lots > 0
    else { throw usage }
    control.offset = offset
    control.lots = lots
    control.reason = try reason(&rest)
    return control
  }

  // MARK: Help

  public static func help(_ language: Language) -> String {
    language.say(
      """
      bar ACCOUNT REASON              opening orders of an account are refused
      release ACCOUNT REASON          ... and taken again
      kill account|product|counter NAME REASON
      kill all REASON                 new orders are refused, working ones cancelled
      unkill ... REASON               releases a kill switch
      flatten account|product NAME REASON
      flatten all REASON              a kill switch, and what is held is closed
      liquidate account|product NAME all|INSTRUMENT[:long|:short] [to-line] REASON
                                      cancels what works, then closes what is held
      stop account|product NAME REASON
                                      stops it, whoever began it
      liquidations                    those that run, and how they go on
      cancel ORDER [REASON]           cancels one working order, such as 3248-0-17
      kick ACCOUNT [@SESSION] REASON  ends its sessions, or one of them
      rate account|fund NAME [REASON] takes away the bar of an order rate
      assign TRADE ACCOUNT OFFSET LOTS [REASON]
                                      gives lots of a trade that nobody has
      watch                           the bars and kill switches that are in place
      accounts|lines|positions|orders|products|funds|links [NAME...] [every MS]
                                      money, loss lines, positions, working orders, links, and
                                      how they change; of all that are yours, or of those named;
                                      with product or fund in front of NAME, of what belongs to it
      unwatch                         no more of them
      notices [AFTER]                 what has happened since then, and whatever happens
      help, quit
      """,
      """
      bar 账户 原因                    禁止账户开仓
      release 账户 原因                解除禁开
      kill account|product|counter 名称 原因
      kill all 原因                    急停：拒绝新报单并撤销在途报单
      unkill ... 原因                  解除急停
      flatten account|product 名称 原因
      flatten all 原因                 急停并强平全部持仓
      liquidate account|product 名称 all|合约[:long|:short] [to-line] 原因
                                       先撤单，再强平持仓
      stop account|product 名称 原因   停止强平，不论由谁发起
      liquidations                     查看并持续接收强平进度
      cancel 报单号 [原因]             撤销一笔在途报单，如 3248-0-17
      kick 账户 [@会话] 原因           强制下线
      rate account|fund 名称 [原因]    解除报单频率限制
      assign 成交编号 账户 开平 手数 [原因]
                                       分配未映射成交
      watch                            查看生效中的禁开与急停
      notices [编号]                   查看并持续接收通知
      help, quit
      """)
  }
}
