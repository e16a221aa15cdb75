import Domain
import Engine
import Gateway
import Ledger
import MarketData
import Messages
import Rings
import Storage
import Wire

// Controllers' pictures of accounts: each is drawn in pages, the next one when the gateway says
// that this one was taken, and only so much in one pass as the records and questions beside it can
// wait for. A row is told when it is other than it was told; what changed twice is told once.
extension QueryDesk {
  /// What a look at a row costs, in sixteenths of `FollowerLimits.watchLooksPerPass`: one of the
  /// accounts that are only asked whose they are, a row, and each position that it adds up.
  private static let stepsPerLook = 16
  static let stepsPerPosition = 4
  /// Nothing is drawn before a first trading day, or between two: for so long at a time.
  private static let pauseNanoseconds: Int64 = 100_000_000

  mutating func picturesStepped(
    _ command: Command, _ effects: borrowing EffectBuffer, _ engine: borrowing Engine
  ) {
    switch command {
    case .setController, .bindController: pictures.bindings += 1
    default: break
    }
    guard !pictures.isEmpty else { return }
    for index in 0..<effects.count {
      guard case .report(let report) = effects.pointer(at: index).pointee,
        report.state.isFinal, !report.order.isNone
      else { continue }
      pictures.noteEnded(
        engine.ledger.orderNumber(
          report.order, day: engine.market.tradingDay, shard: engine.shard))
    }
  }

  /// Whether anything was put in.
  mutating func sendPictures(
    _ engine: borrowing Engine, at now: Int64, _ answers: inout ByteProducer
  ) -> Bool {
    guard engine.isReady else {
      pictures.postpone(to: now + QueryDesk.pauseNanoseconds)
      return false
    }
    var hasSent = false
    pictures.steps = limits.watchLooksPerPass * QueryDesk.stepsPerLook
    let first = pictures.turn
    for step in 0..<Pictures.count {
      let place = (first + step) % Pictures.count
      guard let picture = pictures.due(place, at: now, behind: engine.sequence) else { continue }
      let controller = picture.pointee.controller
      guard engine.ledger.exists(controller),
        engine.ledger.controllers.at(controller).pointee.mayWatch
      else {
        // The gateway tells him.
        pictures.end(picture, at: now)
        continue
      }
      guard let room = answers.reserve(pageBytes) else {
        pictures.turn = place
        return hasSent
      }
      pictures.begin(picture, on: engine.market.tradingDay)
      var page = PicturePage(place, picture, in: room)
      picture.pointee.pageStart = picture.pointee.cursor
      picture.pointee.rowsInPage = 0
      walk(place, picture, &page, engine)
      if !page.isEmpty {
        answers.commit(page.bytesUsed, kind: QueryDesk.answerKind)
        picture.pointee.isAwaited = true
        hasSent = true
      } else if picture.pointee.cursor.stage == .done {
        pictures.end(picture, at: now)
      }
      if pictures.steps <= 0 {
        // The others have their turn first.
        pictures.turn = (place + 1) % Pictures.count
        return hasSent
      }
    }
    return hasSent
  }

  /// The books are not to be trusted any more: whoever looks at them is told.
  mutating func endPictures(_ answers: inout ByteProducer) -> Bool {
    var hasSent = false
    for place in 0..<Pictures.count {
      guard let picture = pictures.due(place, at: .max, behind: .max), !picture.pointee.isOver
      else { continue }
      guard let room = answers.reserve(pageBytes) else { return hasSent }
      var page = PicturePage(place, picture, in: room)
      _ = page.add(
        DeskProtocol.AccountsEnd(requestID: picture.pointee.requestID, reason: .unavailable))
      answers.commit(page.bytesUsed, kind: QueryDesk.answerKind)
      picture.pointee.isOver = true
      picture.pointee.isAwaited = true
      hasSent = true
    }
    return hasSent
  }

  // MARK: Walks

  /// Goes on until the page is full, the pass has looked at enough, or all is told.
  private mutating func walk(
    _ place: Int, _ picture: UnsafeMutablePointer<Picture>, _ page: inout PicturePage,
    _ engine: borrowing Engine
  ) {
    var isGoingOn = true
    while isGoingOn {
      switch picture.pointee.cursor.stage {
      case .begin: isGoingOn = announce(picture, &page, engine)
      case .scan: isGoingOn = scan(place, picture, engine)
      case .ended: isGoingOn = walkEnded(place, picture, &page, engine)
      case .accounts: isGoingOn = walkAccounts(place, picture, &page, engine)
      case .products: isGoingOn = walkProducts(place, picture, &page, engine)
      case .fundAccounts: isGoingOn = walkFundAccounts(place, picture, &page, engine)
      case .complete: isGoingOn = complete(picture, &page, engine)
      case .done: isGoingOn = false
      }
    }
  }

