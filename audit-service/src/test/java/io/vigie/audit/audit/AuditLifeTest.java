package io.vigie.audit.audit;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.function.Supplier;

import io.vigie.kernel.Problem;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.statistics.Statistics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Whatever is asked of an audit and its findings, in whatever order, by whomever. */
class AuditLifeTest {

  private static final Instant FROM = Instant.parse("2026-01-02T03:00:00Z");
  private static final Instant UNTIL = FROM.plusSeconds(1_800);

  enum Act {
    BEGIN(false),
    RAISE(false),
    RAISE_OUT_OF_SCOPE(false),
    ACT(true),
    VERIFY(true),
    SEND_BACK(true),
    ACCEPT(true),
    CLOSE(false),
    CANCEL(false);

    /** Whether it is done about what was found already. */
    private final boolean isOfAFinding;

    Act(boolean isOfAFinding) {
      this.isOfAFinding = isOfAFinding;
    }
  }

  enum Person {
    ANN,
    BOB
  }

  /**
   * @param finding which of those that were raised, counted around
   */
  private record Ask(Act act, Person by, int finding) {}

  private Audit audit;
  private final List<AuditFinding> findings = new ArrayList<>();
  private final Map<UUID, Person> acted = new HashMap<>();
  private final Map<UUID, FindingState> expected = new HashMap<>();

  @Property(tries = 500)
  void anAuditClosesOnceEachFindingIsSettledBySomebodyElse(
      @ForAll @Size(max = 60) List<Act> acts,
      @ForAll @Size(min = 1, max = 60) List<Person> people,
      @ForAll @Size(min = 1, max = 10) List<Boolean> turns) {
    findings.clear();
    acted.clear();
    expected.clear();
    audit =
        new Audit(
            "Access control",
            AuditKind.INTERNAL,
            new Audit.Scope(Set.of("R4.1", "R4.6"), Set.of()),
            "carol",
            new Audit.Period(FROM, UNTIL),
            FROM.minusSeconds(60));
    for (int i = 0; i < acts.size(); i++) {
      Instant now = FROM.plusSeconds(60L * i);
      int which = findings.isEmpty() || turns.get(i % turns.size()) ? 0 : findings.size() - 1;
      Ask ask = new Ask(acts.get(i), people.get(i % people.size()), which);
      Audit.State before = audit.state();
      List<AuditFinding.View> findingsBefore = views();

      ControlAuditEvent event = unlessRefused(() -> decide(ask, now));

      if (event == null) {
        assertEquals(before, audit.state(), "refused, and yet it changed");
        assertEquals(findingsBefore, views(), "refused, and yet a finding changed");
      } else {
        assertEquals(now, event.at());
        assertNotEquals(AuditState.CLOSED, before.state(), "closed, and yet it changed");
        assertTrue(
            before.state() != AuditState.CANCELLED || ask.act().isOfAFinding,
            "cancelled, and yet it changed");
      }
      holds(before);
    }
    Statistics.label("at the end").collect(audit.state().state());
  }

  private void holds(Audit.State before) {
    Audit.State now = audit.state();
    assertTrue(now.state().compareTo(before.state()) >= 0, "an audit does not go back");
    assertEquals(findings.size(), now.findings());
    findings.forEach(
        finding -> assertEquals(expected.get(finding.id()), finding.state(), "a finding's state"));
    assertEquals(
        findings.stream().filter(finding -> !finding.isSettled()).count(), now.unsettled());
    assertEquals(due(finding -> true), now.nextDueAt(), "due next");
    assertTrue(now.state() != AuditState.CLOSED || now.unsettled() == 0, "closed over a finding");
    assertEquals(now.state() == AuditState.CANCELLED, now.cancelledAt() != null, "cancelled when");
    assertTrue(now.begunAt() == null || now.begunAt().isBefore(UNTIL), "begun behind its period");
  }

  private Instant due(Predicate<AuditFinding> which) {
    return findings.stream()
        .filter(finding -> !finding.isSettled())
        .filter(which)
        .map(AuditFinding::dueAt)
        .min(Comparator.naturalOrder())
        .orElse(null);
  }

  private Instant othersDue(AuditFinding finding) {
    return due(other -> other != finding);
  }

  private List<AuditFinding.View> views() {
    return findings.stream().map(AuditFinding::view).toList();
  }

  private ControlAuditEvent decide(Ask ask, Instant now) {
    String by = ask.by().name();
    AuditFinding finding = findings.isEmpty() ? null : findings.get(ask.finding());
    return switch (ask.act()) {
      case BEGIN -> audit.begin(now);
      case RAISE -> raise("R4.6", ask.by(), now);
      case RAISE_OUT_OF_SCOPE -> {
        raise("R5.1", ask.by(), now);
        throw new AssertionError("raised about a rule that is not in the scope");
      }
      case ACT -> finding == null ? null : act(finding, ask.by(), now);
      case VERIFY -> finding == null ? null : verify(finding, true, ask.by(), now);
      case SEND_BACK -> finding == null ? null : verify(finding, false, ask.by(), now);
      case ACCEPT -> {
        if (finding == null) {
          yield null;
        }
        ControlAuditEvent accepted =
            audit.accept(finding, "not worth it", othersDue(finding), by, now);
        assertNotEquals(by, finding.owner(), "accepted by its owner");
        expected.put(finding.id(), FindingState.ACCEPTED);
        yield accepted;
      }
      case CLOSE -> audit.close(now);
      // Late, so that most have findings by then.
      case CANCEL ->
          now.isBefore(FROM.plusSeconds(900)) ? null : audit.cancel("not this year", now);
    };
  }

  private ControlAuditEvent raise(String rule, Person owner, Instant now) {
    AuditFinding finding =
        new AuditFinding(
            audit.id(),
            "NC-" + findings.size(),
            rule,
            FindingSeverity.MINOR,
            "x",
            owner.name(),
            now.plusSeconds(60L * (1 + findings.size() * 7 % 5)),
            now);
    ControlAuditEvent raised = audit.raise(finding, now);
    findings.add(finding);
    expected.put(finding.id(), FindingState.OPEN);
    return raised;
  }

  private ControlAuditEvent act(AuditFinding finding, Person by, Instant now) {
    ControlAuditEvent done = audit.actOn(finding, "repaired", by.name(), now);
    assertEquals(finding.owner(), by.name(), "acted on by another");
    assertEquals(
        now.isAfter(finding.dueAt()), ((ControlAuditEvent.FindingActedOn) done).late(), "late");
    acted.put(finding.id(), by);
    expected.put(finding.id(), FindingState.ACTED);
    return done;
  }

  private ControlAuditEvent verify(
      AuditFinding finding, boolean effective, Person by, Instant now) {
    ControlAuditEvent verified =
        audit.verify(finding, effective, "tried", othersDue(finding), by.name(), now);
    assertNotEquals(by, acted.get(finding.id()), "verified by whoever acted");
    assertEquals(
        FindingState.ACTED, expected.get(finding.id()), "verified, and nobody had acted on it");
    expected.put(finding.id(), effective ? FindingState.VERIFIED : FindingState.OPEN);
    return verified;
  }

  private static ControlAuditEvent unlessRefused(Supplier<ControlAuditEvent> decision) {
    try {
      return decision.get();
    } catch (Problem refused) {
      return null;
    }
  }
}
