package io.vigie.access.directory;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class PlanTest {

  private static final UUID PERSON = UUID.randomUUID();
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
  private static final List<String> ROLES = List.of("staff", "responder", "auditor", "sysadmin");
  private static final Set<String> TOTP = Set.of("CONFIGURE_TOTP");

  private static DesiredAccount desired(boolean enabled, String... roles) {
    return new DesiredAccount(
        PERSON,
        "5b1f0c7e-93d2-4c1b-a0c4-7e2f9d3a6b10",
        new AccountChange.Holder("Ada", "Lovelace", "ada@example.org"),
        enabled,
        new TreeSet<>(Set.of(roles)),
        Set.of(),
        false);
  }

  private static Account account(boolean enabled, Set<String> roles) {
    return new Account(
        "5b1f0c7e-93d2-4c1b-a0c4-7e2f9d3a6b10",
        "ada.lovelace",
        "ada@example.org",
        enabled,
        Set.copyOf(roles),
        Set.copyOf(roles),
        Set.of());
  }

  private static KnownAccount fresh() {
    return new KnownAccount("5b1f0c7e-93d2-4c1b-a0c4-7e2f9d3a6b10", PERSON);
  }

  private static KnownAccount settled(DesiredAccount desired) {
    KnownAccount known = fresh();
    known.settled(desired, NOW);
    return known;
  }

  private static Plan plan(
      Account actual, DesiredAccount desired, KnownAccount known, Difference... repairs) {
    return Plan.of(actual, desired, known, List.of(repairs), false, TOTP);
  }

  @Test
  void whatIsLostIsTakenBeforeWhatIsNewIsGivenAndEndsTheSessions() {
    KnownAccount known = settled(desired(true, "staff", "auditor"));
    DesiredAccount to = desired(true, "staff", "responder");

    Plan first = plan(account(true, Set.of("staff", "auditor")), to, known);
    known.taken(to, first.stuck(), NOW);
    Plan second = plan(account(true, Set.of("staff")), to, known);
    known.settled(to, NOW);

    assertEquals(Set.of("auditor"), first.change().takeRoles());
    assertTrue(
        first.takes() && first.change().endSessions() && first.change().giveRoles().isEmpty());
    assertEquals(Set.of("responder"), second.change().giveRoles());
    assertFalse(second.takes() || second.change().endSessions());
    assertTrue(plan(account(true, Set.of("staff", "responder")), to, known).isNothing());
  }

  @Test
  void aLeaverLosesAllThatVigieOwnsWhoeverGaveIt() {
    Plan plan =
        plan(
            account(true, Set.of("staff", "sysadmin")),
            desired(false),
            settled(desired(true, "staff")));

    assertEquals(Set.of("staff", "sysadmin"), plan.change().takeRoles());
    assertEquals(false, plan.change().enabled());
    assertTrue(plan.change().endSessions());
  }

  @Test
  void anAccountThatWasThereBeforeKeepsWhatItHas() {
    Plan plan =
        Plan.of(
            account(true, Set.of("sysadmin")),
            desired(true, "staff"),
            fresh(),
            List.of(),
            true,
            TOTP);

    assertEquals(Set.of("staff"), plan.change().giveRoles());
    assertTrue(plan.change().takeRoles().isEmpty());
  }

  @Test
  void whoGetsAPrivilegedRoleWithoutASecondFactorIsAskedForOne() {
    Plan plan =
        plan(
            account(true, Set.of("staff")),
            desired(true, "staff", "sysadmin"),
            settled(desired(true, "staff")));

    assertEquals(TOTP, plan.change().addActions());
  }

  @Test
  void aRepairUndoesWhatSomebodyElseDidAndNothingElse() {
    DesiredAccount is = desired(true, "staff", "auditor");
    KnownAccount known = settled(is);
    Account actual = account(false, Set.of("staff", "sysadmin", "responder"));

    Plan takes = plan(actual, is, known, new Difference(DriftKind.UNAPPROVED_ROLE, "sysadmin"));
    Plan gives =
        plan(
            actual,
            is,
            known,
            new Difference(DriftKind.MISSING_ROLE, "auditor"),
            new Difference(DriftKind.DISABLED_BY_HAND));

    assertEquals(Set.of("sysadmin"), takes.change().takeRoles());
    assertEquals(Set.of("auditor"), gives.change().giveRoles());
    assertEquals(true, gives.change().enabled());
    assertTrue(plan(actual, is, known).isNothing());
  }

  @Test
  void aRoleThatComesAnotherWayIsNotTakenInVain() {
    DesiredAccount is = desired(true, "staff");
    Account through =
        new Account(
            is.subject(),
            "ada",
            null,
            true,
            Set.of("staff", "sysadmin"),
            Set.of("staff"),
            Set.of());

    DirectoryFailure failure =
        assertThrows(
            DirectoryFailure.class,
            () ->
                plan(
                    through,
                    is,
                    settled(is),
                    new Difference(DriftKind.UNAPPROVED_ROLE, "sysadmin")));

    assertTrue(failure.getMessage().contains("another role"), failure.getMessage());
  }

  @Test
  void aLostRoleThatIsStillEffectiveFailsAfterTheRestWasTaken() {
    // Given
    KnownAccount known = settled(desired(true, "staff", "sysadmin", "auditor"));
    DesiredAccount to = desired(true, "staff", "responder");
    Account before =
        new Account(
            to.subject(),
            "ada",
            null,
            true,
            Set.of("staff", "sysadmin", "auditor"),
            Set.of("staff", "auditor"),
            Set.of());
    Account after =
        new Account(
            to.subject(),
            "ada",
            null,
            true,
            Set.of("staff", "sysadmin"),
            Set.of("staff"),
            Set.of());

    // When
    Plan first = plan(before, to, known);
    known.taken(to, first.stuck(), NOW);

    // Then
    assertEquals(Set.of("auditor"), first.change().takeRoles());
    assertEquals(Set.of("staff", "sysadmin"), known.roles());
    assertThrows(DirectoryFailure.class, () -> plan(after, to, known));
    assertTrue(plan(after, desired(false), known).takes());
    assertEquals(
        Set.of("sysadmin"), plan(account(true, Set.of("staff")), to, known).change().takeRoles());
  }

  @Test
  void anAccountThatIsNobodysIsClosed() {
    Plan plan = Plan.ofNobodys(List.of(new Difference(DriftKind.ACCOUNT_WITHOUT_PERSON)), TOTP);

    assertEquals(false, plan.change().enabled());
    assertTrue(plan.change().endSessions() && plan.change().addActions().isEmpty());
  }

  /**
   * Random lives of accounts: what must be changes, people change roles by hand, attempts die
   * between doing and writing down. In the end the account is what a model of one line for each
   * step says.
   */
  @Test
  void whateverHappensAnAccountEndsUpAsApprovedAndKeepsWhatOthersDid() {
    Random random = new Random(26);
    for (int life = 0; life < 2_000; life++) {
      Set<String> actual = new TreeSet<>();
      Set<String> expected = new TreeSet<>();
      DesiredAccount desired = desired(true);
      KnownAccount known = settled(desired);
      boolean enabled = true;
      List<String> story = new ArrayList<>();
      for (int step = 0; step < 12; step++) {
        String role = ROLES.get(random.nextInt(ROLES.size()));
        switch (random.nextInt(4)) {
          case 0 -> {
            actual.add(role);
            expected.add(role);
            story.add("hand gives " + role);
          }
          case 1 -> {
            actual.remove(role);
            expected.remove(role);
            story.add("hand takes " + role);
          }
          default -> {
            boolean works = random.nextInt(5) > 0;
            Set<String> roles = new TreeSet<>();
            ROLES.stream().filter(each -> works && random.nextBoolean()).forEach(roles::add);
            DesiredAccount to = desired(works, roles.toArray(String[]::new));
            for (String each : ROLES) {
              if (desired.roles().contains(each) && !roles.contains(each)) {
                expected.remove(each);
              } else if (roles.contains(each) && !desired.roles().contains(each)) {
                expected.add(each);
              }
            }
            if (!works) {
              expected.clear();
            }
            boolean loses = !roles.containsAll(desired.roles()) || desired.enabled() && !works;
            desired = to;
            story.add("must be " + works + " " + roles);
            boolean ended = false;
            boolean dies = random.nextInt(3) == 0;
            for (Plan next = plan(account(enabled, actual), desired, known);
                !next.isNothing();
                next = plan(account(enabled, actual), desired, known)) {
              actual.removeAll(next.change().takeRoles());
              actual.addAll(next.change().giveRoles());
              enabled = next.change().enabled() == null ? enabled : next.change().enabled();
              if (dies) {
                dies = false;
                story.add("dies");
                continue;
              }
              ended |= next.change().endSessions();
              if (next.takes()) {
                known.taken(desired, next.stuck(), NOW);
              } else {
                known.settled(desired, NOW);
              }
            }
            assertTrue(ended || !loses, "sessions go on after " + story);
          }
        }
        assertEquals(expected, actual, story.toString());
        assertEquals(desired.enabled(), enabled, story.toString());
        assertEquals(desired.roles(), known.roles(), story.toString());
      }
    }
  }
}
