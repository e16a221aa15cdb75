import Domain
import Engine
import Ledger
import Session
import Storage
import Wire

// Pictures of accounts that controllers ask for. The follower draws them, page by page: it sends
// one page of a picture, and the next when it hears that this one was taken. So nothing is queued
// for who does not read; what changes meanwhile is in the next page as it is then.
extension Gateway {
  mutating func subscribeAccounts(
    _ request: DeskProtocol.SubscribeAccountsDecoder, _ slot: UInt32,
    _ terminal: UnsafeMutablePointer<Terminal>
  ) {
    let template = DeskProtocol.SubscribeAccounts.templateID
    let requestID = request.requestID
    guard mayWatch(terminal.pointee.controller) else {
      return refuseToWatch(slot, terminal, template, requestID)
    }
    let isNamed = request.scopeKindIsKnown && request.scopeKind != .none
    guard requestID != 0, !request.kinds.isDisjoint(with: .all), request.scopeKindIsKnown,
      isNamed != request.name.isEmpty
    else {
      return deskReject(
        slot, terminal, template, requestID, Refusal(.badCommand, scope: .session),
        "a number, rows and either a scope with its name or neither are needed")
    }
    guard let scopeID = watched(request.scopeKind, request.name, terminal.pointee.controller)
    else {
      return deskReject(
        slot, terminal, template, requestID,
        Refusal(
          .accountNotBoundToController, limit: 1, unit: .code, scope: .controller,
          scopeID: terminal.pointee.controller.raw), "no such name among those that are his")
    }
    let ticket = terminals.id(slot).ticket
    let own = watches.place(of: ticket, requestID)
    guard own != nil || watches.count(of: ticket) < limits.watchesPerClient,
      let place = own ?? watches.free
    else {
      let limit = Int64(limits.watchesPerClient)
      return deskReject(
        slot, terminal, template, requestID,
        Refusal(
          .capacity, observed: Int64(watches.count(of: ticket)), limit: limit, asked: 1,
          unit: .count, scope: .session), "no more subscriptions at once")
    }
    watches.take(place, ticket, requestID)
    var question = question(.watch, place)
    question.controller = terminal.pointee.controller
    question.rows = request.kinds.intersection(.all)
    question.scopeKind = request.scopeKind
    question.scopeID = scopeID
    question.intervalMilliseconds = request.intervalMilliseconds
    question.askedBehind = sequencer.engine.sequence
    if !questions.push(question) { watchRefused(question) }
  }

  /// Whom a subscription is about; nil when that is not to be had. A product's and a fund account's
  /// rows are looked at row by row anyway: to who is not bound to all, a name that stands for
  /// nothing is a picture without rows.
  private func watched(
    _ kind: ScopeKind, _ name: Name, _ controller: ControllerID
  ) -> UInt32? {
    let isBoundToAll = sequencer.engine.ledger.controllers.at(controller).pointee.isBoundToAll
    switch kind {
    case .none: return .max
    case .operationAccount:
      guard let id = names.operationAccounts.id(name),
        concerns(.operationAccount, id, controller, isPlatformToo: false)
      else { return nil }
      return id
    case .product: return names.products.id(name) ?? (isBoundToAll ? nil : .max)
    case .fundAccount: return names.fundAccounts.id(name) ?? (isBoundToAll ? nil : .max)
    default: return nil
    }
  }

  private func question(_ kind: Question.Kind, _ place: Int) -> Question {
    let watch = watches.at(place)
    var question = Question(kind, ticket: watch.pointee.ticket, account: .none)
    question.place = UInt16(place)
    question.requestNumber = watch.pointee.serial
    question.requestID = watch.pointee.requestID
    return question
  }

