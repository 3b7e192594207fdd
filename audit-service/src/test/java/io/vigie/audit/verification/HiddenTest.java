package io.vigie.audit.verification;

import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import jakarta.inject.Inject;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.vigie.audit.LogDatabase;
import io.vigie.audit.intake.Records;
import io.vigie.audit.payload.PersonKeys;
import io.vigie.audit.payload.PersonKeys.KeyId;
import io.vigie.testkit.Rest;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.Tokens;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static io.vigie.audit.LogDatabase.logged;
import static io.vigie.audit.LogDatabase.number;
import static io.vigie.audit.intake.Records.request;
import static io.vigie.audit.verification.VerificationTest.verified;
import static io.vigie.kernel.security.Roles.CISO;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Entries of which the superuser hides the payload, or by which they are found. */
@QuarkusTest
@Order(1) // reads the whole log in each test, which the others make longer
@QuarkusTestResource(ServiceEnvironment.class)
class HiddenTest {

  private static final String ASIDE = "set session_replication_role = replica";

  @Inject PersonKeys keys;

  private static String somebody() {
    return UUID.randomUUID().toString();
  }

  /** Erases a person. Returns the erasure's id, which the log may not know yet. */
  private static String erase(String person) {
    return Rest.as(Tokens.of(CISO))
        .body(Map.of("ids", List.of(person), "reason", "asked for it", "reference", "DPO-1"))
        .post("/v1/erasures")
        .then()
        .statusCode(201)
        .extract()
        .path("id");
  }

  private static void awaitTold(String erasure) {
    await()
        .atMost(VerificationTest.LONG)
        .until(
            () ->
                number("select count(*) from entry where subject = 'erasure/" + erasure + "'")
                    == 2);
  }

  private static void assertFound(Long index, String reason) {
    JsonPath result = verified();
    assertFalse(result.getBoolean("intact"));
    assertEquals(index, result.getObject("index", Long.class), result::prettify);
    assertTrue(result.getString("reason").contains(reason), result::prettify);
  }

  private static void assertIntact() {
    JsonPath result = verified();
    assertTrue(result.getBoolean("intact"), result::prettify);
  }

  /** Damages table payload and mends it again. */
  private static void assertFoundInPayloads(String damage, Long index, String reason)
      throws SQLException {
    LogDatabase.execute(
        ASIDE,
        "begin",
        "lock table payload in exclusive mode",
        "create table spare as select * from payload",
        damage,
        "commit");
    try {
      assertFound(index, reason);
    } finally {
      LogDatabase.execute(
          ASIDE,
          "begin; delete from payload p using spare s where p.index = s.index; insert into payload select * from spare; commit",
          "drop table spare");
    }
  }

  @Test
  void aPayloadThatIsDeletedIsNotTakenForErased() throws SQLException {
    long index = logged(Records.registration());
    assertFoundInPayloads(
        "delete from payload where index = " + index, index, "has lost its payload");
    assertIntact();
  }

  @Test
  void payloadsThatAreTruncatedAreNotTakenForErased() throws SQLException {
    logged(2);
    assertFoundInPayloads("truncate payload", 0L, "has lost its payload");
    assertIntact();
  }

  @Test
  void aPayloadWithoutTheIdOfItsPersonIsDamageAndDoesNotEndTheVerification() throws SQLException {
    long index = logged(request(somebody()));
    assertFoundInPayloads(
        "update payload set person = null where index = " + index,
        index,
        "a payload (or salt) that was changed");
    assertIntact();
  }

  @Test
  void anErasureIsNoDamageEvenWhileItsOrderIsOnItsWayIntoTheLog() {
    String anna = somebody();
    logged(List.of(request(anna), request(somebody())));
    String erasure = erase(anna);
    assertIntact();
    awaitTold(erasure);
    assertIntact();
  }

