/// What `help COMMAND` says: how it is written, what it does, and an example.
enum CommandHelp {
  static func lines(_ command: CommandName, _ language: Language) -> [String] {
    let (usage, english, chinese, example) = text(command)
    var lines = [usage, "  " + language.say(english, chinese)]
    if !example.isEmpty { lines.append("  " + language.say("e.g. ", "例：") + example) }
    return lines
  }

  private static let order =
    " OFFSET INSTRUMENT LOTS @ PRICE|market [day|fak|fok] [min N] [speculation|arbitrage|hedge]"

  private static func text(
    _ command: CommandName
  ) -> (usage: String, english: String, chinese: String, example: String) {
    switch command {
    case .buy, .sell: (command.rawValue + order, orderEnglish, orderChinese, example(command))
    case .cancel:
      (
        "cancel ORDER | cancel all [INSTRUMENT] [buy|sell]",
        "Cancels what is left of an order (#3 as in 'orders', last, an id), or of all that match.",
        "撤单：ORDER 为 orders 所列 #3、last 或编号；all 为全部或所选在途报单。",
        "cancel #3    cancel all rb2610 buy"
      )
    case .orders:
      (
        "orders | orders all [PATTERN]",
        "Orders of today known here, numbered; with 'all' those that the gateway has.",
        "本终端所知当日报单（带编号）；orders all 查询网关所存报单。", "orders all rb26*"
      )
    case .trades:
      ("trades [PATTERN]", "Fills of today.", "当日成交。", "trades SHFE.rb")
    case .positions:
      ("positions [PATTERN]", "What is held, and was closed today.", "持仓及当日平仓。", "positions rb")
    case .funds: ("funds", "The account's money.", "账户资金。", "")
    case .limits:
      (
        "limits [PATTERN]", "The account's own limits, and what is left under them.",
        "账户自身限额及剩余额度。", "limits rb"
      )
    case .why, .try, .room: explaining(command)
    case .watch:
      (
        "watch INSTRUMENT...", "Prices as they come, a line a tick.", "订阅行情，每笔一行。",
        "watch rb2610 SHFE.hc2610"
      )
    case .unwatch:
      (
        "unwatch [INSTRUMENT...]", "Ends 'watch', without an instrument all of it.",
        "退订行情；不写合约则全部退订。", "unwatch rb2610"
      )
    case .follow, .unfollow: following(command)
    case .notices:
      (
        "notices [after NUMBER]",
        "What was told of the account: lines, bars, liquidations; then what comes.",
        "与本账户有关的通知（风控线、限制、强平），此后有新通知时推送。", "notices after 120"
      )
    case .instruments:
      (
        "instruments [COMMODITY|EXCHANGE|PATTERN]", "What can be traded.", "可交易合约。",
        "instruments rb    instruments CZCE    instruments rb26*"
      )
    case .wait:
      (
        "wait [final ORDER|filled ORDER] [within SECONDS]",
        "Until every order, or that one, is final; Control-C ends a wait at the prompt.",
        "等待全部报单或该报单了结；提示符下可用 Control-C 中止。", "wait filled last within 30"
      )
    case .echo: ("echo TEXT", "Shows the text.", "显示文本。", "")
    case .help:
      ("help [COMMAND]", "The commands, or one of them.", "全部命令，或某条命令的说明。", "help buy")
    case .quit: ("quit", "Logs off; orders work on.", "登出；在途报单继续有效。", "")
    }
  }

  private static func following(
    _ command: CommandName
  ) -> (usage: String, english: String, chinese: String, example: String) {
    command == .follow
      ? (
        "follow [positions|funds|all] [every MILLISECONDS]",
        "Holdings and money, now and when they change; 500 ms apart, or as said (50 to 60000).",
        "订阅持仓与资金：立即一次，此后有变动时推送；间隔默认 500 毫秒，可设 50 至 60000。",
        "follow positions every 1000"
      ) : ("unfollow", "Ends 'follow'.", "退订持仓与资金。", "")
  }

  private static func explaining(
    _ command: CommandName
  ) -> (usage: String, english: String, chinese: String, example: String) {
    switch command {
    case .why:
      (
        "why ORDER",
        "What was done with an order of today, and what every rule would find in it now.",
        "当日报单当时的处理结果，以及现在逐条规则的结论。", "why #3    why 8001-17"
      )
    case .room:
      (
        "room INSTRUMENT [@ PRICE] [speculation|arbitrage|hedge]",
        "How many lots could be ordered on each side, at the last or this price, and what binds.",
        "各方向开平现可报的最大手数（按最新价或所写价格）及制约原因。",
        "room rb2610    room rb2610 @ 3120"
      )
    default:
      (
        "try buy|sell OFFSET INSTRUMENT LOTS @ PRICE|market [OPTION...]",
        "What every rule finds in an order that is not sent, and how many lots would pass.",
        "试算：不发出报单，逐条规则给出结论及可通过手数。", "try buy open rb2610 50 @ 3120"
      )
    }
  }

  private static let orderEnglish =
    "Sends an order. OFFSET is open, close, close-today or close-yesterday; case counts in codes."
  private static let orderChinese =
    "报单。OFFSET 为 open、close、close-today、close-yesterday；合约代码区分大小写。"

  private static func example(_ command: CommandName) -> String {
    command == .buy
      ? "buy open rb2610 3 @ 3120    buy close-today rb2610 1 market fok"
      : "sell close-today rb2610 3 @ 3120 fak min 2"
  }
}
