import Domain
import Engine
import Messages

/// What another configuration says of the orders of a journal, counted.
struct WhatIfTally {
  /// An order that the two decide otherwise.
  struct Difference {
    var sequence: UInt64
    var time: Timestamp
    var order: NewOrder
    var before: Explanation.Verdict
    var after: Explanation.Verdict
  }

  /// Of one rule or one account.
  struct Row: Equatable {
    var orders = 0
    var takenInBoth = 0
    var refusedThen = 0
    var refusedNow = 0
    var newlyRefused = 0
    var newlyTaken = 0
  }

  private(set) var all = Row()
  /// Refused in both, by the same rule, and by another one.
  private(set) var refusedBySame = 0
  private(set) var refusedByOther = 0
  /// Taken in both, but not as many of their lots find a place.
  private(set) var otherLots = 0
  private(set) var rules: [RuleID: Row] = [:]
  private(set) var accounts: [OperationAccountID: Row] = [:]
  private(set) var differences: [Difference] = []

  var isSame: Bool { differences.isEmpty }

  mutating func add(
    _ stamped: Stamped, _ order: NewOrder, _ followed: FollowedOrder
  ) {
    let before = followed.recorded
    let after = followed.verdict
    Self.count(before, after, in: &all)
    Self.count(before, after, in: &accounts[order.account, default: Row()])
    if let rule = before.refusal?.rule {
      rules[rule, default: Row()].refusedThen += 1
      if after.refusal == nil { rules[rule, default: Row()].newlyTaken += 1 }
    }
    if let rule = after.refusal?.rule {
      rules[rule, default: Row()].refusedNow += 1
      if before.refusal == nil { rules[rule, default: Row()].newlyRefused += 1 }
    }
    guard !isSame(before, after) else { return }
    differences.append(
      Difference(
        sequence: stamped.sequence, time: stamped.time, order: order, before: before,
        after: after))
  }

  /// Counts what stays as it was; false when something differs.
  private mutating func isSame(
    _ before: Explanation.Verdict, _ after: Explanation.Verdict
  ) -> Bool {
    switch (before.refusal, after.refusal) {
    case (let then?, let now?):
      if then.rule == now.rule {
        refusedBySame += 1
        return true
      }
      refusedByOther += 1
      return false
    case (nil, nil):
      if before != after { otherLots += 1 }
      return before == after
    case (nil, _), (_, nil): return false
    }
  }

  private static func count(
    _ before: Explanation.Verdict, _ after: Explanation.Verdict, in row: inout Row
  ) {
    row.orders += 1
    if before.refusal != nil { row.refusedThen += 1 }
    if after.refusal != nil { row.refusedNow += 1 }
    switch (before.refusal, after.refusal) {
    case (nil, nil): row.takenInBoth += 1
    case (nil, _): row.newlyRefused += 1
    case (_, nil): row.newlyTaken += 1
    default: break
    }
  }
}

extension Explanation.Verdict {
  /// Nil when the order is let through.
  var refusal: Refusal? {
    switch self {
    case .refused(let refusal): refusal
    case .taken, .answeredAgain: nil
    }
  }
}
