package io.vigie.audit.note;

import java.util.HexFormat;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class NoteTest {

  /** The example of C2SP signed-note. */
  private static final String FOO =
      "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";

  private static final String EXAMPLE =
      """
      This is an example message.

      \u2014 example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=
      """;

  /** The key and the note of the documentation of Go's package golang.org/x/mod/sumdb/note. */
  private static final String PETER =
      "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";

  private static final String PETERS_VERIFIER =
      "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";

  private static final String PETERS_TEXT =
      "If you think cryptography is the answer to your problem,\n"
          + "then you don't know what your problem is.\n";

  private static final String PETERS_NOTE =
      PETERS_TEXT
          + "\n\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

  @Test
  void theExampleOfTheSpecificationVerifies() {
    VerifierKey key = VerifierKey.parse(FOO);
    assertTrue(Note.parse(EXAMPLE).isSignedBy(List.of(key)));
    assertEquals(FOO, key.toString());
    assertEquals(EXAMPLE, Note.parse(EXAMPLE).toString());
  }

  @Test
  void aKeyOfGosToolSignsAsGoDoes() {
    SigningKey key = SigningKey.parse(PETER);
    assertEquals(PETERS_VERIFIER, key.verifier().toString());
    assertEquals(PETERS_NOTE, Note.sign(PETERS_TEXT, List.of(key)).toString());
    assertFalse(key.toString().contains("AYEK"));
  }

  @Test
  void thePublicKeyOfASeedIsThatOfRfc8032() {
    byte[] seed =
        HexFormat.of().parseHex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60");
    VerifierKey key = SigningKey.parse(SigningKey.text("rfc", seed)).verifier();
    byte[] expected =
        HexFormat.of().parseHex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
    assertEquals(new VerifierKey("rfc", VerifierKey.ED25519, expected).toString(), key.toString());
  }

  @Test
  void aSignatureThatIsNotOfItsKeySpoilsTheNote() {
    SigningKey one = SigningKey.parse(SigningKey.generate("example.com/one"));
    SigningKey two = SigningKey.parse(SigningKey.generate("example.com/two"));
    Note both = Note.sign("text\n", List.of(one, two));
    assertTrue(both.isSignedBy(List.of(one.verifier())));
    assertTrue(both.isSignedBy(List.of(one.verifier(), two.verifier())));

    Note changed = new Note("another text\n", both.signatures());
    assertFalse(changed.isSignedBy(List.of(one.verifier())));
    Note half = Note.sign("another text\n", List.of(one)).with(both.signatures().subList(1, 2));
    assertTrue(half.isSignedBy(List.of(one.verifier())));
    assertFalse(half.isSignedBy(List.of(one.verifier(), two.verifier())));
    SigningKey namesake = SigningKey.parse(SigningKey.generate("example.com/one"));
    assertFalse(both.isSignedBy(List.of(namesake.verifier())));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "text",
        "text\n",
        "text\n\n",
        "text\n\n\u2014 name\n",
        "text\n\n\u2014 name AAAA\n",
        "text\n\n\u2014 name AAAAAAA=",
        "text\n\n\u2014 na+me AAAAAAA=\n",
        "text\n\n- name AAAAAAA=\n",
        "te\txt\n\n\u2014 name AAAAAAA=\n",
        "text\n\n\u2014 name ****\n",
        "text\n\n\u2014 name AAAAAAA\n",
        "text\n\n\u2014 name AAAAAAB=\n",
        "text\n\n\u2014 name AAAAAAA=\r\n",
        "text\n\n\u2014 name AAAAAAA=\n\u2014\n"
      })
  void whatIsNoNoteIsRefused(String text) {
    assertThrows(IllegalArgumentException.class, () -> Note.parse(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "PRIVATE+KEY+",
        "PRIVATE+KEY+PeterNeumann+c74f20a4+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz",
        "PRIVATE+KEY+PeterNeumann+c74f20a3+AoEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz",
        "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr",
        "PRIVATE+KEY+Peter Neumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz",
        "PRIVATE+KEY+PeterNeumann+c74f20a3+secret",
        PETERS_VERIFIER
      })
  void whatIsNoSigningKeyIsRefusedWithoutASecretInTheMessage(String text) {
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> SigningKey.parse(text));
    assertFalse(refused.getMessage().contains("EKFALV"), refused.getMessage());
    assertFalse(refused.getMessage().contains("secret"), refused.getMessage());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "o\n1\n",
        "o\n01\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n",
        "o\n-1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n",
        "o\n1\nAAAA\n",
        "o\n1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n",
        "o\n1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB=\n",
        "o\n1\n AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n",
        "\n1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n",
        "o\n1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\nmore\n"
      })
  void whatIsNoCheckpointIsRefused(String text) {
    assertThrows(IllegalArgumentException.class, () -> Checkpoint.parse(text));
  }

  @Test
  void aCheckpointComesBackFromItsText() {
    Checkpoint checkpoint = new Checkpoint("example.com/log", 20_852_163, new byte[32]);
    assertEquals(
        "example.com/log\n20852163\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n",
        checkpoint.text());
    Checkpoint back = Checkpoint.parse(checkpoint.text());
    assertEquals(checkpoint, back);
    assertArrayEquals(checkpoint.root(), back.root());
  }
}
