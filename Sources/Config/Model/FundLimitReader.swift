import Domain

/// What a fund account is limited by beyond sizes and positions.
struct FundLimitReader {
  let catalogue: Catalogue

  func openVolumes(_ entry: inout ObjectReader) -> [FundAccountSettings.OpenVolume] {
    entry.distinctObjects(
      "openVolumes", most: 1_000, by: ["scope"], identity: { "\($0.scope.value)" }
    ) { row in
      FundAccountSettings.OpenVolume(
        scope: row.required("scope", catalogue.scope([.commodity, .instrument]).positioned()),
        lots: row.required("lots", .lotsLimit))
    }
  }

  func quotas(_ entry: inout ObjectReader) -> [FundAccountSettings.Quota] {
    let cancels = ValueKind<Int64>.integer(0...1_000_000, "cancels")
    return entry.distinctObjects("quotas", most: 6, by: ["exchange"], identity: \.exchange) { row in
      let quota = FundAccountSettings.Quota(
        exchange: row.required("exchange", .exchange), cancels: row.optional("cancels", cancels),
        lots: row.optional("lots", .lotsLimit),
        cancelReserve: row.value("cancelReserve", cancels, default: 0),
        lotsReserve: row.value("lotsReserve", .lotsLimit, default: 0))
      if quota.cancels == nil, quota.lots == nil {
        row.report(.missingKey, "a row without a quota")
      }
      for (key, reserve, most) in [
        ("cancelReserve", quota.cancelReserve, quota.cancels),
        ("lotsReserve", quota.lotsReserve, quota.lots),
      ] where reserve > most ?? .max {
        row.report(.inconsistent, key, "larger than the quota that it is kept back from")
      }
      return quota
    }
  }

  func priorities(_ entry: inout ObjectReader) -> [FundAccountSettings.Priority] {
    let number = ValueKind<Int64>.integer(-1_000_000...1_000_000)
    return entry.distinctObjects(
      "priorities", most: 1_000, by: ["scope"], identity: { "\($0.scope.value)" }
    ) { row in
      let priority = FundAccountSettings.Priority(
        scope: row.required("scope", catalogue.scope([.commodity, .instrument]).positioned()),
        open: row.optional("open", number, unset: "the wider one"),
        close: row.optional("close", number, unset: "the wider one"),
        closeToday: row.optional("closeToday", number, unset: "the wider one"))
      if priority.open == nil, priority.close == nil, priority.closeToday == nil {
        row.report(.missingKey, "a row without a priority")
      }
      return priority
    }
  }
}
