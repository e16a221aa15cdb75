/// The columns of a tick file that this reader knows, named as CTP names them.
enum TickColumn: Int, CaseIterable {
  case instrument, exchange, tradingDay, actionDay, updateTime, updateMillisecond
  case last, bidPrice, bidLots, askPrice, askLots, volume, turnover, openInterest
  case open, high, low, close, settlement, limitUp, limitDown
  case priorSettlement, priorClose, priorOpenInterest

  /// `CTP: CThostFtdcDepthMarketDataField`'s member.
  var name: StaticString {
    switch self {
    case .instrument: "InstrumentID"
    case .exchange: "ExchangeID"
    case .tradingDay: "TradingDay"
    case .actionDay: "ActionDay"
    case .updateTime: "UpdateTime"
    case .updateMillisecond: "UpdateMillisec"
    case .last: "LastPrice"
    case .bidPrice: "BidPrice1"
    case .bidLots: "BidVolume1"
    case .askPrice: "AskPrice1"
    case .askLots: "AskVolume1"
    case .volume: "Volume"
    case .turnover: "Turnover"
    case .openInterest: "OpenInterest"
    case .open: "OpenPrice"
    case .high: "HighestPrice"
    case .low: "LowestPrice"
    case .close: "ClosePrice"
    case .settlement: "SettlementPrice"
    case .limitUp: "UpperLimitPrice"
    case .limitDown: "LowerLimitPrice"
    case .priorSettlement: "PreSettlementPrice"
    case .priorClose: "PreClosePrice"
    case .priorOpenInterest: "PreOpenInterest"
    }
  }
}

/// Where each known column stands in the lines of one file.
struct TickColumns: Equatable {
  /// Indexed by `TickColumn.rawValue`; -1 = the file does not have it.
  private var places = [Int](repeating: -1, count: TickColumn.allCases.count)
  /// Fields of a line.
  let width: Int

  /// Reads a header line, with or without a UTF-8 byte order mark; other columns may stand
  /// anywhere between the known ones.
  init(
    header bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>,
    fields: UnsafeMutablePointer<Range<Int>>
  ) throws(TickFileFault.Kind) {
    var range = range
    let hasMark = range.count >= 3 && bytes[range.lowerBound] == 0xEF
    if hasMark { range = range.lowerBound + 3..<range.upperBound }
    let line = try CSVLine(UnsafeBufferPointer(rebasing: bytes[range]), fields: fields)
    width = line.count
    for field in 0..<width {
      let text = line[field]
      guard let column = TickColumn.allCases.first(where: { text.equals($0.name) }) else {
        continue
      }
      guard places[column.rawValue] < 0 else {
        throw .columnTwice(column.name.description)
      }
      places[column.rawValue] = field
    }
    for column in [TickColumn.instrument, .updateTime, .last] where self[column] == nil {
      throw .columnMissing(column.name.description)
    }
    if self[.tradingDay] == nil, self[.actionDay] == nil {
      throw .columnMissing(TickColumn.tradingDay.name.description)
    }
  }

  subscript(_ column: TickColumn) -> Int? {
    let place = places[column.rawValue]
    return place < 0 ? nil : place
  }
}
