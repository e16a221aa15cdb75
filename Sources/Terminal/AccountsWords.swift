import Domain
import RiskRules
import Wire

/// Words and figures that the lines and the tables of controllers' pictures have in common.
enum AccountsWords {
  /// With thousands; a dash for what is not known.
  static func yuan(_ money: Money) -> String {
    money.isNone ? "-" : DecimalNumber.text(money.units, places: 4, groups: true)
  }

  static func figure(_ figure: Int64, _ unit: Unit) -> String {
    switch figure {
    case .min: "-"
    // A ratio over nothing.
    case .max, -.max: figure < 0 ? "-∞" : "∞"
    default:
      unit == .money
        ? yuan(Money(units: figure))
        : RefusalText.plain(figure, unit) + (unit == .percent ? "%" : "")
    }
  }

  static func rate(_ rate: Rate) -> String {
    rate.isNone ? "-" : DecimalNumber.text(rate.units, places: 8)
  }

  static func side(_ side: PositionSide, _ language: Language) -> String {
    language.say("\(side)", side == .long ? "多" : "空")
  }

  static func level(_ level: LineLevel, _ language: Language) -> String {
    switch level {
    case .unknown: ""
    case .warn: language.say("level one", "一级")
    case .liquidate: language.say("level two", "二级")
    }
  }

  static func link(_ state: DeskProtocol.LinkState, _ language: Language) -> String {
    switch state {
    case .unknown: "?"
    case .down: language.say("down", "断开")
    case .catchingUp: language.say("catching up", "追补中")
    case .up: language.say("up", "正常")
    }
  }

  private static let flags: [(DeskProtocol.AccountFlags, String, String)] = [
    (.disabled, "disabled", "停用"), (.openingNotPermitted, "no opening", "无开仓权限"),
    (.barred, "barred", "禁开"), (.killed, "kill switch", "急停"),
    (.rateBarred, "order rate", "报单频率限制"), (.overflowed, "overflow", "金额超界"),
    (.lineBars, "barred by a line", "触线禁开"), (.online, "online", "在线"),
  ]

  static func state(
    _ flags: DeskProtocol.AccountFlags, _ level: LineLevel, _ language: Language,
    liquidation: LiquidationPhase = .unknown
  ) -> String {
    var words: [String] = []
    if liquidation != .unknown, liquidation != .ended {
      words.append(language.say("liquidated", "强平中"))
    }
    if level != .unknown { words.append(self.level(level, language)) }
    for (flag, english, chinese) in Self.flags where flags.contains(flag) {
      words.append(language.say(english, chinese))
    }
    return words.joined(separator: language.say(", ", "，"))
  }

  /// The names of what is set, for programs.
  static func names(_ flags: DeskProtocol.AccountFlags) -> String {
    let names: [(DeskProtocol.AccountFlags, String)] = [
      (.disabled, "disabled"), (.openingNotPermitted, "openingNotPermitted"),
      (.barred, "barred"), (.killed, "killed"), (.rateBarred, "rateBarred"),
      (.overflowed, "overflowed"), (.lineBars, "lineBars"), (.online, "online"),
    ]
    return names.filter { flags.contains($0.0) }.map(\.1).joined(separator: " ")
  }

  static func end(_ reason: DeskProtocol.WatchEnd, _ language: Language) -> String {
    switch reason {
    case .unknown: language.say("it is over", "已结束")
    case .requested: language.say("no longer shown", "已停止显示")
    case .notPermitted: language.say("the right to watch was taken away", "查看权限已被收回")
    case .unavailable: language.say("the gateway can't serve it any more", "网关无法继续提供")
    }
  }
}
