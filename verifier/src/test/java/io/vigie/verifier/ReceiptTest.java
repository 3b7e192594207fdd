package io.vigie.verifier;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ReceiptTest {

  private static final SampleKey LOG = SampleKey.ofLog("vigie.example/log");
  private static final SampleKey ANNE = SampleKey.ofWitness("anne.example/witness");
  private static final SampleKey BERT = SampleKey.ofWitness("bert.example/witness");
  private static final byte[] SALT =
      "a salt of the 32 bytes they have".getBytes(StandardCharsets.UTF_8);
  private static final byte[] PAYLOAD = "{\"name\":\"web-1\"}".getBytes(StandardCharsets.UTF_8);
  private static final int SIZE = 7;
  private static final int INDEX = 5;

  @TempDir Path folder;

  private static byte[] entry(int index) {
    String commitment = Base64.getEncoder().encodeToString(Rfc6962.sha256(SALT, PAYLOAD));
    return "{\"id\":\"event-%d\",\"type\":\"asset.registered.v1\",\"actor\":null,\"commitment\":\"%s\"}"
        .formatted(index, commitment)
        .getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] extra(byte[] salt, byte[] payload) {
    Base64.Encoder base64 = Base64.getEncoder();
    String entry = new String(entry(INDEX), StandardCharsets.UTF_8);
    return (entry + "\n" + base64.encodeToString(salt) + "\n" + base64.encodeToString(payload))
        .getBytes(StandardCharsets.UTF_8);
  }

  private static List<byte[]> leaves() {
    List<byte[]> leaves = new ArrayList<>();
    for (int i = 0; i < SIZE; i++) {
      leaves.add(Rfc6962.leaf(entry(i)));
    }
    return leaves;
  }

  private static String receipt(SampleKey log, SampleKey... witnesses) {
    return receipt(entry(INDEX), log, witnesses);
  }

  private static String receipt(byte[] extra, SampleKey log, SampleKey... witnesses) {
    Base64.Encoder base64 = Base64.getEncoder();
    StringBuilder receipt = new StringBuilder("c2sp.org/tlog-proof@v1\n");
    receipt.append("extra ").append(base64.encodeToString(extra)).append('\n');
    receipt.append("index ").append(INDEX).append('\n');
    for (byte[] hash : Rfc6962.path(INDEX, leaves())) {
      receipt.append(base64.encodeToString(hash)).append('\n');
    }
    byte[] checkpoint = log.checkpoint(SIZE, Rfc6962.root(leaves()), witnesses);
    return receipt.append('\n').append(new String(checkpoint, StandardCharsets.UTF_8)).toString();
  }

  private CommandRun verify(byte[] receipt, String... options) throws IOException {
    Path file = Files.write(folder.resolve("event.tlog-proof"), receipt);
    List<String> arguments = new ArrayList<>(List.of("receipt", file.toString()));
    arguments.addAll(List.of(options));
    return CommandRun.of(arguments.toArray(String[]::new));
  }

  private CommandRun verify(String receipt, String... options) throws IOException {
    return verify(receipt.getBytes(StandardCharsets.UTF_8), options);
  }

  private void assertRefused(String reason, String receipt, String... options) throws IOException {
    CommandRun run = verify(receipt, options);
    assertEquals(Main.DOES_NOT_MATCH, run.exit(), run::toString);
    assertTrue(run.out().contains(reason), run::toString);
  }

  @Test
  void aReceiptShowsTheEntryItProves() throws Exception {
    CommandRun run = verify(receipt(LOG), "--vkey", LOG.vkey());
    assertEquals(Main.VERIFIED, run.exit(), run::toString);
    assertTrue(
        run.out()
            .startsWith(
                "verified: the entry is number 5 of the 7 in the log \"vigie.example/log\""),
        run::toString);
    assertTrue(run.out().contains("id: event-5\n"), run::toString);
    assertTrue(run.out().contains("actor: none\n"), run::toString);
  }

  @Test
  void theKeyMayStandInAFile() throws Exception {
    SampleKey next = SampleKey.ofLog(LOG.name());
    Path keys = Files.writeString(folder.resolve("vkey"), next.vkey() + "\n" + LOG.vkey() + "\n");
    assertEquals(Main.VERIFIED, verify(receipt(LOG), "--vkey", keys.toString()).exit());
  }

  @Test
  void aReceiptForWhoMayReadThePayloadShowsItToo() throws Exception {
    CommandRun run = verify(receipt(extra(SALT, PAYLOAD), LOG), "--vkey", LOG.vkey());
    assertEquals(Main.VERIFIED, run.exit(), run::toString);
    assertTrue(run.out().contains("id: event-5\n"), run::toString);
    assertTrue(
        run.out().endsWith("the payload, which the entry commits to:\n  {\"name\":\"web-1\"}\n"),
        run::toString);
    assertFalse(verify(receipt(LOG), "--vkey", LOG.vkey()).out().contains("web-1"));
  }

  @Test
  void aPayloadThatTheEntryDoesNotCommitToIsRefused() throws Exception {
    String[] key = {"--vkey", LOG.vkey()};
    byte[] web2 = "{\"name\":\"web-2\"}".getBytes(StandardCharsets.UTF_8);
    assertRefused("has a payload (or salt) that was changed", receipt(extra(SALT, web2), LOG), key);
    assertRefused("its salt has 16 bytes", receipt(extra(PAYLOAD, SALT), LOG), key);
    byte[] twice =
        (new String(extra(SALT, PAYLOAD), StandardCharsets.UTF_8) + "\n")
            .getBytes(StandardCharsets.UTF_8);
    assertRefused("no payload", receipt(twice, LOG), key);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 31, 33, 48})
  void bytesThatMovedBetweenSaltAndPayloadAreRefused(int saltLength) throws Exception {
    byte[][] moved = SampleExport.parted(SALT, PAYLOAD, saltLength);
    String reason =
        "entry 5 stands in the log, but has a payload (or salt) that was changed: its salt has %d bytes, not 32"
            .formatted(saltLength);
    assertRefused(reason, receipt(extra(moved[0], moved[1]), LOG), "--vkey", LOG.vkey());
  }

  @Test
  void aReceiptWithAnyByteChangedIsNotVerified() throws Exception {
    for (String whole : List.of(receipt(LOG), receipt(extra(SALT, PAYLOAD), LOG))) {
      assertNoChangedByteIsVerified(whole.getBytes(StandardCharsets.UTF_8));
    }
  }

  private void assertNoChangedByteIsVerified(byte[] receipt) throws IOException {
    for (int at = 0; at < receipt.length; at++) {
      byte[] changed = receipt.clone();
      changed[at] ^= (byte) (1 << at % 8);
      CommandRun run = verify(changed, "--vkey", LOG.vkey());
      assertNotEquals(Main.VERIFIED, run.exit(), "byte " + at);
    }
  }

  @Test
  void theRefusalSaysWhatIsWrong() throws Exception {
    String honest = receipt(LOG);
    String[] key = {"--vkey", LOG.vkey()};
    assertRefused("of another log", honest, "--vkey", SampleKey.ofLog("other.example/log").vkey());
    assertRefused("no key that is known", honest, "--vkey", SampleKey.ofLog(LOG.name()).vkey());
    assertRefused("is wrong", honest.replace("\n7\n", "\n8\n"), key);
    assertRefused("beyond the checkpoint's 7", honest.replace("index 5", "index 7"), key);
    assertRefused("not at index 4", honest.replace("index 5", "index 4"), key);
    assertRefused("no such number", honest.replace("index 5", "index -5"), key);
    assertRefused("no such number", honest.replace("index 5", "index 9223372036854775808"), key);
    assertRefused("no signature", honest + "trailing\n", key);
    assertRefused("not end in a line feed", honest + "trailing", key);
    assertRefused("index is not where", honest.replace("index 5\n", ""), key);
    assertRefused(
        "line 1 of its inclusion proof", honest.replace("index 5\n", "index 5\nAA\n"), key);
    assertRefused("does not carry the entry", honest.replaceAll("extra .*\n", ""), key);
    assertRefused("not base64", honest.replaceAll("extra .*\n", "extra ?\n"), key);
    assertRefused("not at index 5", honest.replaceAll("extra .*\n", "extra e30=\n"), key);
    assertRefused("no checkpoint", honest.substring(0, honest.indexOf("\n\n") + 1), key);
  }

  @Test
  void whatIsNoReceiptAndNoKeyIsUnusable() throws Exception {
    assertEquals(Main.UNUSABLE, verify("no receipt", "--vkey", LOG.vkey()).exit());
    assertEquals(Main.UNUSABLE, verify("", "--vkey", LOG.vkey()).exit());
    assertEquals(Main.UNUSABLE, verify(receipt(LOG)).exit());
    assertEquals(Main.UNUSABLE, verify(receipt(LOG), "--vkey", "no+key").exit());
    assertEquals(Main.UNUSABLE, verify(receipt(LOG), "--vkey").exit());
    assertEquals(Main.UNUSABLE, verify(receipt(LOG), "--colour", "red").exit());
    assertEquals(Main.UNUSABLE, CommandRun.of("receipt", "--vkey", LOG.vkey()).exit());
    assertEquals(
        Main.UNUSABLE,
        CommandRun.of("receipt", folder.resolve("none").toString(), "--vkey", LOG.vkey()).exit());
    assertEquals(
        Main.UNUSABLE, verify(receipt(LOG), "--vkey", LOG.vkey(), "--witness", LOG.vkey()).exit());
  }

  @Test
  void asManyWitnessesAsAskedForMustHaveCosigned() throws Exception {
    String[] one = {"--vkey", LOG.vkey(), "--witness", ANNE.vkey()};
    CommandRun cosigned = verify(receipt(LOG, ANNE), one);
    assertEquals(Main.VERIFIED, cosigned.exit(), cosigned::toString);
    assertTrue(cosigned.out().contains("cosigned by witness: \"anne.example/witness\""));
    assertRefused("0 of the witnesses cosigned it, not 1", receipt(LOG), one);

    String[] both = {"--vkey", LOG.vkey(), "--witness", ANNE.vkey(), "--witness", BERT.vkey()};
    assertRefused("1 of the witnesses cosigned it, not 2", receipt(LOG, ANNE), both);
    assertEquals(Main.VERIFIED, verify(receipt(LOG, BERT, ANNE), both).exit());
    String[] any = {
      "--vkey", LOG.vkey(), "--witness", ANNE.vkey(), "--witness", BERT.vkey(), "--quorum", "1"
    };
    assertEquals(Main.VERIFIED, verify(receipt(LOG, BERT), any).exit());
    any[7] = "3";
    assertEquals(Main.UNUSABLE, verify(receipt(LOG, BERT), any).exit());
  }

  @Test
  void oneWitnessUnderTwoNamesIsOne() throws Exception {
    SampleKey alias = new SampleKey("alias.example/witness", 4, ANNE.pair());
    String[] both = {
      "--vkey", LOG.vkey(), "--witness", ANNE.vkey(), "--witness", alias.vkey(), "--quorum", "2"
    };
    assertEquals(Main.UNUSABLE, verify(receipt(LOG, ANNE, alias), both).exit());
  }

  @Test
  void aForgedCosignatureOfAKnownWitnessIsNotIgnored() throws Exception {
    String forged =
        receipt(LOG) + ANNE.line("vigie.example/log\n8\n" + "another text".repeat(3) + "\n");
    assertRefused(
        "is wrong", forged, "--vkey", LOG.vkey(), "--witness", ANNE.vkey(), "--quorum", "0");
  }

  @Test
  void anEntryOfAnotherFormIsShownAsBytes() throws Exception {
    byte[] checkpoint = LOG.checkpoint(1, Rfc6962.leaf(new byte[] {27}));
    String receipt =
        "c2sp.org/tlog-proof@v1\nextra Gw==\nindex 0\n\n"
            + new String(checkpoint, StandardCharsets.UTF_8);
    CommandRun run = verify(receipt, "--vkey", LOG.vkey());
    assertEquals(Main.VERIFIED, run.exit(), run::toString);
    assertTrue(run.out().contains("  Gw=="), run::toString);
  }
}
