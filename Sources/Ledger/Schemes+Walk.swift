import Domain
import Storage

// The instruments of a SINGLE clause, counted without being touched: whoever does not stand
// otherwise is passed over, at the unit that it takes.
extension Schemes {
  /// How many of a subject's instruments a clause of a SINGLE kind goes through.
  func instrumentCount(
    of clause: UnsafePointer<ClauseRecord>, _ subject: SchemeSubject
  ) -> Int {
    let base = subject.index * quiet.countsPerSubject
    let id = Int(clause.pointee.scopeID)
    switch clause.pointee.scopeKind {
    case .instrument:
      return instrumentNumber(subject, InstrumentID(clause.pointee.scopeID)) == 0 ? 0 : 1
    case .commodity: return Int(quiet.counts.at(base + id).pointee)
    case .exchange:
      let exchange = Exchange(rawValue: UInt8(truncatingIfNeeded: id)) ?? .unknown
      return Int(quiet.counts.at(base + commodityCapacity + 1 + exchange.index).pointee)
    case .product, .superSector, .unknown:
      return Int(quiet.counts.at(base + commodityCapacity).pointee)
    case .sector:
      var sum = 0
      for place in 0..<Int(quiet.orderCounts.at(subject.raw).pointee) {
        let commodity = self.commodity(subject, at: place)
        if isIn(clause, commodity) {
          sum += Int(quiet.counts.at(base + commodity).pointee)
        }
      }
      return sum
    }
  }

  private func commodity(_ subject: SchemeSubject, at place: Int) -> Int {
    Int(quiet.order.at(subject.index * commodityCapacity + place).pointee)
  }

  /// Whether instruments of a commodity that a subject has are in a clause's scope; of a clause on
  /// one instrument its own is.
  public func isIn(_ clause: UnsafePointer<ClauseRecord>, _ commodity: Int) -> Bool {
    let id = Int(clause.pointee.scopeID)
    switch clause.pointee.scopeKind {
    case .commodity: return commodity == id
    case .exchange: return Int(quiet.exchanges.at(commodity).pointee.rawValue) == id
    case .sector: return sectorsOf.at(commodity).pointee >> UInt64(id) & 1 == 1
    case .instrument, .product, .superSector, .unknown: return true
    }
  }

  /// Goes on through the instruments of a SINGLE clause that speaks of several, looking at none: as
  /// far as the units go, one each, from behind the one at the cursor (its commodity + 1 and its
  /// number; both 0 = from the first).
  ///
  /// - Returns: whether there is none left; the unit of that is taken too.
  public func walk(
    _ clause: UnsafePointer<ClauseRecord>, _ subject: SchemeSubject,
    _ cursor: inout Ledger.HolderCursor, _ units: inout Int
  ) -> Bool {
    var place = Int(quiet.orderCounts.at(subject.raw).pointee)
    if cursor.chunk != 0 {
      // What is left of the commodity that the units ended in.
      let left = Int(quiet.links.at(Int(cursor.offset) - 1).pointee.following)
      guard left < units else {
        step(&cursor.offset, &units)
        return false
      }
      units -= left
      repeat { place -= 1 } while commodity(subject, at: place) != Int(cursor.chunk) - 1
    }
    while place > 0 {
      place -= 1
      let id = commodity(subject, at: place)
      guard isIn(clause, id) else { continue }
      let count = Int(quiet.counts.at(subject.index * quiet.countsPerSubject + id).pointee)
      if count < units {
        units -= count
        cursor.chunk = UInt32(id) + 1
        continue
      }
      cursor.chunk = UInt32(id) + 1
      cursor.offset =
        commodities.at(subject.index * commodityCapacity + id).pointee.firstInstrument
      units -= 1
      step(&cursor.offset, &units)
      return false
    }
    units -= 1
    return true
  }

  /// Goes on along a commodity's instruments, a unit each: there are as many.
  private func step(_ number: inout UInt32, _ units: inout Int) {
    while units > 0 {
      number = quiet.links.at(Int(number) - 1).pointee.next
      units -= 1
    }
  }
}
