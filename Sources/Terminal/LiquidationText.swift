import Domain
import RiskRules
import Wire

/// Where a liquidation stands, in words and as JSON.
enum LiquidationText {
  static func words(
    _ progress: DeskProtocol.LiquidationProgress, _ language: Language
  ) -> String {
    var text = language.say(
      "\(progress.time.clockText) liquidation \(progress.number) of \(progress.account.string)",
      "\(progress.time.clockText) 强平 \(progress.number)，账户 \(progress.account.string)")
    if !progress.instrument.isEmpty {
      text += " \(progress.exchange.code).\(progress.instrument.string)"
      if progress.side != .unknown {
        let isLong = progress.side == .long
        text += " " + language.say(isLong ? "long" : "short", isLong ? "多头" : "空头")
      }
    }
    if !progress.controller.isEmpty {
      text += language.say(" by \(progress.controller.string)", "，\(progress.controller.string)")
    } else if let rule = RuleID(rawValue: progress.rule), rule != .none {
      text += language.say(" for [\(RuleNames.name(rule))]", "，[\(RuleNames.name(rule))]")
    }
    text += language.say(": ", "：") + phase(progress, language)
    text += language.say(
      ", \(progress.lotsHeld) lots held, \(progress.lotsWorking) being closed by "
        + "\(progress.orders) orders so far",
      "，持仓 \(progress.lotsHeld) 手，在途 \(progress.lotsWorking) 手，累计 \(progress.orders) 笔")
    if let rule = RuleID(rawValue: progress.waits), rule != .none {
      let words = RuleTable.refusalWords(rule)
      text += language.say(
        ", the rest waits: \(words?.fault ?? "")", "，其余等待：\(words?.chineseFault ?? "")")
      text += " [\(RuleNames.name(rule))]"
    }
    return text
  }

  private static func phase(
    _ progress: DeskProtocol.LiquidationProgress, _ language: Language
  ) -> String {
    switch progress.phase {
    case .unknown: language.say("unknown", "未知")
    case .cancelling: language.say("cancels what works", "撤单中")
    case .closing: language.say("closes", "平仓中")
    case .stopping: language.say("stops, ", "停止中，") + end(progress.end, language)
    case .ended: language.say("over, ", "已结束，") + end(progress.end, language)
    }
  }

  private static func end(_ end: LiquidationEnd, _ language: Language) -> String {
    switch end {
    case .unknown: language.say("nobody knows why", "原因未知")
    case .done: language.say("done", "已完成")
    case .stopped: language.say("stopped by a controller", "被风控人员停止")
    case .backToLine: language.say("the line is not reached any more", "已回到风控线内")
    case .takenOver: language.say("another one goes on with it", "已由另一次强平接管")
    }
  }

  static func json(_ progress: DeskProtocol.LiquidationProgress) -> String {
    var json = JSONLine(event: "liquidation")
    json.add("account", progress.account.string)
    json.add("number", progress.number)
    json.add("time", progress.time.isoText)
    json.add("owner", "\(progress.owner)")
    json.add("phase", "\(progress.phase)")
    if progress.end != .unknown { json.add("end", "\(progress.end)") }
    json.add("extent", "\(progress.extent)")
    if let rule = RuleID(rawValue: progress.rule), rule != .none {
      json.add("rule", RuleNames.name(rule))
      json.add("level", "\(progress.level)")
    }
    json.addPresent("controller", progress.controller.string)
    if !progress.instrument.isEmpty {
      json.add("instrument", "\(progress.exchange.code).\(progress.instrument.string)")
    }
    if progress.side != .unknown { json.add("side", "\(progress.side)") }
    if progress.hedge != .unknown { json.add("hedge", "\(progress.hedge)") }
    json.add("lotsHeld", progress.lotsHeld)
    json.add("lotsWorking", progress.lotsWorking)
    if let rule = RuleID(rawValue: progress.waits), rule != .none {
      json.add("waits", RuleNames.name(rule))
    }
    json.add("orders", progress.orders)
    return json.line
  }
}