  private func announce(
    _ picture: UnsafeMutablePointer<Picture>, _ page: inout PicturePage,
    _ engine: borrowing Engine
  ) -> Bool {
    let begin = DeskProtocol.AccountsBegin(
      requestID: picture.pointee.requestID, picture: picture.pointee.number,
      tradingDay: engine.market.tradingDay, sequence: engine.sequence, time: engine.now)
    guard page.add(begin) else { return false }
    picture.pointee.cursor.stage = .scan
    return true
  }

  private func complete(
    _ picture: UnsafeMutablePointer<Picture>, _ page: inout PicturePage,
    _ engine: borrowing Engine
  ) -> Bool {
    if picture.pointee.cursor.rows > 0 || picture.pointee.isWhole {
      let complete = DeskProtocol.AccountsComplete(
        requestID: picture.pointee.requestID, picture: picture.pointee.number,
        rows: picture.pointee.cursor.rows, sequence: engine.sequence, time: engine.now)
      guard page.add(complete) else { return false }
    }
    picture.pointee.cursor.stage = .done
    return false
  }

  func go(to stage: PictureStage, _ picture: UnsafeMutablePointer<Picture>) {
    picture.pointee.cursor.stage = stage
    picture.pointee.cursor.index = 0
    picture.pointee.cursor.part = 0
  }

  /// Which products have accounts that are his, or that are not.
  private mutating func scan(
    _ place: Int, _ picture: UnsafeMutablePointer<Picture>, _ engine: borrowing Engine
  ) -> Bool {
    let controller = picture.pointee.controller
    let wantsProducts = !picture.pointee.kinds.isDisjoint(
      with: [.products, .fundAccounts, .links, .positions])
    guard wantsProducts, !engine.ledger.controllers.at(controller).pointee.isBoundToAll else {
      go(to: .ended, picture)
      return true
    }
    if picture.pointee.cursor.index == 0 { pictures.forgetProducts(place) }
    while Int(picture.pointee.cursor.index) < engine.ledger.accountCount {
      guard pictures.steps > 0 else { return false }
      pictures.steps -= 1
      let account = OperationAccountID(picture.pointee.cursor.index)
      pictures.note(
        engine.ledger.account(account).pointee.product,
        isHis: engine.ledger.controllers.isBound(account, to: controller), place)
      picture.pointee.cursor.index += 1
    }
    go(to: .ended, picture)
    return true
  }

  // MARK: Rows

  /// Tells a row if it is other than it was told; false when the page has no room for it.
  ///
  /// - Parameters:
  ///   - number: its place among what was seen.
  ///   - isNothing: it says that there is nothing: no part of a whole picture.
  mutating func tell(
    _ told: some PictureRow, at number: Int, _ place: Int, looks: Int = 0,
    isNothing: Bool = false, _ page: inout PicturePage, _ engine: borrowing Engine
  ) -> Bool {
    var row = told
    pictures.steps -= QueryDesk.stepsPerLook + looks * QueryDesk.stepsPerPosition
    let picture = pictures.at(place)
    let seen = pictures.seen.at(number)
    let digest = row.digest
    if seen.pointee.digest != digest {
      // Nothing, where nobody was ever told of anything, is no news.
      let isNews = !isNothing || seen.pointee.digest != 0
      seen.pointee = Pictures.Seen(digest: digest, told: isNews ? 0 : .max)
    }
    if picture.pointee.isWhole, isNothing {
      seen.pointee.told |= 1 << UInt64(place)
      return true
    }
    guard picture.pointee.isWhole || seen.pointee.told >> UInt64(place) & 1 == 0 else {
      return true
    }
    row.requestID = picture.pointee.requestID
    row.sequence = engine.sequence
    row.time = engine.now
    guard Int(picture.pointee.rowsInPage) < Pictures.rowsPerPage, page.add(row) else {
      return false
    }
    pictures.keep(number, place)
    return true
  }
}