  @Test
  void aPayloadThatIsPutUnderTheDestroyedKeyOfSomebodyElseIsFound() throws SQLException {
    String anna = somebody();
    List<Long> indexes =
        logged(List.of(request(anna), request(somebody()), Records.registration()));
    String erasure = erase(anna);
    awaitTold(erasure);

    String move = "update payload set person = '" + anna + "', key = 1 where index = ";
    assertFoundInPayloads(
        move + indexes.get(1),
        null,
        "erasure " + erasure + " made 1 payloads unreadable, now 2 are under its keys");
    assertFoundInPayloads(move + indexes.get(2), indexes.get(2), "is about nobody");
    assertIntact();
  }

  @Test
  void aKeyThatIsDestroyedWithoutAnOrderInTheLogIsFound() throws SQLException {
    String ben = somebody();
    long index = logged(request(ben));
    keys.destroy(new KeyId(ben, 1));
    assertFound(index, "the log knows of no such order");

    UUID forged = UUID.randomUUID();
    LogDatabase.execute(
        """
        insert into erasure (id, ids, reason, reference, ordered_by, ordered_at, people, key_numbers, payloads, done_at)
        values ('%s', '{%s}', 'asked for it', 'x', 'a ciso', now() - interval '1 day', '{%s}', '{1}', 1, now())"""
            .formatted(forged, ben, ben));
    assertFound(index, "the log knows of no such order");

    String another = somebody();
    logged(request(another));
    String real = erase(another);
    awaitTold(real);
    String aboutBoth =
        "update erasure set people = '{%s,%s}', key_numbers = '{1,1}', ordered_at = now() - interval '1 day' where id = '%s'";
    LogDatabase.execute(aboutBoth.formatted(another, ben, real));
    assertFound(index, "the log knows of no such order");

    LogDatabase.execute(
        "delete from erasure where id = '" + forged + "'",
        "update erasure set people = '{%s}', key_numbers = '{1}' where id = '%s'"
            .formatted(another, real));
    erase(ben); // what was done is told after all
    assertIntact();
  }

  @ParameterizedTest
  @ValueSource(strings = {"reference", "search_text"})
  void anEntryThatSearchesFindNoMoreIsFoundMissing(String table) throws SQLException {
    long index = logged(request(somebody()));
    LogDatabase.execute(
        ASIDE,
        "create table spare as select * from %s where index = %d".formatted(table, index),
        "delete from %s where index = %d".formatted(table, index));
    try {
      assertTrue(number("select count(*) from spare") > 0);
      assertFound(index, "is not found by");
    } finally {
      LogDatabase.execute("insert into " + table + " select * from spare", "drop table spare");
    }
    assertIntact();
  }

  @Test
  void anEntryThatASearchForItsActorFindsNoMoreIsFoundMissing() throws SQLException {
    long index = logged(request(somebody()));
    LogDatabase.execute(
        ASIDE,
        "create table spare as select * from search_text where word like 'actor:%' and index = "
            + index,
        "delete from search_text where word like 'actor:%' and index = " + index);
    try {
      assertEquals(1, number("select count(*) from spare"));
      assertFound(index, "is not found by an actor or a source that it names");
    } finally {
      LogDatabase.execute("insert into search_text select * from spare", "drop table spare");
    }
    assertIntact();
  }

