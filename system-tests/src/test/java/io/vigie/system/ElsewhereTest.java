package io.vigie.system;

import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Commands that act on a platform elsewhere say why they do not, and what to do. */
class ElsewhereTest {

  private static final String[] SUCCEED = {
    "log", "succeed", "--origin", "vigie.local/elsewhere", "--reason", "a test"
  };

  @TempDir Path folder;
  private Gateway gateway;

  @BeforeEach
  void open() throws Exception {
    gateway = new Gateway(folder);
  }

  @AfterEach
  void close() {
    gateway.close();
  }

  @Test
  void aLogThatIsWholeIsNotSucceededFromElsewhereEither() throws Exception {
    assertSaid(
        "The log was not succeeded: The log is whole: it needs no successor.",
        gateway.vigie(Platform.token("sysadmin"), SUCCEED));
  }

  @Test
  void positionsThatTopicsHaveAreNotResetFromElsewhereEither() throws Exception {
    assertSaid(
        "No offset was reset: Each topic that is there has the position from which the log reads on",
        gateway.vigie(Platform.token("sysadmin"), "log", "reset-offsets", "--reason", "a test"));
  }

  @Test
  void numbersThatNobodyGaveAreNotAcknowledgedFromElsewhereEither() throws Exception {
    String last = Long.toString(Long.MAX_VALUE);
    assertSaid(
        "No gap was acknowledged: Not all of these numbers are missing",
        gateway.vigie(
            Platform.token("sysadmin"),
            "log",
            "acknowledge-gap",
            "--source",
            "/vigie/asset",
            "--first",
            last,
            "--last",
            last,
            "--reason",
            "a test"));
  }

  @Test
  void aTokenThatOpensNothingIsToBeRenewed() throws Exception {
    assertSaid(" answered 401", gateway.vigie("no.token.ofThisRealm", SUCCEED));
    assertSaid(
        "Put a fresh one into " + folder.resolve("token"),
        gateway.vigie("no.token.ofThisRealm", SUCCEED));
    assertSaid("holds no token.", gateway.vigie("", SUCCEED));
  }

  @Test
  void whoMayNotIsToldWhoMayAndGetsNothing() throws Exception {
    assertSaid("somebody with the role sysadmin", gateway.vigie(Platform.token("ciso"), SUCCEED));

    Path file = folder.resolve("held.zip");
    String person = Access.join("held-" + System.nanoTime(), "staff");
    assertSaid(
        "somebody with the role ciso",
        gateway.vigie(
            Platform.token("staff"), "person", "export", person, "--out", file.toString()));
    assertFalse(Files.exists(file));
  }

  @Test
  void noTokenGoesWhereTheCertificateIsOfNobodyKnown() throws Exception {
    assertSaid(
        "-Djavax.net.ssl.trustStore=FILE",
        gateway.vigieWithoutTrust(Platform.token("sysadmin"), SUCCEED));
  }

  private static void assertSaid(String words, Platform.Verdict said) {
    assertEquals(1, said.exit(), said.output());
    assertTrue(said.output().contains(words), said.output());
  }
}
