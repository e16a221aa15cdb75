import Domain
import Messages
import Testing

@testable import Config

@Suite struct AddressTextTests {
  static let mapped: UInt64 = 0xFFFF_0000_0000

  @Test(
    arguments: [
      ("10.0.0.1", 0, mapped | 0x0A00_0001, 0, mapped | 0x0A00_0001),
      ("10.0.0.0/8", 0, mapped | 0x0A00_0000, 0, mapped | 0x0AFF_FFFF),
      ("0.0.0.0/0", 0, mapped, 0, mapped | 0xFFFF_FFFF),
      ("10.0.0.1/32", 0, mapped | 0x0A00_0001, 0, mapped | 0x0A00_0001),
      ("10.0.0.1-10.0.1.0", 0, mapped | 0x0A00_0001, 0, mapped | 0x0A00_0100),
      ("::", 0, 0, 0, 0), ("::1", 0, 1, 0, 1), ("::/0", 0, 0, UInt64.max, UInt64.max),
      ("fd00::/8", 0xFD00_0000_0000_0000, 0, 0xFDFF_FFFF_FFFF_FFFF, UInt64.max),
      ("2001:db8::/64", 0x2001_0DB8_0000_0000, 0, 0x2001_0DB8_0000_0000, UInt64.max),
      (
        "1:2:3:4:5:6:7:8", 0x1_0002_0003_0004, 0x5_0006_0007_0008, 0x1_0002_0003_0004,
        0x5_0006_0007_0008
      ),
      ("1::8/128", 0x1_0000_0000_0000, 8, 0x1_0000_0000_0000, 8),
      ("::ffff:10.0.0.1", 0, mapped | 0x0A00_0001, 0, mapped | 0x0A00_0001),
      ("fe80::1-fe80::ff", 0xFE80_0000_0000_0000, 1, 0xFE80_0000_0000_0000, 0xFF),
    ] as [(String, UInt64, UInt64, UInt64, UInt64)])
  func addressesNetworksAndRangesAreRead(
    _ text: String, _ fromHigh: UInt64, _ fromLow: UInt64, _ toHigh: UInt64, _ toLow: UInt64
  ) {
    let expected = AddressRange(
      from: NetworkAddress(high: fromHigh, low: fromLow),
      to: NetworkAddress(high: toHigh, low: toLow))
    #expect(AddressText.range(text) == expected)
  }

  @Test(arguments: [
    "", "10.0.0", "10.0.0.1.2", "10.0.0.256", "10.0.0.01", "10.0.0.-1", "+1.0.0.0", "10.0.0.1/33",
    "10.0.0.1/8", "10.0.0.0/", "10.0.0.0/08", "10.0.0.9-10.0.0.1", "10.0.0.1-::1", "10.0.0.1-",
    "1:2:3", "1:2:3:4:5:6:7:8:9", "1::2::3", ":::", ":1", "1:", "12345::", "g::", "::/129",
    "::1/64",
    "::1.2.3", "1.2.3.4::", "localhost", "10.0.0.1 ", "٣.0.0.1",
  ])
  func otherTextsAreRefused(_ text: String) {
    #expect(AddressText.range(text) == nil)
  }

  @Test(
    arguments: [
      ("00:1b:44:11:3a:b7", 0x001B_4411_3AB7), ("FF-FF-FF-FF-FF-FF", 0xFFFF_FFFF_FFFF),
      ("00:1b:44:11:3a", nil), ("00:1b:44:11:3a:b7:00", nil), ("0:1b:44:11:3a:b7", nil),
      ("00:1b:44-11:3a:b7", nil), ("+0:1b:44:11:3a:b7", nil), ("", nil),
    ] as [(String, UInt64?)])
  func macAddressesAreSixBytes(_ text: String, _ expected: UInt64?) {
    #expect(AddressText.mac(text)?.raw == expected)
  }
}
