package io.vigie.audit.intake;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

import jakarta.inject.Inject;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vigie.audit.LogDatabase;
import io.vigie.audit.intake.Records.Draft;
import io.vigie.testkit.ServiceEnvironment;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static io.vigie.audit.LogDatabase.logged;
import static io.vigie.audit.LogDatabase.number;
import static io.vigie.audit.LogDatabase.text;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

/** What was logged by other rules. */
@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class LateReferencesTest {

  @Inject LateReferences late;

  /** An event as its contract's example has it. */
  private static Draft event(String type, String kind) throws Exception {
    Path example =
        Path.of(System.getProperty("vigie.root"), "contracts", "events", type + ".example.json");
    return Records.event(type, kind + "/" + UUID.randomUUID(), Files.readString(example));
  }

  private static String references(long index) {
    return text(
        "select string_agg(object, ' ' order by object) from reference where index = " + index);
  }

  private static long left() {
    return number("select size - picked from head");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "update head set rules = 'of the release before'",
        "update head set picked = %d" // as a replica of the release before leaves it
      })
  void entriesGetTheReferencesThatTheyWereLoggedWithout(String asLogged) throws Exception {
    // Given one whose payload is in plain, and one whose payload is under a person's key
    List<Long> indexes =
        logged(
            List.of(
                event("incident.affected-named.v1", "incident"),
                event("right.broken-glass.v1", "right")));
    List<String> named = indexes.stream().map(LateReferencesTest::references).toList();
    named.forEach(each -> assertNotNull(each));
    long first = Math.min(indexes.get(0), indexes.get(1));
    LogDatabase.tamper(
        "delete from reference where index in (%d, %d)".formatted(indexes.get(0), indexes.get(1)));
    LogDatabase.execute(asLogged.formatted(first));

    // When
    late.add();

    // Then
    await()
        .atMost(Duration.ofMinutes(3))
        .untilAsserted(
            () ->
                assertEquals(named, indexes.stream().map(LateReferencesTest::references).toList()));

    // And what comes next has its own at once
    logged(event("incident.affected-named.v1", "incident"));
    await().atMost(Duration.ofMinutes(3)).until(() -> left() <= 0);
  }
}
