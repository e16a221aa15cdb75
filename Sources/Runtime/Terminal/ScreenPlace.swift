/// A place on a screen, from the beginning of the prompt: how far down and right a text leads.
struct ScreenPlace: Equatable {
  var row = 0
  var column = 0

  /// Goes on behind a character, as libedit draws: at the right edge at once to the next row; a
  /// wide character that has no room there begins the next row.
  mutating func pass(_ scalar: Unicode.Scalar, width: Int, columns: Int) {
    if scalar == "\n" {
      row += 1
      column = 0
      return
    }
    if column + width > columns {
      row += 1
      column = 0
    }
    column += max(0, width)
    if column >= columns {
      row += 1
      column = 0
    }
  }
}
