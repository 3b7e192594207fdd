package io.vigie.stack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ManifestTest {
  private static final String OF_ABC =
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
  private static final String OF_NOTHING =
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

  @TempDir Path folder;
  private Path manifest;

  @BeforeEach
  void aDescribedFolder() throws IOException {
    Files.writeString(folder.resolve("files.tar"), "abc");
    Files.createFile(folder.resolve("checkpoint"));
    Manifest.write(folder);
    manifest = folder.resolve(Manifest.NAME);
  }

  @Test
  void itIsThatOfSha256sumForItsOwnerAlone() throws IOException {
    assertEquals(
        OF_NOTHING + "  checkpoint\n" + OF_ABC + "  files.tar\n", Files.readString(manifest));
    assertEquals(
        "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(manifest)));
  }

  @Test
  void aFolderAsItWasIsVerified() throws IOException {
    Files.writeString(folder.resolve("README"), "of the operator");

    assertEquals(
        List.of("checkpoint", "files.tar"), Manifest.verified(folder, List.of("files.tar")));
  }

  @Test
  void aFileThatWasChangedIsRefused() throws IOException {
    Files.writeString(folder.resolve("files.tar"), "abd");

    assertEquals(
        folder.resolve("files.tar")
            + " is not the file that was backed up: its SHA-256 is another.",
        refusal());
  }

  @Test
  void aFileThatIsMissingIsRefused() throws IOException {
    Files.delete(folder.resolve("checkpoint"));

    assertEquals(
        "The backup is not whole: " + folder.resolve("checkpoint") + " is missing.", refusal());
  }

  @Test
  void aFolderWithoutAManifestIsNoBackup() throws IOException {
    Files.delete(manifest);

    assertEquals(
        folder + " is no backup, or one that was interrupted: it has no SHA256SUMS.", refusal());
  }

  @Test
  void aManifestThatEndsTooEarlyIsRefused() throws IOException {
    Files.writeString(manifest, OF_NOTHING + "  checkpoint\n");
    assertEquals("The backup is not whole: " + manifest + " lacks files.tar.", refusal());

    Files.writeString(manifest, OF_NOTHING + "  checkpoint\n" + OF_ABC);
    assertTrue(refusal().startsWith(manifest + " is damaged: "), refusal());
  }

  @Test
  void aManifestNamesNothingOutsideItsFolder() throws IOException {
    Files.writeString(manifest, OF_ABC + "  ../files.tar\n");

    assertTrue(refusal().startsWith(manifest + " is damaged: "), refusal());
  }

  private String refusal() {
    return assertThrows(StackException.class, () -> Manifest.verified(folder, List.of("files.tar")))
        .getMessage();
  }
}
