package io.vigie.access.directory;

import java.util.List;
import java.util.Set;

import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** What differs about the account of a program. */
class DifferenceTest {

  private static final Set<String> APPROVED = Set.of("internal-tool");

  private static Account program(boolean enabled, Set<String> roles, Set<String> groups) {
    return new Account(
        "5b1f0c7e-93d2-4c1b-a0c4-7e2f9d3a6b10",
        "nightly-export",
        null,
        enabled,
        roles,
        roles,
        groups);
  }

  @Test
  void aProgramThatSomebodyAnswersForAndThatHasWhatItMayHaveIsNoFinding() {
    assertEquals(
        List.of(), Difference.ofProgram(program(true, APPROVED, Set.of()), true, APPROVED));
    assertEquals(
        List.of(), Difference.ofProgram(program(true, Set.of(), Set.of()), true, APPROVED));
  }

  @Test
  void itIsOneForEachRoleAndGroupBeyondAndWhereNobodyAnswersForIt() {
    assertEquals(
        List.of(
            new Difference(DriftKind.ACCOUNT_WITHOUT_PERSON),
            new Difference(DriftKind.UNAPPROVED_ROLE, "ciso"),
            new Difference(DriftKind.UNAPPROVED_GROUP, "office")),
        Difference.ofProgram(
            program(true, Set.of("internal-tool", "ciso"), Set.of("office")), false, APPROVED));
  }

  @Test
  void aClosedOneHarmsNobody() {
    assertEquals(
        List.of(),
        Difference.ofProgram(program(false, Set.of("ciso"), Set.of("office")), false, APPROVED));
  }
}
