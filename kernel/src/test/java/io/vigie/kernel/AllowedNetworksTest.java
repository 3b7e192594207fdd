package io.vigie.kernel;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class AllowedNetworksTest {

  private static final AllowedNetworks PUBLIC = of("public");

  private static AllowedNetworks of(String... networks) {
    return new AllowedNetworks("a.setting", List.of(networks), InetAddress::getAllByName);
  }

  private static InetAddress address(String literal) throws UnknownHostException {
    return InetAddress.getByName(literal);
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, loopback",
    "127.255.255.254, loopback",
    "::1, loopback",
    "::ffff:127.0.0.1, loopback",
    "10.0.0.1, private",
    "172.16.0.1, private",
    "172.31.255.255, private",
    "192.168.1.1, private",
    "fd00::1, private",
    "::ffff:10.0.0.1, private",
    "169.254.169.254, link-local",
    "fe80::1, link-local",
    "0.0.0.0, no address of a host",
    "0.1.2.3, no address of a host",
    "::, no address of a host",
    "224.0.0.1, multicast",
    "239.255.255.255, multicast",
    "ff02::1, multicast",
    "255.255.255.255, reserved or broadcast",
    "168.63.129.16, where a cloud tells its machines their credentials",
    "::ffff:100.100.100.200, where a cloud tells its machines their credentials",
    "fd00:ec2::254, where a cloud tells its machines their credentials",
    "240.0.0.1, reserved or broadcast",
    "100.64.0.1, shared by a carrier's customers",
    "192.0.2.1, for documentation",
    "2001:db8::1, for documentation",
    "198.18.0.1, for benchmarks",
    "2002:7f00:1::1, an IPv4 address in disguise",
    "2001::1, of protocols",
    "64:ff9b::7f00:1, no public unicast address",
    "::127.0.0.1, no public unicast address",
    // as some parsers read them
    "2130706433, loopback",
    "127.1, loopback"
  })
  void whatIsNotPublicIsRefusedWithTheReason(String literal, String reason) throws IOException {
    assertEquals(reason, PUBLIC.refusal(address(literal)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1.1.1.1",
        "9.255.255.255",
        "11.0.0.0",
        "100.63.255.255",
        "100.128.0.0",
        "172.15.255.255",
        "172.32.0.0",
        "223.255.255.255",
        "2606:4700:4700::1111",
        "2a00:1450::1"
      })
  void whatIsPublicIsAllowed(String literal) throws IOException {
    assertNull(PUBLIC.refusal(address(literal)));
  }

  @Test
  void aNetworkThatIsNamedIsAllowedAndNothingBesideIt() throws IOException {
    AllowedNetworks networks = of("10.1.0.0/20", "fd00:1::/32");

    assertNull(networks.refusal(address("10.1.15.255")));
    assertNull(networks.refusal(address("fd00:1:ffff::1")));
    assertEquals("private", networks.refusal(address("10.1.16.0")));
    assertEquals("private", networks.refusal(address("fd00:2::1")));
    assertEquals("in no network that is allowed", networks.refusal(address("1.1.1.1")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "169.254.169.254",
        "168.63.129.16",
        "fd00:ec2::254",
        "224.0.0.1",
        "0.0.0.0",
        "255.255.255.255"
      })
  void whatIsNeverAHostIsRefusedWhateverIsNamed(String literal) throws IOException {
    assertTrue(of("public", "0.0.0.0/0", "::/0").refusal(address(literal)) != null);
  }

  @ParameterizedTest
  @ValueSource(strings = {"10.0.0.0", "10.0.0.0/33", "example.com/8", "all", "10.0.0.0/", ""})
  void whatIsNoNetworkIsAMistakeOfTheConfiguration(String network) {
    assertThrows(IllegalArgumentException.class, () -> of(network));
  }

  @Test
  void aNameWithOneAddressThatIsNotAllowedIsRefused() {
    AllowedNetworks networks =
        new AllowedNetworks(
            "a.setting",
            List.of("public"),
            host -> new InetAddress[] {address("1.1.1.1"), address("127.0.0.1")});

    AllowedNetworks.Refused refusal =
        assertThrows(AllowedNetworks.Refused.class, () -> networks.addresses("two.example"));

    assertEquals(
        "two.example is not connected to: 127.0.0.1 is loopback."
            + " Where that is meant, name its network in a.setting.",
        refusal.getMessage());
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.1, 10.0.0.1 is private. Where that is meant",
    "[::1], 0:0:0:0:0:0:0:1 is loopback. Where that is meant",
    "169.254.169.254, 169.254.169.254 is link-local.",
    "::::, :::: is no address.",
    "1.1.1.1,",
    "a.name.that.nobody.asks.for.invalid,"
  })
  void anAddressIsRefusedBeforeItIsConnectedToAndANameIsNotAskedFor(String host, String why) {
    String refusal = PUBLIC.refusalOfLiteral(host);

    if (why == null) {
      assertNull(refusal);
    } else {
      assertTrue(refusal.contains(why), refusal);
      assertEquals(why.contains("meant"), refusal.contains("a.setting"));
    }
  }

  @Test
  void aNameThatResolvesToLoopbackTheNextTimeIsRefusedThen() throws IOException {
    Deque<String> answers = new ArrayDeque<>(List.of("1.1.1.1", "127.0.0.1"));
    AllowedNetworks networks =
        new AllowedNetworks(
            "a.setting", List.of("public"), host -> new InetAddress[] {address(answers.remove())});

    assertEquals(List.of(address("1.1.1.1")), networks.addresses("rebinding.example"));
    AllowedNetworks.Refused refusal =
        assertThrows(AllowedNetworks.Refused.class, () -> networks.addresses("rebinding.example"));
    assertEquals(
        "rebinding.example is not connected to: 127.0.0.1 is loopback."
            + " Where that is meant, name its network in a.setting.",
        refusal.getMessage());
  }
}
