import Domain

/// `closeToday` as `close-today`: the word a person writes is the schema's name.
public func kebabCased(_ name: String) -> String {
  var text = ""
  for character in name {
    if character.isUppercase { text += "-" }
    text += character.lowercased()
  }
  return text
}

extension Side {
  var word: String { kebabCased("\(self)") }

  func words(_ language: Language) -> String {
    switch self {
    case .unknown: "?"
    case .buy: language.say(word, "买")
    case .sell: language.say(word, "卖")
    }
  }
}

extension Offset {
  public var word: String { kebabCased("\(self)") }

  func words(_ language: Language) -> String {
    switch self {
    case .unknown: "?"
    case .open: language.say(word, "开仓")
    case .close: language.say(word, "平仓")
    case .closeToday: language.say(word, "平今")
    case .closeYesterday: language.say(word, "平昨")
    }
  }
}

extension HedgeFlag {
  init?(word: String) {
    let found = HedgeFlag.allCases.first { $0 != .unknown && "\($0)" == word }
    guard let found else { return nil }
    self = found
  }

  func words(_ language: Language) -> String {
    switch self {
    case .unknown: "?"
    case .speculation: language.say("speculation", "投机")
    case .arbitrage: language.say("arbitrage", "套利")
    case .hedge: language.say("hedge", "套保")
    }
  }
}

extension TimeInForce {
  /// The market's own words for it.
  public var word: String {
    switch self {
    case .unknown: "?"
    case .day: "day"
    case .immediateOrCancel: "fak"
    case .fillOrKill: "fok"
    }
  }

  init?(word: String) {
    let found = TimeInForce.allCases.first { $0 != .unknown && $0.word == word }
    guard let found else { return nil }
    self = found
  }
}

extension OrderState {
  public func words(_ language: Language) -> String {
    switch self {
    case .unknown: language.say("sent", "已发")
    case .inReview: language.say("in review", "审核中")
    case .accepted: language.say("accepted", "已受理")
    case .working: language.say("working", "已报")
    case .partlyFilled: language.say("partly filled", "部分成交")
    case .filled: language.say("filled", "全部成交")
    case .cancelled: language.say("cancelled", "已撤")
    case .rejected: language.say("refused", "已拒")
    }
  }
}

extension ExecType {
  func words(_ state: OrderState, _ language: Language) -> String {
    switch self {
    case .unknown: "?"
    case .new: state.words(language)
    case .rejected: language.say("REFUSED", "拒单")
    case .trade: language.say("fill", "成交")
    case .cancelled: language.say("cancelled", "已撤")
    case .cancelRejected: language.say("cancel REFUSED", "撤单被拒")
    case .pendingUnknown: language.say("unknown", "待核实")
    case .resolved: language.say("known again", "已核实")
    case .restated: language.say("as before", "重述")
    case .workingConfirmed: language.say("working", "已报")
    }
  }
}

extension ScopeKind {
  /// "in rb", "for account desk-1"; empty where a scope says nothing, and where what it is has no
  /// name: nobody is called what was asked for.
  func phrase(_ name: String, _ language: Language) -> String {
    switch self {
    case .none, .order: ""
    case .session: language.say("in this session", "本会话")
    case .platform: language.say("in the whole gateway", "整个网关")
    case _ where name.isEmpty: ""
    case .operationAccount: language.say("for account \(name)", "账户 \(name)")
    case .instrument, .commodity, .exchange: language.say("in \(name)", name)
    case .product: language.say("in product \(name)", "产品 \(name)")
    case .fundAccount: language.say("at fund account \(name)", "资金账户 \(name)")
    case .counter: language.say("at counter \(name)", "柜台 \(name)")
    case .controller: language.say("for controller \(name)", "风控账户 \(name)")
    }
  }
}

extension Unit {
  /// As a column of a table tells it.
  func words(_ language: Language) -> String {
    let chinese =
      switch self {
      case .none: ""
      case .lots: "手"
      case .money: "元"
      case .price: "价格"
      case .percent: "%"
      case .count: "次"
      case .milliseconds: "毫秒"
      case .timestamp: "时间"
      case .ticks: "跳"
      case .code: "代码"
      }
    return language.say(self == .money ? "yuan" : "\(self)", chinese)
  }
}
