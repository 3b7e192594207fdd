package io.vigie.asset.network;

import java.time.Instant;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.UUID;

import io.vigie.asset.network.Flow.Protocol;
import io.vigie.kernel.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class FlowTest {

  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

  private static Flow flow(String ports, Instant until) {
    Flow.Way way = new Flow.Way(UUID.randomUUID(), UUID.randomUUID(), Protocol.TCP, ports);
    return new Flow(way, "test", null, until, "anna", NOW);
  }

  @Test
  void nobodyDecidesAboutTheirOwnRequest() {
    Flow flow = flow("443", null);
    assertRefused("own-request", () -> flow.approve("anna", NOW));
    assertRefused("own-request", () -> flow.refuse("anna", "no", NOW));
    flow.approve("ben", NOW);
    assertRefused("flow-decided", () -> flow.refuse("ben", "no", NOW));
  }

  @Test
  void nobodyDecidesAboutARequestWhoseEndHasPassed() {
    Flow flow = flow("443", NOW.plusSeconds(60));
    assertRefused("flow-over", () -> flow.approve("ben", NOW.plusSeconds(60)));
    assertRefused("flow-over", () -> flow.refuse("ben", "too late", NOW.plusSeconds(60)));
    flow.withdraw("too late", NOW.plusSeconds(60));
  }

  @Test
  void aFlowAllowsWhatItSaysFromItsApprovalToItsEnd() {
    Flow flow = flow("443", NOW.plusSeconds(60));
    assertFalse(flow.allows(Protocol.TCP, 443, NOW));
    flow.approve("ben", NOW);
    assertTrue(flow.allows(Protocol.TCP, 443, NOW));
    assertFalse(flow.allows(Protocol.UDP, 443, NOW));
    assertFalse(flow.allows(Protocol.TCP, 444, NOW));
    assertFalse(flow.allows(Protocol.TCP, 443, NOW.plusSeconds(60)));
    flow.withdraw("done", NOW);
    assertFalse(flow.allows(Protocol.TCP, 443, NOW));
  }

  /** Against a set of bits, for whatever lists of ports. */
  @Test
  void aListOfPortsContainsWhatItsRangesSay() {
    for (int seed = 0; seed < 300; seed++) {
      Random random = new Random(seed);
      BitSet model = new BitSet();
      StringBuilder text = new StringBuilder();
      for (int i = 0; i <= random.nextInt(5); i++) {
        int first = random.nextInt(2_000);
        int last = first + (random.nextBoolean() ? 0 : random.nextInt(50));
        model.set(first, last + 1);
        text.append(i == 0 ? "" : ",").append(first).append(first == last ? "" : "-" + last);
      }
      Ports ports = Ports.of(text.toString());
      for (int port = 0; port < 2_100; port++) {
        assertEquals(model.get(port), ports.contains(port), text + " and " + port);
      }
    }
    for (String wrong : new String[] {"", "443-80", "70000", "80,", "x", "-5", "1-2-3"}) {
      assertThrows(IllegalArgumentException.class, () -> Ports.of(wrong), wrong);
    }
  }

  @Test
  void portsAreAllFromMoreThanHalfOfThemOnHoweverTheyAreCut() {
    assertFalse(Ports.of("1-32767").areAll());
    assertTrue(Ports.of("1-32768").areAll());
    assertFalse(Ports.of("1-32767,1-32767,80").areAll());
    assertFalse(Ports.areAll(List.of(Ports.of("1-30000"), Ports.of("80,20000-32767"))));
    assertTrue(Ports.areAll(List.of(Ports.of("1-32767"), Ports.of("32769-65535"))));
    assertFalse(Ports.areAll(List.of()));
  }

  @Test
  void theFirstRuleThatFitsForbids() {
    NetworkRules rules = new NetworkRules();
    assertEquals("R9.3", rules.forbidden("HOSTING", "INTERNAL", Ports.of(443), false).get().rule());
    assertTrue(rules.forbidden("DMZ", "HOSTING", Ports.of(5432), false).isEmpty());
    for (String zone : List.of("DMZ", "INTERNAL", "MANAGEMENT", "BACKUP")) {
      assertEquals("R11.5", rules.forbidden("INTERNET", zone, Ports.of(5432), false).get().rule());
    }
    assertTrue(rules.forbidden("INTERNET", "DMZ", Ports.of(443), false).isEmpty());
  }

  @ParameterizedTest
  @ValueSource(ints = {22, 23, 3389, 5900, 5985})
  void remoteAccessComesThroughTheVpnAloneAndFromTheManagementNetwork(int port) {
    NetworkRules rules = new NetworkRules();
    for (String zone : List.of("DMZ", "HOSTING", "INTERNAL", "VPN")) {
      assertEquals("R9.4", rules.forbidden("INTERNET", zone, Ports.of(port), false).get().rule());
    }
    assertEquals("R9.4", rules.forbidden("GUEST", "DMZ", Ports.of(port), false).get().rule());
    assertTrue(rules.forbidden("VPN", "HOSTING", Ports.of(port), false).isEmpty());
    assertTrue(rules.forbidden("MANAGEMENT", "DMZ", Ports.of(port), false).isEmpty());
  }

  private static void assertRefused(String code, Runnable decision) {
    assertEquals(code, assertThrows(Problem.class, decision::run).code());
  }
}
