package io.vigie.verifier;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class SignerKeyTest {

  /** The example in the documentation of Go's {@code golang.org/x/mod/sumdb/note}. */
  private static final String SKEY =
      "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";

  private static final String VKEY =
      "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";

  @TempDir Path folder;

  private Path file(String content, String permissions) throws IOException {
    Path file = Files.writeString(folder.resolve("key"), content);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
  }

  @Test
  void aKeyThatGoWroteIsRead() throws Exception {
    SignerKey key = SignerKey.read(file(SKEY + "\n", "rw-------"));
    assertArrayEquals(VerifierKey.parse(VKEY).key(), key.verifier().key());
    assertEquals("PeterNeumann", key.verifier().name());
  }

  @Test
  void aKeyThatWasMadeCosignsAndIsReadAgain() throws Exception {
    Path file = folder.resolve("made");
    SignerKey made = SignerKey.create(file, "witness.example/w1");
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    SignerKey read = SignerKey.read(file);
    assertEquals(made.verifier().vkey(), read.verifier().vkey());

    String text = "example.com/log\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n";
    String note = text + "\n" + read.cosign(text, 1_700_000_000);
    VerifierKey published = VerifierKey.parse(made.verifier().vkey());
    assertEquals(
        List.of(published), SignedNote.parse(note.getBytes("UTF-8")).signers(List.of(published)));
  }

  @Test
  void aKeyThatExistsIsNeverReplaced() throws Exception {
    Path file = file(SKEY, "rw-------");
    assertThrows(Unusable.class, () -> SignerKey.create(file, "witness.example/w1"));
    assertEquals(SKEY, Files.readString(file));
    assertThrows(Unusable.class, () -> SignerKey.create(folder.resolve("new"), "two words"));
    assertFalse(Files.exists(folder.resolve("new")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"rw-r-----", "rw----r--", "rw--w----", "rwx------"})
  void aKeyThatOthersMayReadIsRefused(String permissions) throws Exception {
    Path file = file(SKEY, permissions);
    Unusable refused = assertThrows(Unusable.class, () -> SignerKey.read(file));
    assertTrue(refused.getMessage().contains("chmod 600"), refused::getMessage);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        VKEY,
        "PRIVATE+KEY+PeterNeumann+c74f20a4+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz",
        "PRIVATE+KEY+PeterNewmann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz",
        "PRIVATE+KEY+PeterNeumann+c74f20a3+AoEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz",
        "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr",
        "PRIVATE+KEY+PeterNeumann+c74f20a3"
      })
  void whatIsNoKeyIsRefusedWithoutBeingRepeated(String content) throws Exception {
    Path file = file(content, "rw-------");
    Unusable refused = assertThrows(Unusable.class, () -> SignerKey.read(file));
    assertFalse(refused.getMessage().contains("EKFALVFGyN"), refused::getMessage);
  }
}
