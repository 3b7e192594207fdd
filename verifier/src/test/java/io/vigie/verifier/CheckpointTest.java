package io.vigie.verifier;

import java.nio.charset.StandardCharsets;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class CheckpointTest {

  private static final String ORIGIN = "example.com/behind-the-sofa";
  private static final String ROOT = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=";
  private static final SampleKey KEY = SampleKey.ofLog(ORIGIN);

  private static Checkpoint open(String text, SampleKey signer, SampleKey... known)
      throws Rejected {
    byte[] note = (text + "\n" + signer.line(text)).getBytes(StandardCharsets.UTF_8);
    return Checkpoint.open(note, List.of(known).stream().map(SampleKey::verifier).toList());
  }

  @Test
  void aCheckpointSaysOriginSizeAndRoot() throws Exception {
    String text = ORIGIN + "\n20852163\n" + ROOT + "\n";
    Checkpoint checkpoint = open(text, KEY, KEY);
    assertEquals(ORIGIN, checkpoint.origin());
    assertEquals(20852163, checkpoint.size());
    assertArrayEquals(Canonical.bytes(ROOT), checkpoint.root());
  }

  @Test
  void extensionLinesAreSignedAndIgnored() throws Exception {
    assertEquals(1, open(ORIGIN + "\n1\n" + ROOT + "\nand more\n", KEY, KEY).size());
  }

  @Test
  void whileKeysAreRotatedAnyOfThemSuffices() throws Exception {
    SampleKey next = SampleKey.ofLog(ORIGIN);
    String text = ORIGIN + "\n1\n" + ROOT + "\n";
    assertEquals(1, open(text, KEY, next, KEY).size());
    assertEquals(1, open(text, next, next, KEY).size());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "example.com/behind-the-sofa\n1\n",
        "example.com/behind-the-sofa\n01\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
        "example.com/behind-the-sofa\n+1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
        "example.com/behind-the-sofa\n-1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
        "example.com/behind-the-sofa\n\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
        "example.com/behind-the-sofa\n9223372036854775808\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
        "example.com/behind-the-sofa\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2J=\n",
        "example.com/behind-the-sofa\n1\nCsUYapGGPo4=\n",
        "example.com/behind-the-sofa\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\nmore\n",
        "\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
      })
  void aTextThatIsNoCheckpointIsRefusedThoughItIsSigned(String text) {
    Rejected rejected = assertThrows(Rejected.class, () -> open(text, KEY, KEY));
    assertTrue(rejected.getMessage().contains("malformed"), rejected::getMessage);
  }

  @Test
  void theRefusalSaysWhetherItIsTheLogOrTheKeyOrTheSignature() {
    String text = ORIGIN + "\n1\n" + ROOT + "\n";
    SampleKey elsewhere = SampleKey.ofLog("example.com/elsewhere");
    assertTrue(refusal(text, KEY.line(text), elsewhere).contains("another log"));
    SampleKey namesake = SampleKey.ofLog(ORIGIN);
    assertTrue(refusal(text, namesake.line(text), KEY).contains("no key that is known"));
    assertTrue(refusal(text, KEY.line("another text\n"), KEY).contains("is wrong"));
    // A key of another name may not speak for this log.
    assertTrue(
        refusal(text, elsewhere.line(text), KEY, elsewhere).contains("no key that is known"));
  }

  private static String refusal(String text, String line, SampleKey... known) {
    byte[] note = (text + "\n" + line).getBytes(StandardCharsets.UTF_8);
    List<VerifierKey> keys = List.of(known).stream().map(SampleKey::verifier).toList();
    return assertThrows(Rejected.class, () -> Checkpoint.open(note, keys)).getMessage();
  }
}
