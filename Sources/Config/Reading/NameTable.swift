/// The objects of one kind by name, in the order of their definition: a name's place is its dense
/// id at genesis.
struct NameTable {
  /// What the objects are called in a fault.
  let noun: String
  private(set) var names: [String] = []
  private var places: [String: Int] = [:]
  private var positions: [SourcePosition] = []
  /// False when a file could not be read: names that are missing then are not reported.
  var isComplete = true

  init(_ noun: String) { self.noun = noun }

  /// Adds the next object, and reports a name that stands twice. An object whose name could not
  /// be read takes its place without one.
  mutating func define(_ name: Positioned<String>, _ log: ReadingLog) {
    defer {
      names.append(name.value)
      positions.append(name.position)
    }
    guard !name.isPlaceholder else { return }
    if let place = places[name.value] {
      let earlier = positions[place]
      log.report(
        name.fault(
          .duplicateName,
          "a second \(noun) called \(ConfigNode.quoted(name.value)); the first is at \(earlier)"))
    } else {
      places[name.value] = names.count
    }
  }

  func place(of name: String) -> Int? { places[name] }

  /// Resolves a name, and reports one that stands for nothing.
  func resolve(_ name: Positioned<String>, _ log: ReadingLog) -> Int? {
    if name.isPlaceholder { return nil }
    if let place = places[name.value] { return place }
    if isComplete {
      let guess = Suggestion.nearest(to: name.value, among: names)
      let hint = guess.map { "; did you mean '\($0)'?" } ?? ""
      log.report(
        name.fault(
          .danglingReference, "no \(noun) is called \(ConfigNode.quoted(name.value))\(hint)"))
    }
    return nil
  }
}