  @ParameterizedTest
  @CsvSource({"reference, 0", "search_text, 0", "reference, 1000000", "search_text, 1000000"})
  void anEntryThatSearchesFindByWhatItDoesNotSayIsFound(String table, long beyond)
      throws SQLException {
    long index = logged(request(somebody())) + beyond;
    LogDatabase.execute("insert into %s values ('person/nobody', %d)".formatted(table, index));
    try {
      assertFound(index, "that it does not name");
    } finally {
      LogDatabase.tamper(
          "delete from %s where index = %d and %s = 'person/nobody'"
              .formatted(table, index, table.equals("reference") ? "object" : "word"));
    }
    assertIntact();
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "5000, 5000"})
  void aRowOfAWordThatTakesInAnEntryWhichDoesNotSayItIsFound(int behind, long found)
      throws SQLException {
    String somebody = somebody();
    long index = logged(request(somebody));
    logged(request(somebody()));
    String words = "update search_text set more = %s where index = " + index + " and word = '%s'";
    String word = somebody.substring(24);
    LogDatabase.tamper(words.formatted("'{" + behind + "}'", word));
    try {
      assertFound(index + found, "is found by a word that it does not name");
    } finally {
      LogDatabase.tamper(words.formatted("null", word));
    }
    assertIntact();
  }

  @Test
  void anEntryInAListWhereNoSearchLooksForItIsFound() throws SQLException {
    String somebody = somebody();
    String word = somebody.substring(24);
    long before = logged(request(somebody));
    logged(request(somebody));
    long index = logged(request(somebody));
    String list = "update search_text set more = %s where index = " + before + " and word = '%s'";
    LogDatabase.execute(
        ASIDE,
        list.formatted("'{" + (index - before) + "}'", word),
        "delete from search_text where index = %d and word = '%s'".formatted(index, word));
    try {
      assertFound(index, "is in a list of a word where no search looks for it");
    } finally {
      LogDatabase.execute(
          ASIDE,
          list.formatted("null", word),
          "insert into search_text values ('%s', %d)".formatted(word, index));
    }
    assertIntact();
  }

  @Test
  void aNumberThatTheAlarmAboutGapsTakesForLoggedAndNoEntryHasIsFound() throws SQLException {
    logged(Records.registration());
    String change =
        "update source set numbers = numbers %s '{[4000000000,4000000001)}' where name = '/vigie/asset'";
    LogDatabase.execute(change.formatted("+"));
    try {
      assertFound(null, "number 4000000000 of /vigie/asset was logged, and no entry has it");
    } finally {
      LogDatabase.execute(change.formatted("-"));
    }
    assertIntact();
  }

  @Test
  void aGapThatOnlyADatabaseAcknowledgesIsFound() throws SQLException {
    logged(Records.registration());
    LogDatabase.execute(
        """
        insert into gap_acknowledgement values ('%s', '/vigie/asset', '', 4000000000, 4000000001, 'x', 'nobody',
          now() - interval '1 day')"""
            .formatted(UUID.randomUUID()));
    try {
      assertFound(
          null, "numbers 4000000000 to 4000000001 of /vigie/asset will not come, and no entry");
    } finally {
      LogDatabase.tamper("delete from gap_acknowledgement where first = 4000000000");
    }
    assertIntact();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "update detection set position = position + 4000000 | update detection set position = position - 4000000 | the detection rules",
        "update control_reading set position = position + 4000000 | update control_reading set position = position - 4000000 | the controls",
        "insert into siem_position values ('far', 4000000, now()) | delete from siem_position where target = 'far' | SIEM far"
      })
  void aReaderWhosePositionIsBeyondTheLogIsFound(String change, String repair, String reader)
      throws SQLException {
    logged(Records.registration());
    LogDatabase.execute(change);
    try {
      assertFound(null, "the position of " + reader + " is 4");
    } finally {
      LogDatabase.execute(repair);
    }
    assertIntact();
  }

  @Test
  void rulesThatHaveNotReadWhatWasPublishedLongAgoAreFound() throws SQLException {
    logged(Records.registration());
    long size = number("select max(size) from checkpoint");
    String age =
        "update checkpoint set signed_at = signed_at %s interval '2 hours' where size = " + size;
    LogDatabase.execute(
        ASIDE,
        age.formatted("-"),
        "create table spare as select * from detection",
        "delete from detection");
    try {
      assertFound(null, "have read 0 entries, and " + size + " were published an hour ago");
    } finally {
      LogDatabase.execute(
          ASIDE,
          age.formatted("+"),
          "insert into detection select * from spare",
          "drop table spare");
    }
    assertIntact();
  }

  @Test
  void anEventWithHeadersOfItsOwnIsFoundByWhatItsValueSays() {
    long index = logged(request(somebody()).with("ce_more", "kept with the payload"));
    assertTrue(number("select count(*) from search_text where index = " + index) > 0);
    logged(1_100); // more than one stretch
    assertIntact();
  }
}
