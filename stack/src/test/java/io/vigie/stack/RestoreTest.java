package io.vigie.stack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What a backup is refused for, and what is in its place afterwards; nothing runs here. */
class RestoreTest {
  private static final Path ROOT = Path.of("").toAbsolutePath().getParent();

  @TempDir Path directory;
  private Path backup;
  private Site site;
  private Stack stack;

  @BeforeEach
  void aBackupAndAStackThatNeverRan() throws IOException {
    Path state = Files.createDirectories(directory.resolve("elsewhere"));
    write(state.resolve("data/postgresql/PG_VERSION"), "18");
    write(state.resolve("data/kafka/meta.properties"), "");
    write(state.resolve("data/attachments/ab/abcd"), "evidence");
    write(state.resolve("person-keys/master"), "a check");
    write(state.resolve("secrets.properties"), "asset=old");
    backup = Files.createDirectory(directory.resolve("backup"));
    pack(state, Backup.DATABASE, "data/postgresql");
    pack(state, Backup.EVENTS, "data/kafka");
    pack(state, Backup.FILES, "data/attachments");
    pack(state, Backup.PERSON_KEYS, "person-keys");
    pack(state, Backup.SECRETS, "secrets.properties");
    checkpoint(backup.resolve(Backup.CHECKPOINT), 10);
    Manifest.write(backup);

    site = new Site(ROOT, directory.resolve("state"), ROOT.resolve(".vigie/cache"), 0);
    stack = new Stack(site, Mail.NAME);
  }

  @Test
  void whatTheBackupHoldsIsTheStateForItsOwnerAlone() throws IOException {
    restore(false);

    assertEquals("18", Files.readString(site.data(Postgres.NAME).resolve("PG_VERSION")));
    assertEquals("evidence", Files.readString(site.data("attachments").resolve("ab/abcd")));
    assertEquals("asset=old", Files.readString(site.secrets()));
    assertEquals("rw-------", permissions(site.secrets()));
    assertEquals("rwx------", permissions(site.data(Postgres.NAME)));
    assertEquals("rwx------", permissions(PersonKeys.directory(site)));
    assertFalse(Files.exists(site.unpacked()));
  }

  @Test
  void aBackupThatIsNotAsItWasMadeIsRefusedAndNothingChanges() throws IOException {
    // Given data, and a backup of which one byte is another
    write(site.data("attachments").resolve("ef/efgh"), "newer");
    byte[] bytes = Files.readAllBytes(backup.resolve(Backup.FILES));
    bytes[600] ^= 1;
    Files.write(backup.resolve(Backup.FILES), bytes);

    StackException refusal = assertThrows(StackException.class, () -> restore(true));

    assertTrue(refusal.getMessage().contains("files.tar is not the file"), refusal.getMessage());
    assertEquals("newer", Files.readString(site.data("attachments").resolve("ef/efgh")));
    assertFalse(Files.exists(site.unpacked()));
  }

  @Test
  void aBackupThatWasInterruptedIsRefused() throws IOException {
    Files.delete(backup.resolve(Manifest.NAME));

    StackException refusal = assertThrows(StackException.class, () -> restore(false));

    assertTrue(refusal.getMessage().contains("one that was interrupted"), refusal.getMessage());
    assertFalse(Files.exists(site.data()));
  }

  @Test
  void dataThatIsHereIsDeletedOnlyWhenThatIsSaid() throws IOException {
    write(site.data("attachments").resolve("ef/efgh"), "newer");

    StackException refusal = assertThrows(StackException.class, () -> restore(false));
    assertEquals(
        "There is data under "
            + site.state()
            + ". To delete it and restore the backup in its place, say --wipe.",
        refusal.getMessage());
    assertTrue(Files.exists(site.data("attachments").resolve("ef/efgh")));

    restore(true);
    assertFalse(Files.exists(site.data("attachments").resolve("ef/efgh")));
    assertTrue(Files.exists(site.data("attachments").resolve("ab/abcd")));
  }

  @ParameterizedTest
  @CsvSource({"5, 7, 10", "12, 7, 12", "12, 14, 14"})
  void theNewestCheckpointStaysKnown(long here, long given, long known) throws IOException {
    checkpoint(Service.logFile(site, Service.CHECKPOINT), here);
    Path elsewhere = directory.resolve("by mail");
    checkpoint(elsewhere, given);

    new Restore(stack).from(backup, true, elsewhere);

    assertEquals(
        Long.toString(known), Files.readAllLines(Service.logFile(site, Service.CHECKPOINT)).get(1));
  }

  @Test
  void whatIsNoCheckpointIsRefusedBeforeAnythingIsDone() throws IOException {
    Path prose = Files.writeString(directory.resolve("prose"), "none\n");

    StackException refusal =
        assertThrows(StackException.class, () -> new Restore(stack).from(backup, false, prose));

    assertEquals(prose + " is no checkpoint of a log.", refusal.getMessage());
    assertFalse(Files.exists(site.data()));
  }

  @Test
  void theKeysOfPeopleMayHaveBeenTakenOutOfABackup() throws IOException {
    // Given an operator who keeps them for a shorter time, and says so in the manifest
    Files.delete(backup.resolve(Backup.PERSON_KEYS));
    Path manifest = backup.resolve(Manifest.NAME);
    Files.write(
        manifest,
        Files.readAllLines(manifest).stream()
            .filter(line -> !line.endsWith(Backup.PERSON_KEYS))
            .toList());

    restore(false);

    assertTrue(Files.exists(site.data(Postgres.NAME)));
    assertFalse(Files.exists(PersonKeys.directory(site)));
  }

  @Test
  void afterARestoreThatWasInterruptedNothingStartsUntilAnotherOne() throws IOException {
    // Given one that ended while it replaced one state by another
    site.create();
    write(site.state().resolve("restore.replacing"), "");
    write(site.unpacked().resolve("data/postgresql/PG_VERSION"), "18");
    write(site.secrets(), "");

    StackException refusal =
        assertThrows(StackException.class, () -> stack.start((component, what) -> {}));
    assertTrue(refusal.getMessage().startsWith("A restore was interrupted"), refusal.getMessage());

    restore(false);
    site.requireWhole();
    assertEquals("asset=old", Files.readString(site.secrets()));
  }

  private void restore(boolean wipe) {
    new Restore(stack).from(backup, wipe, null);
  }

  private void pack(Path state, String archive, String part) throws IOException {
    try (StateArchive packed = new StateArchive(state, backup.resolve(archive))) {
      packed.add(state.resolve(part));
    }
  }

  private static void checkpoint(Path file, long size) throws IOException {
    write(file, "vigie.local/log\n" + size + "\nroot\n\n— vigie.local/log c2lnbmF0dXJl\n");
  }

  private static void write(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private static String permissions(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }
}
