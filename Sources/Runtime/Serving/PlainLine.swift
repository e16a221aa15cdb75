/// Plain TCP beyond this machine: only where the configuration says that the line is private.
public enum PlainLine {
  /// - Parameters:
  ///   - tls: the key that turns TLS on.
  ///   - exception: the key that says that the line is private.
  public static func words(tls: String, exception: String) -> String {
    """
    without TLS others could read and change what passes; set \(tls), or \(exception): true for a \
    private line
    """
  }
}
