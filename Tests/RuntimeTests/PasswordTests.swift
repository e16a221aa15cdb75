import Domain
import Rings
import Testing

@testable import Runtime

@Suite(.timeLimit(.minutes(10))) struct PasswordTests {
  private func hash(
    _ password: String, _ profile: PasswordProfile = .lightForTests
  ) throws -> FixedText<128> {
    let hash = Array(password.utf8).withUnsafeBytes { PasswordHash.make($0, profile) }
    return try #require(hash)
  }

  private func verify(_ password: String, _ hash: FixedText<128>) -> Bool {
    Array(password.utf8).withUnsafeBytes { PasswordHash.verify($0, against: hash) }
  }

  @Test(arguments: ["", "a", "correct horse", "密码", String(repeating: "x", count: 128)])
  func aPasswordFitsItsHashAndNoOther(_ password: String) throws {
    let hash = try hash(password)
    #expect(hash.string.hasPrefix("$argon2id$v=19$"))
    #expect(verify(password, hash))
    #expect(!verify(password + "x", hash) || password.utf8.count == 128)
    #expect(!verify("other", hash))
    #expect(try hash != self.hash(password), "each hash has a salt of its own")
  }

  @Test func theStandardProfileIsInTheHash() throws {
    #expect(try hash("x", .standard).string.hasPrefix("$argon2id$v=19$m=19456,t=2,p=1$"))
  }

  @Test(arguments: [
    "", "$", "plain", "$argon2id$v=19$m=8,t=1,p=1$", String(repeating: "$", count: 128),
    "$argon2id$v=19$m=99999999999,t=1,p=1$AAAA$AAAA",
  ])
  func nothingFitsWhatIsNoHash(_ text: String) throws {
    let hash = try #require(FixedText<128>(text))
    #expect(!verify("", hash))
    #expect(!verify(text, hash))
  }

  @Test func aWorkerAnswersInOrderAndWakesTheLoop() throws {
    var loop = try EventLoop(LoopLimits(connections: 1))
    let right = try hash("right")
    let desk = try WorkerBox(capacity: 64, loop)
    for ticket in UInt64(0)..<60 {
      let password = ticket % 3 == 0 ? "right" : "wrong"
      #expect(desk.ask(password, hash: ticket % 2 == 0 ? right : nil, ticket: ticket) == .stored)
    }
    let answers = Answers()
    let script = Script()
    script.onWoken = { _ in
      while let verdict = desk.worker.nextVerdict() { answers.verdicts.append(verdict) }
    }
    script.isDone = { answers.verdicts.count == 60 }
    script.run(&loop)
    #expect(answers.verdicts.map(\.ticket) == Array(0..<60))
    #expect(answers.verdicts.allSatisfy { $0.isRight == ($0.ticket % 6 == 0) })
  }

  @Test func oneQuestionTooManyIsRefusedUntilAVerdictIsTaken() throws {
    var loop = try EventLoop(LoopLimits(connections: 1))
    let desk = try WorkerBox(capacity: 3, loop)
    func ask() -> Stored { desk.ask("x", hash: nil, ticket: 1) }
    for _ in 0..<3 { #expect(ask() == .stored) }
    #expect(ask() == .full)
    let script = Script()
    var isTaken = false
    script.onWoken = { _ in if !isTaken { isTaken = desk.worker.nextVerdict() != nil } }
    script.isDone = { isTaken }
    script.run(&loop)
    #expect(ask() == .stored)
    #expect(ask() == .full)
  }

  @Test func aWorkerCanBeDroppedWhileItWorks() throws {
    let loop = try EventLoop(LoopLimits(connections: 1))
    for _ in 0..<20 {
      let desk = try WorkerBox(capacity: 8, loop)
      for ticket in UInt64(0)..<8 { #expect(desk.ask("x", hash: nil, ticket: ticket) == .stored) }
    }
  }

  @Test func secretsAreComparedAndWiped() {
    let one: [UInt8] = [1, 2, 3]
    func equal(_ other: [UInt8]) -> Bool {
      one.withUnsafeBytes { left in other.withUnsafeBytes { Secrets.areEqual(left, $0) } }
    }
    #expect(equal([1, 2, 3]))
    #expect(!equal([1, 2, 4]))
    #expect(!equal([1, 2]))
    #expect(!equal([]))
    var secret = one
    secret.withUnsafeMutableBytes { Secrets.wipe($0) }
    #expect(secret == [0, 0, 0])
    #expect(Secrets.randomNumber() != Secrets.randomNumber())
  }
}

private final class Answers { var verdicts: [PasswordVerdict] = [] }

private struct NoThread: Error {}

/// A worker where expectations and closures can reach it.
private final class WorkerBox {
  var worker: PasswordWorker

  init(capacity: Int, _ loop: borrowing EventLoop) throws {
    guard
      let worker = PasswordWorker(
        capacity: capacity, waker: loop.makeWaker(), profile: .lightForTests)
    else { throw NoThread() }
    self.worker = worker
  }

  func ask(_ password: String, hash: FixedText<128>?, ticket: UInt64) -> Stored {
    Array(password.utf8).withUnsafeBytes { worker.ask($0, hash: hash, ticket: ticket) }
  }
}
