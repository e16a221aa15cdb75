import Domain

/// The effects of one step, in a fixed block that is allocated once and reused.
///
/// One step's fan-out is bounded (256 units of work, each a few effects), so a full buffer is a
/// fault of the engine and stops it.
public struct EffectBuffer: ~Copyable {
  @usableFromInline let base: UnsafeMutablePointer<Effect>
  @usableFromInline let capacity: Int
  public private(set) var count = 0

  /// - Parameter capacity: most effects of one step.
  public init(capacity: Int = 4096) {
    precondition(capacity > 0, "an effect buffer has room")
    base = .allocate(capacity: capacity)
    self.capacity = capacity
  }

  deinit { base.deallocate() }

  public mutating func append(_ effect: Effect) {
    precondition(count < capacity, "a step makes no more effects than its buffer holds")
    (base + count).initialize(to: effect)
    count += 1
  }

  public mutating func removeAll() { count = 0 }

  /// Whether `more` effects still fit; the engine asks before it takes another unit of work.
  public func hasRoom(for more: Int) -> Bool { capacity - count >= more }

  public subscript(index: Int) -> Effect {
    precondition(index >= 0 && index < count, "an effect index is in the buffer")
    return base[index]
  }

  /// Why the step's command was not taken; nil when it was, or is of a kind that is never refused
  /// as a whole.
  public var refusal: Refusal? {
    for index in 0..<count {
      if case .commandRefused(let refused) = base[index] { return refused.refusal }
    }
    return nil
  }

  /// The effect in place, for readers that must not copy it.
  public func pointer(at index: Int) -> UnsafePointer<Effect> {
    precondition(index >= 0 && index < count, "an effect index is in the buffer")
    return UnsafePointer(base + index)
  }
}
