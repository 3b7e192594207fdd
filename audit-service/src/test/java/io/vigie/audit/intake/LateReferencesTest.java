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
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What was logged by other rules. */
@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class LateReferencesTest {

  /** What an entry refers to, and who did and told it. */
  private static final String FOUND_BY =
      """
      select string_agg(key, ' ' order by key) from (
        select object, index from reference
        union all
        select word, w.index + behind from search_text w cross join unnest(array[0::int2] || more) behind
        where position(':' in word) > 0) found (key, index)
      where index =\s""";

  @Inject LateReferences late;

  /** An event as its contract's example has it. */
  private static Draft event(String type, String kind) throws Exception {
    Path example =
        Path.of(System.getProperty("vigie.root"), "contracts", "events", type + ".example.json");
    return Records.event(type, kind + "/" + UUID.randomUUID(), Files.readString(example));
  }

  private static String foundBy(long index) {
    return text(FOUND_BY + index);
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
  void entriesAreFoundByWhatTheyWereLoggedWithout(String asLogged) throws Exception {
    // Given one whose payload is in plain, and one whose payload is under a person's key
    List<Long> indexes =
        logged(
            List.of(
                event("incident.affected-named.v1", "incident"),
                event("right.broken-glass.v1", "right")));
    List<String> named = indexes.stream().map(LateReferencesTest::foundBy).toList();
    long first = Math.min(indexes.get(0), indexes.get(1));
    named.forEach(keys -> assertTrue(keys.matches("actor:.+ .+/.+ source:.+"), keys));
    for (String rows :
        List.of("reference where", "search_text where position(':' in word) > 0 and")) {
      LogDatabase.tamper(
          "delete from %s index in (%d, %d)".formatted(rows, indexes.get(0), indexes.get(1)));
    }
    LogDatabase.execute(asLogged.formatted(first));

    // When
    late.add();

    // Then
    await()
        .atMost(Duration.ofMinutes(3))
        .untilAsserted(
            () -> assertEquals(named, indexes.stream().map(LateReferencesTest::foundBy).toList()));

    // And what comes next has its own at once
    logged(event("incident.affected-named.v1", "incident"));
    await().atMost(Duration.ofMinutes(3)).until(() -> left() <= 0);
  }
}
