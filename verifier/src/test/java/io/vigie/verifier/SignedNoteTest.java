package io.vigie.verifier;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class SignedNoteTest {

  /** The example of C2SP signed-note. */
  private static final String VKEY =
      "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";

  private static final String TEXT = "This is an example message.\n";

  private static final String SIGNATURE =
      "— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n";

  private static final String NOTE = TEXT + "\n" + SIGNATURE;

  private static List<VerifierKey> signers(String note, VerifierKey... keys)
      throws SignedNote.Malformed, Rejected {
    return SignedNote.parse(note.getBytes(StandardCharsets.UTF_8)).signers(List.of(keys));
  }

  @Test
  void theExampleOfTheSpecificationIsSignedByItsKey() throws Exception {
    VerifierKey key = VerifierKey.parse(VKEY);
    assertEquals(List.of(key), signers(NOTE, key));
    assertEquals(VKEY, key.vkey());
  }

  @Test
  void aNoteWithAnyByteChangedIsSignedByNobody() throws Exception {
    VerifierKey key = VerifierKey.parse(VKEY);
    byte[] note = NOTE.getBytes(StandardCharsets.UTF_8);
    for (int at = 0; at < note.length; at++) {
      for (int change = 1; change < 256; change *= 2) {
        byte[] changed = note.clone();
        changed[at] ^= (byte) change;
        List<VerifierKey> signers;
        try {
          signers = SignedNote.parse(changed).signers(List.of(key));
        } catch (SignedNote.Malformed | Rejected refused) {
          signers = List.of();
        }
        assertEquals(List.of(), signers, "byte " + at + " changed by " + change);
      }
    }
  }

  @Test
  void signaturesOfUnknownKeysAreIgnoredThoughTheyShareANameOrAnId() throws Exception {
    VerifierKey key = VerifierKey.parse(VKEY);
    SampleKey namesake = SampleKey.ofLog("example.com/foo");
    assertEquals(List.of(key), signers(TEXT + "\n" + namesake.line(TEXT) + SIGNATURE, key));
    String sameId = SIGNATURE.replace("example.com/foo", "example.com/bar");
    assertEquals(List.of(key), signers(TEXT + "\n" + sameId + SIGNATURE, key));
    assertEquals(List.of(), signers(NOTE, namesake.verifier()));
  }

  @Test
  void aWrongSignatureOfAKnownKeySpoilsTheNoteWhoeverElseSigned() throws Exception {
    VerifierKey key = VerifierKey.parse(VKEY);
    SampleKey other = SampleKey.ofLog("example.com/other");
    String note = TEXT + "\n" + SIGNATURE + other.line("Another text.\n");
    Rejected rejected = assertThrows(Rejected.class, () -> signers(note, key, other.verifier()));
    assertTrue(rejected.getMessage().contains("example.com/other"), rejected::getMessage);
  }

  @Test
  void aCosignatureIsOverItsTimeAndTheText() throws Exception {
    SampleKey witness = SampleKey.ofWitness("witness.example/w1");
    VerifierKey key = witness.verifier();
    assertEquals(List.of(key), signers(TEXT + "\n" + witness.line(TEXT), key));
    // As an ordinary signature of the same key it would say nothing about the time.
    SampleKey asLog = new SampleKey(witness.name(), 1, witness.pair());
    assertEquals(List.of(), signers(TEXT + "\n" + asLog.line(TEXT), key));
  }

  @Test
  void sixteenSignaturesAreReadAndAThousandAreNot() throws Exception {
    String sixteen = TEXT + "\n" + SIGNATURE.repeat(16);
    assertEquals(1, signers(sixteen, VerifierKey.parse(VKEY)).size());
    assertThrows(SignedNote.Malformed.class, () -> signers(TEXT + "\n" + SIGNATURE.repeat(1000)));
  }

  @Test
  void whatIsNoSignedNoteIsRefused() {
    String line = SIGNATURE.substring(0, SIGNATURE.length() - 1);
    List<String> malformed =
        List.of(
            "",
            "\n",
            TEXT,
            SIGNATURE,
            TEXT + SIGNATURE,
            TEXT + "\n",
            TEXT + "\n" + line,
            TEXT + "\n" + SIGNATURE + "trailing",
            TEXT + "\n" + SIGNATURE + "\n",
            TEXT + "\r\n\n" + SIGNATURE,
            TEXT + "\n" + SIGNATURE.replace("—", "-"),
            TEXT + "\n" + line + " \n",
            TEXT + "\n" + line.replace("foo ", "foo  ") + "\n",
            TEXT + "\n" + line.replace("foo", "f+o") + "\n",
            TEXT + "\n" + line.replace("foo", "f\u00a0o") + "\n",
            TEXT + "\n" + line.replace("=", "") + "\n",
            // The same bytes, spelled otherwise.
            TEXT + "\n" + line.replace("QM=", "QN=") + "\n",
            TEXT + "\n— example.com/foo Uw2QOg==\n",
            "a".repeat(SignedNote.MAX_LENGTH) + "\n\n" + SIGNATURE);
    IntStream.range(0, malformed.size())
        .forEach(
            i ->
                assertThrows(
                    SignedNote.Malformed.class, () -> signers(malformed.get(i)), "note " + i));
    byte[] notUtf8 = NOTE.getBytes(StandardCharsets.UTF_8);
    notUtf8[3] = (byte) 0xc0;
    assertThrows(SignedNote.Malformed.class, () -> SignedNote.parse(notUtf8));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "example.com/foo",
        "example.com/foo+530d903a",
        "+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/fou+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/foo+530d903b+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/foo+530D903A+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2l",
        "example.com/foo+530d903a+BukyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U",
        "example com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/foo+530d903a+"
      })
  void whatIsNoVerifierKeyIsRefused(String vkey) {
    assertThrows(VerifierKey.Malformed.class, () -> VerifierKey.parse(vkey));
  }

  @Test
  void aKeyThatIsNoPointOfTheCurveSignsNothing() {
    byte[] noPoint = new byte[32];
    noPoint[0] = 2;
    VerifierKey key = VerifierKey.of("example.com/foo", VerifierKey.ED25519, noPoint);
    assertEquals(false, key.signed(new byte[0], new byte[64]));
    assertEquals(false, key.signed(new byte[0], new byte[0]));
  }
}
