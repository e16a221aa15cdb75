import Gateway
import Journal
import Rings

// What other threads do for the gateway: passwords are looked at, questions are answered.
extension GatewayServer {
  /// Answers of one turn; what is left comes in the next.
  private static let answersPerTurn = 64

  // MARK: Passwords

  mutating func askPasswords() {
    while let check = gateway.nextPassword() {
      if let token = check.token {
        let right = gateway.tokenSubject(ticket: check.ticket).map {
          settings.tokenKey.token(of: $0)
        }
        gateway.passwordAsked()
        gateway.tokenChecked(
          ticket: check.ticket, token: token,
          isRight: right.map { Secrets.areEqual($0, token) } ?? false)
        continue
      }
      switch passwords.ask(check.password, hash: check.hash, ticket: check.ticket) {
      case .stored: gateway.passwordAsked()
      case .full: gateway.passwordRefused()
      }
    }
  }

  mutating func takeVerdicts() {
    while let verdict = passwords.nextVerdict() {
      let subject = gateway.tokenSubject(ticket: verdict.ticket)
      gateway.passwordChecked(
        ticket: verdict.ticket, isRight: verdict.isRight,
        freshToken: subject.map { settings.tokenKey.token(of: $0) } ?? Secrets.token())
    }
  }

  // MARK: Questions

  /// Hands on the turn's questions and takes the answers that are there. What they answer from was
  /// stored before, and the reports of it are in the terminals' output already.
  mutating func askFollower(_ loop: inout EventLoop) {
    while let question = gateway.nextQuestion() {
      if follower.ask(question) == .full { gateway.questionRefused(question) }
    }
    var count = 0
    while count < GatewayServer.answersPerTurn, let answer = follower.nextAnswer() {
      gateway.answered(answer.header, answer.frames)
      count += 1
    }
    if count > 0 { follower.answersTaken() }
    if count == GatewayServer.answersPerTurn { loop.hurry() }
  }
}