  mutating func unsubscribeAccounts(
    _ request: DeskProtocol.UnsubscribeAccountsDecoder, _ slot: UInt32,
    _ terminal: UnsafeMutablePointer<Terminal>
  ) {
    let id = terminals.id(slot)
    let requestID = request.requestID
    if requestID == 0 {
      endWatches(of: id)
    } else if let place = watches.place(of: id.ticket, requestID) {
      endWatch(place)
    }
    send(
      DeskProtocol.AccountsEnd(requestID: requestID, reason: .requested), to: slot, terminal)
  }

  mutating func endWatches(of id: TerminalID) {
    for place in watches.places where watches.at(place).pointee.ticket == id.ticket {
      endWatch(place)
    }
  }

  /// Should the follower not hear of it now, it does with the next page that it sends.
  private mutating func endWatch(_ place: Int) {
    _ = questions.push(question(.unwatch, place))
    watches.put(place)
  }

  // MARK: Pages

  /// A page of the follower's. It takes of the half of the output that is for answers.
  mutating func watchAnswered(_ header: AnswerHeader, _ frames: UnsafeRawBufferPointer) {
    let id = TerminalID(ticket: header.ticket)
    guard
      let place = watches.place(
        header.place, serial: header.requestNumber, ticket: header.ticket),
      let terminal = terminals.find(id), terminal.pointee.isLive
    else {
      var over = Question(.unwatch, ticket: header.ticket, account: .none)
      over.place = header.place
      over.requestNumber = header.requestNumber
      _ = questions.push(over)
      return
    }
    if hasRoom(id.slot, forAnswer: frames.count) {
      append(frames, id.slot, terminal)
      counts.accountPages += 1
      watches.at(place).pointee.word = .more
    } else {
      counts.accountPagesAgain += 1
      watches.at(place).pointee.word = .again
    }
    tellFollower(place, id.slot)
  }

  /// What became of a page, once there is room for another.
  private mutating func tellFollower(_ place: Int, _ slot: UInt32) {
    let kind: Question.Kind
    switch watches.at(place).pointee.word {
    case .none: return
    case .more: kind = .watchMore
    case .again: kind = .watchAgain
    }
    guard hasRoom(slot, forAnswer: limits.pageBytes), questions.push(question(kind, place)) else {
      return
    }
    watches.at(place).pointee.word = .none
  }

  /// The follower had no room for a word.
  mutating func watchRefused(_ question: Question) {
    guard
      let place = watches.place(
        question.place, serial: question.requestNumber, ticket: question.ticket)
    else { return }
    switch question.kind {
    case .watchMore: watches.at(place).pointee.word = .more
    case .watchAgain: watches.at(place).pointee.word = .again
    case .watch:
      watches.put(place)
      let id = TerminalID(ticket: question.ticket)
      guard let terminal = terminals.find(id), terminal.pointee.isLive else { return }
      deskReject(
        id.slot, terminal, DeskProtocol.SubscribeAccounts.templateID, question.requestID,
        Refusal(.capacity, scope: .platform), "busy: ask again")
    default: break
    }
  }

  /// Words that waited go to the follower, and whose right was taken away is told so.
  mutating func pumpWatches() {
    for place in watches.places {
      let id = TerminalID(ticket: watches.at(place).pointee.ticket)
      guard let terminal = terminals.find(id), terminal.pointee.isLive else { continue }
      if mayWatch(terminal.pointee.controller) {
        tellFollower(place, id.slot)
        continue
      }
      let requestID = watches.at(place).pointee.requestID
      endWatch(place)
      send(
        DeskProtocol.AccountsEnd(requestID: requestID, reason: .notPermitted), to: id.slot,
        terminal)
    }
  }

  /// A client has taken what it was sent.
  mutating func pumpWatches(of id: TerminalID) {
    for place in watches.places where watches.at(place).pointee.ticket == id.ticket {
      tellFollower(place, id.slot)
    }
  }
}

extension DeskProtocol.RowKinds {
  /// Every kind that there is.
  public static var all: Self {
    [.accounts, .lines, .positions, .orders, .products, .fundAccounts, .links]
  }
}
