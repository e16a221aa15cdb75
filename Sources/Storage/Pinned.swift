import Synchronization

/// A field that keeps its struct where it is: a type with raw layout can't be loaded into
/// registers, so the compiler passes the whole struct by address and never by a hidden copy.
///
/// Without it a borrowed struct of a few hundred bytes was copied at every call that was not
/// inlined: a quarter of an order's instructions.
public struct Pinned: ~Copyable {
  private let anchor = Atomic<UInt8>(0)
  public init() {}
}
