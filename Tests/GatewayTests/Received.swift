import Wire

/// A message as a terminal found it, copied out.
enum Received {
  case accepted(OrderEntry.LogonAccepted)
  case logout(OrderEntry.Logout)
  case heartbeat
  case resumeComplete(OrderEntry.ResumeComplete)
  case resumeTruncated(OrderEntry.ResumeTruncated)
  case report(OrderEntry.ExecutionReport)
  case reject(OrderEntry.BusinessReject)
  case massCancel(OrderEntry.MassCancelReport)
  case tick(OrderEntry.Tick)
  case position(OrderEntry.PositionUpdate)
  case account(OrderEntry.AccountUpdate)
  case instrument(OrderEntry.InstrumentDefinition)
  case instrumentsEnd(OrderEntry.InstrumentsEnd)
  case order(OrderEntry.OrderRow)
  case trade(OrderEntry.TradeRow)
  case limit(OrderEntry.LimitRow)
  case queryEnd(OrderEntry.QueryEnd)
  case finding(OrderEntry.FindingRow)
  case route(OrderEntry.RouteRow)
  case room(OrderEntry.RoomRow)
  case explainEnd(OrderEntry.ExplainEnd)
  case notice(OrderEntry.Notice)
  case noticesComplete(OrderEntry.NoticesComplete)
  case noticesTruncated(OrderEntry.NoticesTruncated)
  case nonsense

  /// All messages in some bytes, which hold whole ones.
  static func all(in bytes: [UInt8]) -> [Received] {
    bytes.withUnsafeBytes { bytes in
      var found: [Received] = []
      var rest = UnsafeRawBufferPointer(rebasing: bytes[...])
      while case .frame(let frame) = FrameScanner.scan(rest, limit: Framing.outboundMaximum) {
        found.append(Received(frame))
        rest = UnsafeRawBufferPointer(rebasing: rest[frame.length...])
      }
      if !rest.isEmpty { found.append(.nonsense) }
      return found
    }
  }

  private init(_ frame: Frame) {
    switch try? OrderEntry.Message(frame) {
    case .logonAccepted(let message): self = .accepted(message.value)
    case .logout(let message): self = .logout(message.value)
    case .heartbeat: self = .heartbeat
    case .resumeComplete(let message): self = .resumeComplete(message.value)
    case .resumeTruncated(let message): self = .resumeTruncated(message.value)
    case .executionReport(let message): self = .report(message.value)
    case .businessReject(let message): self = .reject(message.value)
    case .massCancelReport(let message): self = .massCancel(message.value)
    case .tick(let message): self = .tick(message.value)
    case .positionUpdate(let message): self = .position(message.value)
    case .accountUpdate(let message): self = .account(message.value)
    case .instrumentDefinition(let message): self = .instrument(message.value)
    case .instrumentsEnd(let message): self = .instrumentsEnd(message.value)
    case .orderRow(let message): self = .order(message.value)
    case .tradeRow(let message): self = .trade(message.value)
    case .limitRow(let message): self = .limit(message.value)
    case .queryEnd(let message): self = .queryEnd(message.value)
    case .findingRow(let message): self = .finding(message.value)
    case .routeRow(let message): self = .route(message.value)
    case .roomRow(let message): self = .room(message.value)
    case .explainEnd(let message): self = .explainEnd(message.value)
    case .notice(let message): self = .notice(message.value)
    case .noticesComplete(let message): self = .noticesComplete(message.value)
    case .noticesTruncated(let message): self = .noticesTruncated(message.value)
    case nil, .logon, .newOrder, .cancelOrder, .massCancel, .subscribeTicks,
      .unsubscribeTicks, .instrumentsRequest, .query, .subscribeAccount, .tryOrder, .whyOrder,
      .roomRequest, .subscribeNotices:
      self = .nonsense
    }
  }
}
