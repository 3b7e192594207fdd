package io.vigie.asset.network;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.vigie.kernel.Problem;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class FindingTest {

  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
  private static final Way WAY =
      new Way(UUID.randomUUID(), UUID.randomUUID(), null, Flow.Protocol.TCP);

  @Test
  void aScanOfManyPortsIsOneFindingThatListsAHundred() {
    Finding finding = seen(IntStream.rangeClosed(1, 500).toArray());

    assertEquals(Finding.MOST_PORTS, finding.state().ports().size());
    assertTrue(finding.state().morePorts());
    assertEquals(List.of(), finding.widen(ports(1, 77, 499, 501), NOW, NOW));
  }

  @Test
  void whatIsSeenAgainAddsOnlyWhatIsNew() {
    Finding finding = seen(22);

    assertEquals(
        List.of(new FindingEvent.Widened(finding.id(), List.of(80), false, NOW, NOW)),
        finding.widen(ports(22, 80), NOW, NOW));
    assertEquals(List.of(22, 80), finding.state().ports());
    assertEquals(List.of(), finding.widen(ports(22, 80), NOW, NOW));
  }

  @Test
  void declaredPortsLeaveItAndTheLastOneEndsIt() {
    Finding finding = seen(22, 80, 443);

    assertEquals(
        List.of(new FindingEvent.Narrowed(finding.id(), List.of(80, 443), NOW)),
        finding.explain(Set.of(80, 443, 8080), NOW));
    assertEquals(List.of(), finding.explain(Set.of(80), NOW));
    assertEquals(
        List.of(new FindingEvent.Closed(finding.id(), "DECLARED", null, 0, NOW)),
        finding.explain(Set.of(22), NOW));
    assertThrows(Problem.class, () -> finding.close(Finding.End.QUIET, null, NOW));
  }

  @Test
  void oneThatWasOpenedByAClockThatWasAheadWasNotOpenForLessThanNoTime() {
    Finding finding = seen(22);
    Instant before = NOW.minusSeconds(120);

    assertEquals(
        new FindingEvent.Closed(finding.id(), "DISMISSED", "known", 0, before),
        finding.close(Finding.End.DISMISSED, "known", before));
  }

  private static Finding seen(int... ports) {
    return new Finding(null, WAY, ports(ports), NOW);
  }

  private static SortedSet<Integer> ports(int... ports) {
    return IntStream.of(ports).boxed().collect(Collectors.toCollection(TreeSet::new));
  }
}
