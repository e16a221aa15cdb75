import Domain
import Follower
import Gateway
import Journal
import Rings
import Storage

/// The follower of a gateway's process: the real one, on the world's agenda instead of a thread.
final class SimulatedFollower {
  private var follower: Follower<SimulatedDiskStorage>
  private var feed: JournalFeed
  private var answers: ByteProducer
  private var answered: ByteConsumer
  private var questions: [Question] = []
  /// It is on the agenda.
  private var isAwake = false
  /// The command behind which it writes a snapshot.
  private var nextSnapshot: UInt64

  static var limits: FollowerLimits {
    var limits = FollowerLimits()
    // Little: what finds no room is read from the disk.
    limits.journalRingBytes = 8 << 10
    limits.answerRingBytes = 32 << 10
    limits.questionRing = 4
    limits.waiting = 4
    limits.trades = 2_048
    limits.rowsLookedAt = 12
    return limits
  }

  /// - Parameter snapshot: the newest command in the one that the gateway began with; 0 = none.
  init(
    behind end: JournalEnd, from snapshot: UInt64, _ world: Simulation
  ) throws(JournalError) {
    let ring = ByteRing(capacity: SimulatedFollower.limits.journalRingBytes)
    let answers = ByteRing(capacity: SimulatedFollower.limits.answerRingBytes)
    let mark = JournalMark()
    mark.stored(end)
    follower = try Follower(
      SimulatedDiskStorage(world.disk), ring.consumer, mark,
      capacities: SimulatedHouse.capacities, limits: SimulatedFollower.limits,
      terminals: SimulatedGateway.limits,
      from: snapshot == 0
        ? nil : try? SnapshotReader(try world.disk.snapshots.open(snapshot)))
    if let fault = follower.snapshotFault {
      world.fail("the follower can't begin with snapshot \(snapshot): \(fault)")
    }
    nextSnapshot = max(snapshot, 1) + UInt64(world.snapshotDraws.within(1...400))
    feed = JournalFeed(ring.producer, mark)
    self.answers = answers.producer
    answered = answers.consumer
  }

  func stored(
    _ records: UnsafeRawBufferPointer, at offset: UInt64, upTo end: JournalEnd
  ) {
    feed.offer(records, at: offset)
    feed.mark.stored(end)
  }

  /// Its thread wakes up some time later, sometimes much later.
  func wake(_ world: Simulation) {
    guard !isAwake, follower.isBehind || !questions.isEmpty || follower.deadline != .max else {
      return
    }
    isAwake = true
    let pause =
      world.networkDraws.chance(4)
      ? world.networkDraws.milliseconds(200...2_500) : world.networkDraws.milliseconds(0...20)
    world.agenda.add(.followerWorks(life: world.lives), at: world.clock.now + pause)
  }

  /// False: it has as many as it takes.
  func ask(_ question: Question) -> Bool {
    guard questions.count < SimulatedFollower.limits.questionRing else { return false }
    questions.append(question)
    return true
  }

  /// A turn of its thread; then the gateway takes what was answered.
  func work(_ world: Simulation, _ taken: (AnswerHeader, UnsafeRawBufferPointer) -> Void) {
    isAwake = false
    _ = follower.follow(atMost: 64)
    if let fault = follower.fault { return world.fail("the follower stops: \(fault)") }
    let now = world.clock.reading.monotonic
    while follower.hasRoom, !questions.isEmpty { follower.ask(questions.removeFirst(), at: now) }
    _ = follower.answer(at: now, into: &answers)
    while let record = answered.next() {
      let start = MemoryLayout<AnswerHeader>.size
      taken(
        record.bytes.loadUnaligned(as: AnswerHeader.self),
        UnsafeRawBufferPointer(rebasing: record.bytes[start...]))
      answered.release()
    }
    wake(world)
  }

  /// Its state goes to the disk now and then.
  func writeSnapshot(_ world: Simulation) throws(GatewayCrash) {
    guard follower.fault == nil, follower.hasCaughtUp, follower.sequence >= nextSnapshot else {
      return
    }
    nextSnapshot = follower.sequence + UInt64(world.snapshotDraws.within(1...400))
    let written: [UInt8]
    do throws(SnapshotFault) {
      written = try follower.writeSnapshot(to: MemorySnapshot()).bytes
    } catch {
      return world.fail("a snapshot can't be written: \(error)")
    }
    do throws(JournalStorageError) {
      try world.disk.write(written, of: follower.sequence)
      world.counts.snapshots += 1
    } catch {
      if let point = world.crashes.died { throw GatewayCrash(point: point) }
    }
  }

  /// Nil while it is behind.
  var stateHash: UInt64? { follower.isBehind ? nil : follower.stateHash }
}
