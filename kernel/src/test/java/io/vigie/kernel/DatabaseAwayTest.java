package io.vigie.kernel;

import java.io.EOFException;
import java.io.IOException;
import java.sql.SQLException;

import io.smallrye.mutiny.CompositeException;
import io.vertx.core.impl.NoStackTraceThrowable;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.ClosedConnectionException;
import org.hibernate.HibernateException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class DatabaseAwayTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "08000", "08006", "53100", "53200", "53300", "25006", "57P01", "57P02", "57P03", "57P05"
      })
  void aDatabaseThatIsGoneFullStandingByOrStoppingIsAwayWhicheverClientSaysSo(String state) {
    assertTrue(DatabaseAway.is(new PgException("", "FATAL", state, "")));
    assertTrue(DatabaseAway.is(new SQLException("", state)));
    assertTrue(DatabaseAway.is(new HibernateException(new SQLException("", state))));
  }

  @ParameterizedTest
  @ValueSource(strings = {"25P03", "40001", "40P01", "55P03"})
  void whatMetAnotherTransactionCanBeTriedAgain(String state) {
    assertTrue(DatabaseAway.is(new PgException("", "ERROR", state, "")));
    assertTrue(DatabaseAway.is(new HibernateException(new SQLException("", state))));
  }

  @ParameterizedTest
  @ValueSource(strings = {"23505", "25P02", "40002", "42501", "57014"})
  void aDatabaseThatRefusesAStatementIsThere(String state) {
    assertFalse(DatabaseAway.is(new PgException("", "ERROR", state, "")));
    assertFalse(DatabaseAway.is(new SQLException("", state)));
    assertFalse(DatabaseAway.is(new SQLException("no state")));
    assertFalse(DatabaseAway.is(new IllegalStateException(state)));
  }

  @Test
  void aConnectionThatWasResetIsAwayAndNoOtherFileOrText() {
    IOException reset = new IOException("Connection reset by peer");
    assertTrue(DatabaseAway.is(new HibernateException(reset)));
    assertTrue(DatabaseAway.is(new CompositeException(reset, new IllegalStateException())));
    assertTrue(DatabaseAway.is(new IOException("Broken pipe")));
    assertFalse(DatabaseAway.is(new IOException("No space left on device")));
    assertFalse(DatabaseAway.is(new HibernateException(new EOFException("of a text"))));
    assertFalse(DatabaseAway.is(new IOException()));
  }

  @Test
  void aConnectionThatWasLostBeforeIsAwayAndNoOtherMistakeOfItsUser() {
    NoStackTraceThrowable lost =
        new NoStackTraceThrowable("Connection is not active now, current status: CLOSED");
    assertTrue(DatabaseAway.is(lost));
    assertTrue(DatabaseAway.is(new CompositeException(lost, lost)));
    assertTrue(
        DatabaseAway.is(
            new NoStackTraceThrowable(
                "Pending requests failed to be sent due to connection has been closed.")));
    assertFalse(DatabaseAway.is(new NoStackTraceThrowable("Transaction already completed")));
    assertFalse(DatabaseAway.is(new NoStackTraceThrowable(null)));
  }

  @Test
  void itIsAwayWhereATransactionCannotBeRolledBackWhateverEndedThat() {
    Problem refusal = Problem.conflict("request-in-flight", "Wait.");
    Throwable lost = ClosedConnectionException.INSTANCE;
    assertTrue(DatabaseAway.is(new CompositeException(refusal, lost)));
    assertTrue(
        DatabaseAway.is(
            new CompositeException(
                new CompositeException(refusal, lost), new IllegalStateException("HR000090"))));
    assertFalse(DatabaseAway.is(new CompositeException(refusal, new IllegalStateException())));
  }

  @Test
  void whatTookTooLongWasGivenUpWhicheverClientSaysSoAndNothingElseWas() {
    assertTrue(DatabaseAway.gaveUp(new PgException("", "ERROR", "57014", "")));
    assertTrue(DatabaseAway.gaveUp(new HibernateException(new SQLException("", "57014"))));
    assertFalse(DatabaseAway.gaveUp(new PgException("", "FATAL", "57P01", "")));
    assertFalse(DatabaseAway.gaveUp(new SQLException("no state")));
    assertFalse(DatabaseAway.gaveUp(new IllegalStateException("57014")));
  }
}
