import Domain
import Ledger
import MarketData

// The night begins and ends without a command, and so does the least time of a band of unit net
// values. What holds of clauses and lines is another then (rules.md 5), so they are looked at.
extension Engine {
  /// Looks ahead to when the night begins or ends. It follows from the state, so that an engine
  /// that comes out of a snapshot finds the same moment.
  mutating func awaitNight() {
    var isAsked = false
    for place in 0..<ledger.subjectCount {
      let subject = ledger.schemes.subject(ledger.subject(at: place))
      if subject.pointee.nightRule != .unknown { isAsked = true }
    }
    nightChange = isAsked ? market.nightChange(after: now) : .never
  }

  mutating func followNight() {
    guard nightChange <= now else { return }
    disturbAll()
    awaitNight()
  }

  /// Who is over the end of its band has to be looked at when the band's least time is over.
  mutating func awaitBand(_ subject: SchemeSubject, until due: Timestamp) {
    let known = ledger.schemes.subject(subject).pointee.bandDue
    let wanted = due == .never ? Timestamp(nanoseconds: 0) : due
    guard known != wanted else { return }
    ledger.setBandDue(subject, wanted)
    bandsDue = min(bandsDue, due)
  }

  mutating func followBands() {
    guard bandsDue <= now, isReady else { return }
    bandsDue = .never
    for place in 0..<ledger.subjectCount {
      let subject = ledger.subject(at: place)
      let due = ledger.schemes.subject(subject).pointee.bandDue
      guard due.nanoseconds != 0 else { continue }
      if due > now {
        bandsDue = min(bandsDue, due)
      } else {
        ledger.setBandDue(subject, Timestamp(nanoseconds: 0))
        dirty.push(subject, at: now)
      }
    }
  }
}
