import Domain
import Engine
import Gateway
import RiskRules
import Wire

/// What was found of an order, as rows: for terminals, and for tools that look back.
public enum ExplanationRows {
  /// Every rule in the order they are asked.
  public static func findings(
    _ explanation: Explanation, _ names: borrowing Names
  ) -> [OrderEntry.FindingRow] {
    var rows: [OrderEntry.FindingRow] = []
    for (place, finding) in explanation.findings.enumerated() {
      let figures = names.figures(of: finding.figures)
      var flags: OrderEntry.FindingFlags = finding.passes ? .passes : []
      if place == explanation.decider { flags.insert(.decides) }
      let isAsked = finding.isActive
      rows.append(
        OrderEntry.FindingRow(
          rule: figures.rule, standing: standing(finding.standing), flags: flags,
          unit: isAsked ? figures.unit : .none, scopeKind: isAsked ? figures.scopeKind : .none,
          scopeName: isAsked ? figures.scopeName : Name(),
          observed: isAsked ? figures.observed : .min, limit: isAsked ? figures.limit : .min,
          asked: isAsked ? figures.asked : .min, headRoom: finding.capRoom ?? .min))
    }
    return rows
  }

  private static func standing(_ standing: Finding.Standing) -> OrderEntry.FindingStanding {
    switch standing {
    case .asked: .asked
    case .unset: .unset
    case .otherKind: .otherKind
    case .lacksFigures: .lacksFigures
    }
  }

  /// The product's fund accounts, in the order they are asked.
  static func route(
    _ route: Explanation.Route, _ names: borrowing Names
  ) -> [OrderEntry.RouteRow] {
    var rows: [OrderEntry.RouteRow] = []
    for share in route.shares {
      var row = OrderEntry.RouteRow(
        part: .now, fundAccount: names.fundAccounts.name(share.fundAccount.raw), lots: 0,
        room: share.room, refusal: names.figures(of: share.refusal))
      row.clear()
      for child in route.children where child.fundAccount == share.fundAccount {
        row.add(child.offset, child.lots)
      }
      rows.append(row)
    }
    return rows
  }
}

extension OrderEntry.RouteRow {
  /// No lots of any kind.
  mutating func clear() {
    lots = 0
    openLots = 0
    closeLots = 0
    closeTodayLots = 0
    closeYesterdayLots = 0
    filledLots = 0
    workingLots = 0
  }

  mutating func add(_ offset: Offset, _ more: Lots) {
    lots += more
    switch offset {
    case .open: openLots += more
    case .close: closeLots += more
    case .closeToday: closeTodayLots += more
    case .closeYesterday: closeYesterdayLots += more
    case .unknown: break
    }
  }
}
