/// What the engine wants done about a command. Order matters: effects leave in the order they
/// were made. Case order and codes are those of schema/journal.xml.
public enum Effect: Equatable, Sendable, BitwiseCopyable {
  case report(ExecutionReport)
  case sendOrder(SendOrder)
  case sendCancel(SendCancel)
  case askFate(AskFate)
  case logonVerdict(LogonVerdict)
  case defined(Defined)
  case commandRefused(CommandRefused)
  case notice(Notice)
  case massCancelDone(MassCancelDone)
  case liquidationProgress(LiquidationProgress)
  case forcedCancel(ForcedCancel)
  case controllerVerdict(ControllerVerdict)
  case controlTaken(ControlTaken)
  case controlDone(ControlDone)
  case dropSessions(DropSessions)
  case childWaits(ChildWaits)
}
