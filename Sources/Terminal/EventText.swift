import Client
import Domain
import Session
import Wire

/// What happened, as a line for a person; `nil` for what is told otherwise.
public enum EventText {
  /// How a line is to be shown where colours are.
  enum Tone: Equatable { case plain, good, bad }

  struct Line: Equatable {
    var text: String
    var tone = Tone.plain
  }

  /// - Parameter number: of the order in the list of orders, 0 = it is not there.
  static func report(
    _ report: OrderEntry.ExecutionReport, number: Int, _ language: Language
  ) -> Line {
    let number = TextTable.pad(number == 0 ? "" : "#\(number)", to: 5, .right)
    let text = "\(report.transactTime.clockText)  \(number)  \(words(report, language))"
    switch report.execType {
    case .trade: return Line(text: text, tone: .good)
    case .rejected, .cancelRejected: return Line(text: text, tone: .bad)
    case .unknown, .new, .cancelled, .pendingUnknown, .resolved, .restated, .workingConfirmed:
      return Line(text: text)
    }
  }

  /// What a report says, without its time.
  public static func words(
    _ report: OrderEntry.ExecutionReport, _ language: Language
  ) -> String {
    var details = [body(report, language)]
    if report.execType != .rejected, report.refusal.rule != 0 {
      details.append(RefusalText.words(report.refusal, language))
    }
    if report.unknownLots > 0 {
      details.append(
        language.say("\(report.unknownLots) lots unknown", "\(report.unknownLots) 手待核实"))
    }
    if report.flags.contains(.possiblyResent) {
      details.append(language.say("may have been told before", "可能重复"))
    }
    return TextTable.pad(report.execType.words(report.state, language), to: 14) + "  "
      + details.joined(separator: language.say("; ", "；"))
  }

  private static func body(
    _ report: OrderEntry.ExecutionReport, _ language: Language
  ) -> String {
    let progress = language.say(
      "\(OrderText.number(report.cumulativeLots)) of \(OrderText.number(report.lots)) filled",
      "已成 \(OrderText.number(report.cumulativeLots))/\(OrderText.number(report.lots))")
    switch report.execType {
    case .trade:
      var text = "\(report.lastLots) @ \(OrderText.number(report.lastPrice)), \(progress)"
      if !report.fee.isNone {
        let fee = DecimalNumber.text(report.fee.units, places: 4, groups: true)
        text += language.say(", fee \(fee)", "，手续费 \(fee)")
      }
      return text
    case .rejected:
      return OrderText.summary(report, language) + language.say(": ", "：")
        + RefusalText.words(report.refusal, language)
    case .cancelRejected where report.clOrdID.isEmpty:
      return language.say("no such order", "无此报单")
    case .unknown, .new, .cancelled, .cancelRejected, .pendingUnknown, .resolved, .restated,
      .workingConfirmed:
      return OrderText.summary(report, language)
        + (report.cumulativeLots > 0 || report.execType == .cancelled ? ", \(progress)" : "")
    }
  }

  static func reject(
    _ reject: OrderEntry.BusinessReject, number: Int, _ language: Language
  ) -> Line {
    var text = language.say("request REFUSED: ", "请求被拒：")
    if number > 0 { text = "#\(number) " + text }
    text += words(of: reject, language)
    return Line(text: text, tone: .bad)
  }

  /// The rule says why; the gateway's own text is told where the rule stands for many reasons, and
  /// where this version does not know it.
  private static func words(
    of reject: OrderEntry.BusinessReject, _ language: Language
  ) -> String {
    let words = RefusalText.words(reject.refusal, language)
    let text = reject.text.string
    guard !text.isEmpty, !words.isEmpty else { return words + text }
    switch RuleID(rawValue: reject.refusal.rule) {
    case .badCommand: return "\(text) [\(RefusalText.name(reject.refusal.rule))]"
    case .capacity, nil: return "\(text)\(language.say(": ", "："))\(words)"
    default: return words
    }
  }

  static func massCancel(
    _ report: OrderEntry.MassCancelReport, _ language: Language
  ) -> Line {
    let words =
      report.orders == 0
      ? language.say("nothing to cancel", "无可撤报单")
      : language.say("cancel asked of \(report.orders)", "已请求撤单 \(report.orders) 笔")
    return Line(text: "\(report.transactTime.clockText)         \(words)")
  }

