import Domain

/// Priority mode: the largest priority number first, equal ones by draw; who can't take all of it
/// takes what it can, the rest goes to the next (routing.md 1, AMS manual note 11).
public enum PriorityAllocation {
  /// Gives `lots` to the candidates in `unit`s; returns what found no place.
  public static func allocate(
    _ candidates: UnsafeMutablePointer<Candidate>, count: Int, lots: Lots, unit: Lots,
    draw: inout Draw
  ) -> Lots {
    var left = lots
    while left >= unit, let index = next(candidates, count: count, unit: unit, draw: &draw) {
      let taken = min(left, candidates[index].room) / unit * unit
      candidates[index].given += taken
      candidates[index].wantsMore = false
      left -= taken
    }
    return left
  }

  /// The untried candidate with the highest priority; `wantsMore` marks the untried.
  static func next(
    _ candidates: UnsafeMutablePointer<Candidate>, count: Int, unit: Lots, draw: inout Draw
  ) -> Int? {
    var best: Int32 = .min
    var tied = 0
    for index in 0..<count where candidates[index].wantsMore && candidates[index].room >= unit {
      let priority = candidates[index].priority
      if tied == 0 || priority > best {
        best = priority
        tied = 1
      } else if priority == best {
        tied += 1
      }
    }
    guard tied > 0 else { return nil }
    var pick = draw.next(among: tied)
    for index in 0..<count
    where candidates[index].wantsMore && candidates[index].room >= unit
      && candidates[index].priority == best
    {
      if pick == 0 { return index }
      pick -= 1
    }
    return nil
  }
}
