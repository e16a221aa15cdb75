/// What a row of limits speaks of: everything, a commodity or one instrument.
public enum Scope: Equatable, Hashable, Sendable, BitwiseCopyable {
  case everything
  case exchange(Exchange)
  case commodity(CommodityID)
  case instrument(InstrumentID)
}
