// Routing: parent order -> split plan -> child orders, and child reports -> parent.
//
// `Planner` reads the product's fund accounts and fills a `RoutePlan`; nothing is written before
// the engine commits it. What a fund account may take is in `FundCapacity.swift`, a file each in
// `FundRules` for limits that are more than a line, closes that lock in `LockSplit.swift`, the
// modes in `PriorityAllocation.swift`, `RatioAllocation.swift` and `Planner.swift` (net), the fold of
// children into a parent's state in `ParentFold.swift`. Source: spec routing, AMS manual 2.2, 8,
// 9.3, notes 11-15.
