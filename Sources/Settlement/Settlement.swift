// Settlement: the turn from one trading day to the next. `DayTurn` does the books' part in
// slices of bounded size; the engine ends the day's orders before and announces the day after.
