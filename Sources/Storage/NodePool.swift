/// A record that is part of a singly linked list by 1-based node number; 0 ends a list.
public protocol LinkedNode: BitwiseCopyable {
  var next: UInt32 { get set }
}

/// Hands out and takes back the nodes of linked lists. Numbers are 1-based, so that zeroed memory
/// holds empty lists. Which free node is next depends on the commands alone.
public struct NodePool<Node: LinkedNode>: ~Copyable {
  @usableFromInline let nodes: Table<Node>
  @usableFromInline var firstFree: UInt32 = 0
  @usableFromInline var everUsed: UInt32 = 0
  /// Nodes handed out and not yet taken back.
  public private(set) var inUse = 0

  public init(capacity: Int) {
    precondition(capacity < Int(UInt32.max), "node numbers have 32 bits")
    nodes = Table(capacity: capacity)
  }

  public mutating func pass<Archive: StateArchive & ~Copyable>(
    through archive: inout Archive
  ) throws(SnapshotFault) {
    try archive.pass(nodes)
    try archive.pass(&firstFree)
    try archive.pass(&everUsed)
    try archive.pass(count: &inUse, atMost: capacity)
    guard Int(everUsed) <= capacity, Int(firstFree) <= capacity else {
      throw .badCount(found: Int64(max(everUsed, firstFree)), maximum: Int64(capacity))
    }
  }

  public var capacity: Int { nodes.capacity }
  /// How many more nodes can be had.
  public var free: Int { nodes.capacity - inUse }

  @inlinable public func at(_ number: UInt32) -> UnsafeMutablePointer<Node> {
    precondition(number > 0, "0 ends a list and is no node")
    return nodes.at(Int(number) - 1)
  }

  /// Asks the cache for a node and the three that were handed out before it.
  @inlinable public func prefetch(_ number: UInt32) {
    nodes.prefetch(max(Int(number) - 4, 0), lines: 4 * MemoryLayout<Node>.stride / 64 + 1)
  }

  /// A node with undefined content and `next` 0; nil when all are in use.
  public mutating func take() -> UInt32? {
    if firstFree != 0 {
      let number = firstFree
      firstFree = at(number).pointee.next
      at(number).pointee.next = 0
      inUse += 1
      return number
    }
    guard Int(everUsed) < nodes.capacity else { return nil }
    everUsed += 1
    inUse += 1
    at(everUsed).pointee.next = 0
    return everUsed
  }

  /// Takes a node back; the caller has unlinked it.
  public mutating func put(_ number: UInt32) {
    at(number).pointee.next = firstFree
    firstFree = number
    inUse -= 1
    precondition(inUse >= 0, "a node is put back once")
  }
}