  static func tick(_ tick: OrderEntry.Tick, _ language: Language) -> Line {
    let volume = tick.volume == .min ? "-" : "\(tick.volume)"
    return Line(
      text: [
        tick.time.clockText, TextTable.pad(tick.instrument.string, to: 8),
        TextTable.pad(OrderText.number(tick.last), to: 9, .right),
        language.say("bid", "买")
          + " \(OrderText.number(tick.bid)) x \(OrderText.number(tick.bidLots))",
        language.say("ask", "卖")
          + " \(OrderText.number(tick.ask)) x \(OrderText.number(tick.askLots))",
        language.say("volume", "成交量") + " \(volume)",
      ].joined(separator: "  "))
  }

  static func loggedOn(
    _ accepted: OrderEntry.LogonAccepted, account: Name, _ language: Language
  ) -> Line {
    let day = accepted.tradingDay.isNone ? "-" : "\(accepted.tradingDay.yyyymmdd)"
    return Line(
      text: language.say(
        "logged on as \(account.string), trading day \(day)",
        "已登录 \(account.string)，交易日 \(day)"))
  }

  // MARK: The end

  /// Why a connection ended.
  static func ended(_ end: TerminalLinkEnd, because detail: String, _ language: Language) -> Line {
    let why = detail.isEmpty ? "" : ": \(detail)"
    return Line(text: cause(end, language) + why, tone: .bad)
  }

  private static func cause(_ end: TerminalLinkEnd, _ language: Language) -> String {
    switch end.cause {
    case .connectFailed: return language.say("can't connect", "无法连接")
    case .connectionLost: return language.say("connection lost", "连接中断")
    case .noAnswer: return language.say("the gateway did not answer the logon", "网关未答复登录")
    case .silence: return language.say("the gateway fell silent", "网关无响应")
    case .badBytes(let error):
      return language.say("the gateway sent nonsense (\(error))", "网关数据无法识别（\(error)）")
    case .unexpectedMessage(let template):
      return language.say(
        "the gateway sent message \(template) where it has no place", "网关发来不合时宜的消息 \(template)")
    case .reportsMissed(let expected, let found):
      return language.say(
        "report \(expected) is missing before \(found)", "缺少 \(found) 之前的回报 \(expected)")
    case .reportsForgotten(let newest, let seen):
      return language.say(
        "the gateway has lost what it told: its newest report is \(newest), \(seen) was seen",
        "网关丢失了已发回报：最新 \(newest)，已收 \(seen)")
    case .requested: return language.say("logged off", "已登出")
    case .gatewayEnded: return gatewayEnded(end, language)
    }
  }

  private static func gatewayEnded(_ end: TerminalLinkEnd, _ language: Language) -> String {
    let isLogon = !end.wasLoggedOn
    var text =
      isLogon
      ? language.say("logon refused", "登录被拒") : language.say("the gateway ended it", "网关结束会话")
    let tellsReason = !(isLogon && end.reason == .refused)
    if tellsReason { text += language.say(": ", "：") + words(end.reason, language) }
    if let condition = RefusalText.condition(end.rule, language) {
      text += tellsReason ? language.say("; ", "；") : language.say(": ", "：")
      text += condition
    }
    return text
  }

  private static func words(
    _ reason: OrderEntry.LogoutReason, _ language: Language
  ) -> String {
    let chinese =
      switch reason {
      case .unknown: "原因未知"
      case .requested: "对方要求"
      case .refused: "登录被拒"
      case .busy: "同时登录过多"
      case .notLoggedOn: "首条消息不是登录"
      case .logonTimeout: "登录超时"
      case .heartbeatTimeout: "心跳超时"
      case .badFrame: "帧格式错误"
      case .unknownMessage: "未知消息"
      case .versionUnsupported: "协议版本不受支持"
      case .slowReader: "读取过慢"
      case .replaced: "同一账户的新会话已接管"
      case .dropped: "被管理员断开"
      case .shuttingDown: "网关停机"
      case .unavailable: "网关暂不可用"
      case .unexpectedMessage: "消息不合时宜"
      }
    return language.say(reason.words, chinese)
  }
}
