package io.vigie.access.approval;

import java.time.Instant;
import java.util.List;
import java.util.Set;

import io.vigie.kernel.Problem;
import org.junit.jupiter.api.Test;

import static io.vigie.access.approval.Approver.ACCESS_MANAGER;
import static io.vigie.access.approval.Approver.CISO;
import static io.vigie.access.approval.Approver.MANAGER;
import static io.vigie.access.approval.Approver.OWNER;
import static io.vigie.access.approval.Step.Rule.ALL_OF;
import static io.vigie.access.approval.Step.Rule.ANY_OF;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ApprovalsTest {

  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

  private final Approvals asked =
      new Approvals(
          "asker",
          List.of(
              new Step(ANY_OF, List.of(MANAGER, ACCESS_MANAGER)),
              new Step(ALL_OF, List.of(OWNER, CISO))));

  private static Approvals with(Approvals approvals, Approver part, String by, String onBehalfOf) {
    return approvals.with(new Capacity(part, part, onBehalfOf), by, NOW);
  }

  private static void assertRefused(String code, Runnable approval) {
    assertEquals(code, assertThrows(Problem.class, approval::run).code());
  }

  @Test
  void aStepWaitsForAnyOneOrForAllAndTheNextComesAfterIt() {
    assertEquals(Set.of(MANAGER, ACCESS_MANAGER), asked.awaited());

    Approvals first = with(asked, MANAGER, "manager", null);
    assertEquals(1, first.step());
    assertEquals(Set.of(OWNER, CISO), first.awaited());

    Approvals second = with(first, CISO, "ciso", null);
    assertEquals(Set.of(OWNER), second.awaited());
    assertFalse(second.isComplete());

    Approvals last = with(second, OWNER, "owner", null);
    assertTrue(last.isComplete());
    assertEquals(Set.of(), last.awaited());
    assertEquals(new Approval(1, OWNER, OWNER, "owner", null, NOW), last.last());
  }

  @Test
  void nobodyCountsTwiceInPersonOrByASubstitute() {
    Approvals first = with(asked, MANAGER, "substitute", "manager");

    for (String who : List.of("substitute", "manager")) {
      assertRefused("already-approved", () -> with(first, OWNER, who, null));
      assertRefused("already-approved", () -> with(first, OWNER, "somebody", who));
    }
    assertEquals(Set.of("asker", "manager", "substitute"), first.barred());
  }

  @Test
  void whoAskedDoesNotCount() {
    assertRefused("self-approval", () -> with(asked, MANAGER, "asker", null));
    assertRefused("self-approval", () -> with(asked, MANAGER, "somebody", "asker"));
  }

  @Test
  void whoeverIsNotWaitedForIsRefused() {
    assertRefused("forbidden", () -> with(asked, OWNER, "owner", null));
    assertRefused("forbidden", () -> asked.with(null, "somebody", NOW));
  }

  @Test
  void whatIsStoredIsReadAsItWas() {
    Approvals first = with(asked, MANAGER, "substitute", "manager");
    ApprovalsText text = new ApprovalsText();

    assertEquals(first, text.convertToEntityAttribute(text.convertToDatabaseColumn(first)));
    assertEquals(null, text.convertToEntityAttribute(text.convertToDatabaseColumn(null)));
  }
}
