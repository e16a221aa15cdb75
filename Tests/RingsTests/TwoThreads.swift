import Foundation

@testable import Rings

/// Both ends of a ring of records, where expectations and threads can reach them.
final class BothEnds<Record: BitwiseCopyable>: @unchecked Sendable {
  private var producer: RecordProducer<Record>
  private var consumer: RecordConsumer<Record>

  init(capacity: Int) {
    let ring = RecordRing<Record>(capacity: capacity)
    producer = ring.producer
    consumer = ring.consumer
  }

  var capacity: Int { producer.capacity }
  var backlog: Int { producer.backlog }
  var isEmpty: Bool { consumer.isEmpty }
  func push(_ record: Record) -> Stored { producer.push(record) }
  func reserve() -> UnsafeMutablePointer<Record>? { producer.reserve() }
  func commit() { producer.commit() }
  func pop() -> Record? { consumer.pop() }
  func peek() -> UnsafeMutablePointer<Record>? { consumer.peek() }
  func release() { consumer.release() }
}

/// Both ends of a ring of bytes, where expectations and threads can reach them.
final class BothByteEnds: @unchecked Sendable {
  private var producer: ByteProducer
  private var consumer: ByteConsumer

  init(capacity: Int) {
    let ring = ByteRing(capacity: capacity)
    producer = ring.producer
    consumer = ring.consumer
  }

  var recordMaximum: Int { producer.recordMaximum }
  var backlog: Int { producer.backlog }
  var isEmpty: Bool { consumer.isEmpty }
  func push(_ bytes: [UInt8], kind: UInt32 = 0) -> Stored {
    bytes.withUnsafeBytes { producer.push($0, kind: kind) }
  }
  func reserve(_ count: Int) -> UnsafeMutableRawBufferPointer? { producer.reserve(count) }
  func commit(_ count: Int, kind: UInt32) { producer.commit(count, kind: kind) }
  func next() -> ByteRecord? { consumer.next() }
  func release() { consumer.release() }
}

private final class Answer: @unchecked Sendable { var value = 0 }

/// Runs both at the same time, waits for both and gives back what the second said.
func onTwoThreads(
  _ first: @escaping @Sendable () -> Void, second: @escaping @Sendable () -> Int
) -> Int {
  let done = DispatchSemaphore(value: 0)
  let answer = Answer()
  Thread {
    first()
    done.signal()
  }.start()
  Thread {
    answer.value = second()
    done.signal()
  }.start()
  done.wait()
  done.wait()
  return answer.value
}

func yieldProcessor() {
  sched_yield()
}
