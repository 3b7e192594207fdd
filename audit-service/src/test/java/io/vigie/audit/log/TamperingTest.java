package io.vigie.audit.log;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.vigie.audit.LogDatabase;
import io.vigie.audit.intake.Records;
import io.vigie.testkit.Rest;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.Tokens;
import io.vigie.verifier.ExportVerifier.Mismatch;
import io.vigie.verifier.ExportVerifier.Verdict;
import io.vigie.verifier.ExportVerifier.Verified;
import io.vigie.verifier.ExportVerifier.WrongRoot;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static io.vigie.audit.LogDatabase.holds;
import static io.vigie.audit.LogDatabase.leaveRoomInTheTile;
import static io.vigie.audit.LogDatabase.logged;
import static io.vigie.kernel.security.Roles.AUDITOR;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What even the database's superuser cannot do unnoticed. */
@QuarkusTest
@Order(1) // reads the whole log in each test, which the others make longer
@QuarkusTestResource(ServiceEnvironment.class)
class TamperingTest {

  private static Response get(String path, Object... parameters) {
    return Rest.as(Tokens.of(AUDITOR)).get(path, parameters);
  }

  @ParameterizedTest
  @CsvSource({
    "entry, canonical, 'set canonical = set_byte(canonical, 20, get_byte(canonical, 20) # 1)'",
    "entry, leaf, 'set leaf = set_byte(leaf, 31, get_byte(leaf, 31) # 1)'",
    "payload, body, 'set body = set_byte(body, 0, get_byte(body, 0) # 1)'",
    "payload, salt, 'set salt = set_byte(salt, 9, get_byte(salt, 9) # 128)'"
  })
  void aByteThatTheSuperuserFlipsIsFoundAtItsIndex(String table, String column, String change)
      throws Exception {
    leaveRoomInTheTile();
    long index = logged(Records.registration());
    String flip = "update " + table + " " + change + " where index = " + index;
    LogDatabase.tamper(flip);
    try {
      Mismatch found = assertInstanceOf(Mismatch.class, verified());
      assertEquals(index, found.index(), found.reason());
    } finally {
      LogDatabase.tamper(flip);
    }
    assertInstanceOf(Verified.class, verified());
  }

  @Test
  void aByteThatTheSuperuserMovesFromTheSaltIntoThePayloadIsFoundAtItsIndex() throws Exception {
    long index = logged(Records.registration());
    String where = " where index = " + index;
    LogDatabase.execute(
        "set session_replication_role = replica",
        "alter table payload drop constraint payload_salt_length",
        "update payload set salt = substr(salt, 1, 31), body = substr(salt, 32) || body" + where);
    try {
      Mismatch found = assertInstanceOf(Mismatch.class, verified());
      assertEquals(index, found.index(), found.reason());
      assertTrue(found.reason().contains("its salt has 31 bytes"), found.reason());
    } finally {
      LogDatabase.execute(
          "set session_replication_role = replica",
          "update payload set salt = salt || substr(body, 1, 1), body = substr(body, 2)" + where,
          "alter table payload add constraint payload_salt_length check (key is not null or octet_length(salt) = 32) not valid");
    }
    assertInstanceOf(Verified.class, verified());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "actor = 'nobody'",
        "actor = null",
        "subject = 'asset/none'",
        "type = 'asset.lost.v1'",
        "source = '/vigie/access'",
        "event_id = gen_random_uuid()",
        "event_time = event_time + interval '1 microsecond'",
        "event_time = 'infinity'",
        "event_number = 7",
        "source_number = null",
        "alert = 'unrecognised'"
      })
  void anEntryThatTheSuperuserHidesFromSearchIsFoundAtItsIndex(String change) throws Exception {
    long index = logged(Records.registration());
    LogDatabase.execute(
        "set session_replication_role = replica",
        "create table spare as select * from entry where index = " + index,
        "update entry set " + change + " where index = " + index);
    try {
      Mismatch found = assertInstanceOf(Mismatch.class, verified());
      assertEquals(index, found.index(), found.reason());
      assertTrue(found.reason().contains("cannot be found by"), found.reason());
    } finally {
      LogDatabase.execute(
          "set session_replication_role = replica",
          "delete from entry where index = " + index,
          "insert into entry select * from spare",
          "drop table spare");
    }
    assertInstanceOf(Verified.class, verified());
  }

  @Test
  void anEntryThatTheSuperuserRewritesConsistentlyBreaksTheRootAndItsProof() throws Exception {
    leaveRoomInTheTile();
    long index = logged(Records.registration());
    LogDatabase.execute(
        "set session_replication_role = replica",
        "create table spare as select * from entry where index = " + index,
        "update entry set canonical = convert_to(replace(convert_from(canonical, 'UTF8'), '11111111', '99999999'), 'UTF8') where index = "
            + index,
        "update entry set actor = replace(actor, '11111111', '99999999') where index = " + index,
        "update entry set leaf = sha256('\\x00'::bytea || canonical) where index = " + index);
    try {
      assertInstanceOf(WrongRoot.class, verified());
      assertFalse(holds(get("/v1/log/entries/{i}/proof", index).jsonPath()));
    } finally {
      LogDatabase.execute(
          "set session_replication_role = replica",
          "update entry e set canonical = s.canonical, leaf = s.leaf, actor = s.actor from spare s where e.index = s.index",
          "drop table spare");
    }
    assertInstanceOf(Verified.class, verified());
  }

  @Test
  void aTileThatTheSuperuserChangesMakesNoProofThatHolds() throws Exception {
    logged(260);
    String flip =
        "update tile set hashes = set_byte(hashes, 0, get_byte(hashes, 0) # 1) where level = 0 and index = 0";
    LogDatabase.tamper(flip);
    try {
      assertFalse(holds(get("/v1/log/entries/1/proof").jsonPath()));
    } finally {
      LogDatabase.tamper(flip);
    }
    assertTrue(holds(get("/v1/log/entries/1/proof").jsonPath()));
  }

  @Test
  void anEntryThatTheSuperuserDeletesBreaksTheExport() throws Exception {
    long index = logged(Records.registration());
    logged(Records.registration());
    LogDatabase.execute(
        "set session_replication_role = replica",
        "create table spare as select * from entry where index = " + index,
        "delete from entry where index = " + index);
    try {
      Mismatch found = assertInstanceOf(Mismatch.class, verified());
      assertEquals(index, found.index());
    } finally {
      LogDatabase.execute("insert into entry select * from spare", "drop table spare");
    }
    assertInstanceOf(Verified.class, verified());
  }

  @Test
  void anExportIsVerifiedByTheIndependentVerifier() {
    logged(600);
    Verified verified = assertInstanceOf(Verified.class, verified());
    assertTrue(verified.size() >= 600);
  }

  private static Verdict verified() {
    return LogDatabase.verifyExport();
  }
}
