package io.vigie.audit.checkpoint;

import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;

import jakarta.inject.Inject;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vigie.audit.LogDatabase;
import io.vigie.audit.SigningEnvironment;
import io.vigie.audit.note.Note;
import io.vigie.testkit.Rest;
import io.vigie.testkit.ServiceEnvironment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static io.vigie.audit.LogDatabase.number;
import static io.vigie.audit.LogDatabase.size;
import static io.vigie.audit.checkpoint.PublishingTest.LONG;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Outsiders who check and cosign what the log publishes. */
@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
@QuarkusTestResource(SigningEnvironment.class)
class WitnessesTest {

  @Inject DataSource database;
  @Inject LogKeys keys;
  @Inject Clock clock;

  private Witnesses witnesses(String... configured) {
    return new Witnesses(
        database, keys, new SimpleMeterRegistry(), clock, Optional.of(List.of(configured)));
  }

  private static void grow(int count) {
    LogDatabase.logged(count);
    await().atMost(LONG).until(() -> number("select max(size) from checkpoint") == size());
  }

  @Test
  void theNewestCheckpointIsServedWithTheCosignatureOfAWitnessThatCheckedIt() throws Exception {
    try (HonestWitness honest = new HonestWitness(keys.current())) {
      String configured = honest.address() + "/ " + honest.key();
      Witnesses witnesses = witnesses(configured);
      for (int count : new int[] {3, 1, 260}) {
        grow(count);
        witnesses.cosign();
        assertEquals(size(), honest.size(), () -> witnesses.troubles().toString());
      }
      Note served = Note.parse(Rest.anonymous().get("/log/checkpoint").asString());
      assertTrue(served.isSignedBy(List.of(honest.key())));
      assertTrue(served.isSignedBy(keys.verifiers()));

      grow(2);
      Witnesses restarted = witnesses(configured); // knows from the table what the witness knows
      restarted.cosign();
      assertEquals(size(), honest.size());
      assertEquals(0, restarted.troubles().size());
    }
  }

  @Test
  void whatAWitnessKnowsIsLearntFromItsAnswer() throws Exception {
    try (HonestWitness honest = new HonestWitness(keys.current())) {
      grow(1);
      witnesses(honest.address() + " " + honest.key()).cosign();
      LogDatabase.tamper("delete from cosignature"); // as though another replica had asked
      grow(5);
      Witnesses later = witnesses(honest.address() + " " + honest.key());
      later.cosign();
      assertEquals(size(), honest.size(), () -> later.troubles().toString());
    }
  }

  @Test
  void aWitnessThatHasCosignedMoreThanThereIsIsReportedUntilItIsThere() throws Exception {
    try (HonestWitness honest = new HonestWitness(keys.current())) {
      grow(1);
      String configured = honest.address() + " " + honest.key();
      Published lost = keys.sign(size() + 2, LogDatabase.root(size()));
      Witness.parse(configured).cosign(lost, proof -> List.of());
      Witnesses asking = witnesses(configured);
      asking.cosign();
      assertEquals(Map.of(HonestWitness.NAME, lost.size()), asking.ahead());

      grow(5);
      honest.follow(keys.current()); // what it had seen was no checkpoint of any log
      asking.cosign();
      assertEquals(Map.of(), asking.ahead(), () -> asking.troubles().toString());
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1})
  void aWitnessThatHasCosignedAnotherPastIsReportedUntilItCosignsAgain(long earlier)
      throws Exception {
    try (HonestWitness honest = new HonestWitness(keys.current())) {
      grow(2);
      String configured = honest.address() + " " + honest.key();
      Published other = keys.sign(size() - earlier, new byte[32]);
      Witness.parse(configured).cosign(other, proof -> List.of());
      Witnesses asking = witnesses(configured);
      asking.cosign();
      assertEquals(Map.of(HonestWitness.NAME, other.size()), asking.contradicting());

      honest.follow(keys.current()); // what it had seen was no checkpoint of any log
      asking.cosign();
      assertEquals(Map.of(), asking.contradicting(), () -> asking.troubles().toString());
    }
  }

  @Test
  void aWitnessThatIsAwayOrAnswersNonsenseIsNamedAndStopsNothing() throws Exception {
    try (HonestWitness honest = new HonestWitness(keys.current());
        HonestWitness other = new HonestWitness(keys.current())) {
      grow(1);
      Witnesses withTrouble =
          witnesses(
              "http://127.0.0.1:1 " + other.key(), // nobody listens
              honest.address() + " " + honest.key());
      withTrouble.cosign();
      assertEquals(size(), honest.size());
      Witnesses wrongKey = witnesses(honest.address() + " " + other.key());
      grow(1);
      wrongKey.cosign();
      assertTrue(
          wrongKey.troubles().get(HonestWitness.NAME).contains("without a cosignature of its key"),
          () -> wrongKey.troubles().toString());
      grow(1);
    }
  }

  @Test
  void aWitnessWhoseKeyCannotBeReadIsRefusedAtTheStart() {
    assertThrows(ConfigurationException.class, () -> witnesses("http://127.0.0.1:1"));
    assertThrows(ConfigurationException.class, () -> witnesses("http://127.0.0.1:1 key"));
    assertEquals(0, witnesses().troubles().size());
  }
}
