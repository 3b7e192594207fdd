package io.vigie.access.client;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.LongStream;

import io.vigie.access.client.Purpose.Ground;
import io.vigie.access.person.Details;
import io.vigie.access.person.Person;
import io.vigie.access.person.PersonKind;
import io.vigie.kernel.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static io.vigie.access.client.ClientTest.CLAUSE;
import static io.vigie.access.client.ClientTest.FILE;
import static io.vigie.access.client.ClientTest.INSTRUCTION;
import static io.vigie.access.client.ClientTest.NOW;
import static io.vigie.access.client.ClientTest.OTHER_FILE;
import static io.vigie.access.client.ClientTest.TODAY;
import static io.vigie.access.client.ClientTest.assertRefused;
import static io.vigie.access.client.ClientTest.client;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ClientAccessTest {

  private static final String REQUESTER = "requester";
  private static final String APPROVER = "approver";
  private static final String RECIPIENT = UUID.randomUUID().toString();
  private static final Instant FROM = NOW.plus(Duration.ofHours(1));
  private static final Instant UNTIL = NOW.plus(Duration.ofDays(5));

  private final Client client = client(TODAY.plusDays(30));
  private final Person recipient =
      new Person(
          new Details(
              "Ada",
              "Lovelace",
              "ada@example.org",
              null,
              RECIPIENT,
              PersonKind.EMPLOYEE,
              "developer",
              null,
              null,
              null,
              LocalDate.of(2025, 9, 1),
              null),
          APPROVER,
          NOW);

  private enum Step {
    APPROVE,
    REFUSE,
    WITHDRAW,
    REVOKE,
    CEASE,
    EXPIRE
  }

  /** Which states each step may be taken in, and where it leads. */
  private static final Map<Step, Set<ClientAccessState>> FROM_STATES =
      Map.of(
          Step.APPROVE, EnumSet.of(ClientAccessState.REQUESTED),
          Step.REFUSE, EnumSet.of(ClientAccessState.REQUESTED),
          Step.WITHDRAW, EnumSet.of(ClientAccessState.REQUESTED),
          Step.REVOKE, EnumSet.of(ClientAccessState.APPROVED),
          Step.CEASE, EnumSet.of(ClientAccessState.REQUESTED, ClientAccessState.APPROVED),
          Step.EXPIRE, EnumSet.of(ClientAccessState.REQUESTED, ClientAccessState.APPROVED));

  private static final Map<Step, ClientAccessState> TO =
      Map.of(
          Step.APPROVE, ClientAccessState.APPROVED,
          Step.REFUSE, ClientAccessState.REFUSED,
          Step.WITHDRAW, ClientAccessState.WITHDRAWN,
          Step.REVOKE, ClientAccessState.REVOKED,
          Step.CEASE, ClientAccessState.REVOKED,
          Step.EXPIRE, ClientAccessState.EXPIRED);

  private ClientAccess request(Purpose purpose) {
    return new ClientAccess(
        client, recipient.id(), purpose, Period.asked(FROM, UNTIL, NOW), REQUESTER, NOW);
  }

  private ClientAccessEvent take(Step step, ClientAccess access, String by, Instant at) {
    return switch (step) {
      case APPROVE -> access.approve(client, recipient, by, at);
      case REFUSE -> access.refuse("no", by, at);
      case WITHDRAW -> access.withdraw(by, at);
      case REVOKE -> access.revoke("done", by, at);
      case CEASE -> access.cease("The person left.", by, at);
      case EXPIRE -> access.expire(at);
    };
  }

  @Test
  void aRequestSaysForWhatPurposeAndApprovedItSaysSoAgain() {
    ClientAccess access = request(CLAUSE);

    assertEquals(
        new ClientAccessEvent.Requested(
            access.id(),
            client.id(),
            recipient.id(),
            Ground.CLAUSE,
            "article 5",
            FILE,
            FROM,
            UNTIL,
            NOW),
        access.requested());
    assertEquals(
        new ClientAccessEvent.Approved(
            access.id(),
            client.id(),
            recipient.id(),
            Ground.CLAUSE,
            "article 5",
            FILE,
            FROM,
            UNTIL,
            NOW),
        access.approve(client, recipient, APPROVER, NOW));
  }

  @Test
  void aClauseIsOfTheClientsContractAndAnInstructionIsDocumented() {
    assertEquals(FILE, request(new Purpose(Ground.CLAUSE, "article 5", null)).purpose().file());
    assertRefused("validation", () -> request(new Purpose(Ground.CLAUSE, "a", OTHER_FILE)));
    assertRefused("validation", () -> request(new Purpose(Ground.INSTRUCTION, "a", null)));
  }

  @Test
  void nobodyApprovesWhatTheyAskedForOrWouldReceive() {
    ClientAccess access = request(INSTRUCTION);

    assertRefused("self-approval", () -> access.approve(client, recipient, REQUESTER, NOW));
    assertRefused("self-approval", () -> access.approve(client, recipient, RECIPIENT, NOW));
    assertRefused("time-over", () -> access.approve(client, recipient, APPROVER, UNTIL));
    assertRefused("forbidden", () -> access.withdraw(APPROVER, NOW));
  }

  @Test
  void whatTheClientAllowsNoMoreIsNotApproved() {
    ClientAccess access = request(CLAUSE);
    client.end(DataFate.DESTROYED, TODAY.plusDays(20), NOW);

    assertRefused("client-ended", () -> access.approve(client, recipient, APPROVER, NOW));
  }

  @Test
  void anAccessHasABeginningAndAnEndThatIsNotFar() {
    Instant year = NOW.plus(Duration.ofDays(366));
    assertEquals(new Period(NOW, year), Period.asked(null, year, NOW));
    for (Instant from : List.of(NOW.minusSeconds(1), year.plusSeconds(1), Instant.MAX)) {
      assertRefused("validation", () -> Period.asked(from, UNTIL, NOW));
    }
    for (Instant until : List.of(FROM, NOW, FROM.plus(Duration.ofDays(367)), Instant.MAX)) {
      assertRefused("validation", () -> Period.asked(FROM, until, NOW));
    }
  }

  static LongStream seeds() {
    return LongStream.range(0, 300);
  }

  /**
   * Whatever is tried, by whomever and when: an access goes where the table says or stays as it
   * was, is approved by somebody else alone, and lets nobody in outside its time or its ground.
   */
  @ParameterizedTest
  @MethodSource("seeds")
  void noWayLeadsToTheDataWithoutAPurposeThatAnotherApproved(long seed) {
    Random random = new Random(seed * 15_485_863 + 11);
    Purpose purpose = random.nextBoolean() ? CLAUSE : INSTRUCTION;
    ClientAccess access = request(purpose);
    List<String> actors = List.of(REQUESTER, APPROVER, RECIPIENT);
    boolean approvedByAnother = false;
    Instant at = NOW;
    for (int step = 0; step < 12; step++) {
      at = at.plus(Duration.ofHours(random.nextInt(24)));
      if (random.nextInt(8) == 0 && client.state().state() == ClientState.ACTIVE) {
        client.end(DataFate.DESTROYED, LocalDate.ofEpochDay(at.getEpochSecond() / 86_400), at);
      }
      Step taken = Step.values()[random.nextInt(Step.values().length)];
      String by = actors.get(random.nextInt(actors.size()));
      ClientAccessState before = access.state().state();
      Instant now = at;
      if (!FROM_STATES.get(taken).contains(before)) {
        assertThrows(Problem.class, () -> take(taken, access, by, now));
        assertEquals(before, access.state().state());
      } else {
        try {
          take(taken, access, by, at);
          assertEquals(TO.get(taken), access.state().state());
          if (taken == Step.APPROVE) {
            approvedByAnother = by.equals(APPROVER);
            assertTrue(approvedByAnother);
          }
          if (taken == Step.WITHDRAW) {
            assertEquals(REQUESTER, by);
          }
        } catch (Problem refused) {
          assertEquals(before, access.state().state());
          assertTrue(taken == Step.APPROVE || taken == Step.WITHDRAW, taken.name());
        }
      }
      Instant asked = NOW.plus(Duration.ofHours(random.nextInt(24 * 40)));
      boolean effective = access.isEffective(client, asked);
      if (effective) {
        assertTrue(approvedByAnother);
        assertEquals(ClientAccessState.APPROVED, access.state().state());
        assertTrue(!asked.isBefore(FROM) && asked.isBefore(UNTIL));
      } else if (access.state().state() == ClientAccessState.APPROVED) {
        assertFalse(!asked.isBefore(FROM) && asked.isBefore(UNTIL));
      }
    }
  }

  @Test
  void anAccessOnAClauseEndsWithAContractThatIsCutShortAndOneOnAnInstructionDoesNot() {
    ClientAccess clause = request(CLAUSE);
    ClientAccess instruction = request(INSTRUCTION);
    clause.approve(client, recipient, APPROVER, NOW);
    instruction.approve(client, recipient, APPROVER, NOW);
    ClientProfile profile = client.profile();
    ClientContract shorter =
        new ClientContract("2026-1", profile.contract().startsOn(), TODAY.plusDays(1), FILE);

    client.change(
        new ClientProfile(
            profile.name(),
            shorter,
            profile.data(),
            profile.notificationDelayHours(),
            profile.contact()),
        NOW);

    Instant over = Instant.parse("2026-01-04T00:00:00Z");
    assertTrue(clause.isEffective(client, over.minusSeconds(1)));
    assertFalse(clause.isEffective(client, over));
    assertTrue(instruction.isEffective(client, over));
  }

  @Test
  void anAccessOnAClauseEndsWithTheContractThatAnotherReplaces() {
    ClientAccess clause = request(CLAUSE);
    ClientAccess waits = request(CLAUSE);
    clause.approve(client, recipient, APPROVER, NOW);
    ClientProfile profile = client.profile();
    ClientContract other =
        new ClientContract("2026-2", profile.contract().startsOn(), TODAY.plusDays(30), OTHER_FILE);

    client.change(
        new ClientProfile(
            profile.name(),
            other,
            profile.data(),
            profile.notificationDelayHours(),
            profile.contact()),
        NOW);

    assertFalse(clause.isEffective(client, FROM));
    assertRefused("contract-replaced", () -> waits.approve(client, recipient, APPROVER, NOW));
  }
}
