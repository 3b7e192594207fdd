package io.vigie.audit.payload;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.vigie.audit.payload.Payloads.Kept;
import io.vigie.audit.payload.PersonKeys.KeyId;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class PersonKeysTest {

  private static final String ANNA = "01936f2a-5c00-7000-8000-0000000000a1";
  private static final String BEN = "01936f2a-5c00-7000-8000-0000000000b1";
  private static final byte[] SALT = {1, 2, 3};
  private static final byte[] BODY = {4, 5, 6, 7};

  @TempDir Path parent;
  private Path directory;
  private final String master = KeysDirectory.newMaster();

  @BeforeEach
  void aDirectory() throws IOException {
    directory = Files.createDirectory(parent.resolve("keys"), permissions("rwx------"));
  }

  private static java.nio.file.attribute.FileAttribute<?> permissions(String text) {
    return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(text));
  }

  private MasterKey master() {
    return new MasterKey(Optional.of(master), Optional.empty());
  }

  /** Another process that uses the directory. */
  private PersonKeys replica() {
    return new PersonKeys(directory, master());
  }

  private static Kept seal(PersonKeys keys, long index, String person) {
    return new Payloads(keys).seal(person, SALT, BODY);
  }

  private static void assertOpens(PersonKeys keys, long index, Kept sealed) {
    Kept opened = new Payloads(keys).open(index, sealed);
    assertArrayEquals(SALT, opened.salt());
    assertArrayEquals(BODY, opened.body());
  }

  private static void assertErased(PersonKeys keys, long index, Kept sealed) {
    Kept opened = new Payloads(keys).open(index, sealed);
    assertNull(opened.salt());
    assertNull(opened.body());
  }

  private static void assertDamaged(PersonKeys keys, long index, Kept sealed) {
    assertEquals(sealed, new Payloads(keys).open(index, sealed));
  }

  private Path keyFile() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(file -> file.toString().endsWith(".key")).findFirst().orElseThrow();
    }
  }

  @Test
  void whatOneReplicaSealedTheOthersOpen() {
    PersonKeys one = replica();
    PersonKeys other = replica();
    Kept sealed = seal(one, 7, ANNA);

    assertFalse(Arrays.equals(BODY, sealed.body()));
    assertOpens(one, 7, sealed);
    assertOpens(other, 7, sealed);
    assertOpens(other, 8, seal(other, 8, ANNA));
    assertEquals(1, sealed.key());
  }

  @Test
  void whatIsAboutNobodyIsKeptInPlain() {
    Kept kept = seal(replica(), 7, null);
    assertNull(kept.key());
    assertArrayEquals(BODY, kept.body());
    assertOpens(replica(), 7, kept);
  }

  @Test
  void theSameTextIsNeverSealedToTheSameBytes() {
    PersonKeys keys = replica();
    assertFalse(Arrays.equals(seal(keys, 7, ANNA).body(), seal(keys, 7, ANNA).body()));
  }

  @Test
  void whatWasSealedForOnePersonOpensForNoOther() {
    PersonKeys keys = replica();
    Kept anna = seal(keys, 7, ANNA);
    seal(keys, 8, BEN);

    assertDamaged(keys, 7, new Kept(BEN, 1, anna.salt(), anna.body()));
    assertDamaged(keys, 7, new Kept(ANNA, 1, anna.body(), anna.salt()));
    assertDamaged(keys, 7, new Kept(ANNA, 2, anna.salt(), anna.body()));
  }

  @Test
  void aDestroyedKeyOpensNothingInAnyReplicaAndNobodyElsesIsTouched() {
    PersonKeys one = replica();
    PersonKeys other = replica();
    Kept anna = seal(one, 7, ANNA);
    Kept ben = seal(one, 8, BEN);
    assertOpens(other, 7, anna);

    one.of(ANNA).forEach(one::destroy);

    assertErased(one, 7, anna);
    assertErased(other, 7, anna);
    assertErased(replica(), 7, anna);
    assertOpens(other, 8, ben);
    assertEquals(List.of(new KeyId(ANNA, 1)), other.of(ANNA));
    assertEquals(List.of(), other.of("nobody we know"));
  }

  @Test
  void whatIsLoggedAboutAPersonAfterwardsGetsTheNextKey() {
    PersonKeys one = replica();
    PersonKeys other = replica();
    seal(other, 6, ANNA);
    Kept before = seal(one, 7, ANNA);
    one.destroy(new KeyId(ANNA, 1));

    Kept after = seal(other, 8, ANNA);

    assertEquals(2, after.key());
    assertOpens(one, 8, after);
    assertErased(one, 7, before);
    assertEquals(List.of(new KeyId(ANNA, 1), new KeyId(ANNA, 2)), one.of(ANNA));
  }

  @Test
  void aDestructionThatWasInterruptedHoldsAndIsFinishedByTheNextOne() throws IOException {
    PersonKeys one = replica();
    Kept sealed = seal(one, 7, ANNA);
    Path file = keyFile();
    Files.createFile(Path.of(file.toString().replace(".key", ".gone"))); // and there it was killed

    PersonKeys next = replica();
    assertErased(next, 7, sealed);
    assertEquals(2, seal(next, 8, ANNA).key());
    next.destroy(new KeyId(ANNA, 1));
    next.destroy(new KeyId(ANNA, 1));

    assertFalse(Files.exists(file));
    assertErased(one, 7, sealed);
  }

  @Test
  void aKeyThatComesBackFromABackupOpensNothing() throws IOException {
    PersonKeys keys = replica();
    Kept sealed = seal(keys, 7, ANNA);
    Path file = keyFile();
    byte[] backup = Files.readAllBytes(file);
    keys.destroy(new KeyId(ANNA, 1));

    Files.write(file, backup);

    assertErased(replica(), 7, sealed);
    assertEquals(2, seal(replica(), 8, ANNA).key());
  }

  @Test
  void replicasThatMeetPeopleAtTheSameTimeAgreeOnTheirKeys() {
    List<PersonKeys> replicas = IntStream.range(0, 4).mapToObj(i -> replica()).toList();
    List<CompletableFuture<List<Kept>>> meetings = new ArrayList<>();
    for (PersonKeys replica : replicas) {
      for (int thread = 0; thread < 2; thread++) {
        meetings.add(
            CompletableFuture.supplyAsync(
                () ->
                    IntStream.range(0, 50)
                        .mapToObj(i -> seal(replica, i, "person " + i))
                        .toList()));
      }
    }
    PersonKeys reader = replica();
    for (CompletableFuture<List<Kept>> meeting : meetings) {
      List<Kept> sealed = meeting.join();
      for (int i = 0; i < sealed.size(); i++) {
        assertOpens(reader, i, sealed.get(i));
      }
    }
  }

  @Test
  void aKeyThatWasLostOrChangedShowsAsDamageAndNotAsErasure() throws IOException {
    Kept sealed = seal(replica(), 7, ANNA);
    Path file = keyFile();
    byte[] whole = Files.readAllBytes(file);
    byte[] changed = whole.clone();
    changed[20] ^= 1;
    for (byte[] content : List.of(changed, new byte[whole.length], new byte[3], new byte[0])) {
      Files.write(file, content);
      assertDamaged(replica(), 7, sealed);
      assertEquals(2, seal(replica(), 8, ANNA).key());
    }
    Files.delete(file);
    assertDamaged(replica(), 7, sealed);
  }

  @Test
  void theFilesAreForTheirOwnerAloneAndNameNobody() throws IOException {
    PersonKeys keys = replica();
    seal(keys, 7, ANNA);
    seal(keys, 8, BEN);
    keys.destroy(new KeyId(BEN, 1));
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        assertEquals(
            "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        assertFalse(file.getFileName().toString().contains("01936f2a"), file.toString());
        assertFalse(file.toString().endsWith(".tmp"), file.toString());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"rwxr-x---", "rwx--x---", "rwx---r--", "rwx----w-"})
  void aDirectoryThatOthersMayUseIsRefused(String permissions) throws IOException {
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString(permissions));
    String refusal = assertThrows(IllegalStateException.class, this::replica).getMessage();
    assertTrue(refusal.contains(permissions), refusal);
  }

  @Test
  void aDirectoryThatIsNotThereIsRefused() throws IOException {
    Files.delete(directory);
    assertThrows(IllegalStateException.class, this::replica);
  }

  @Test
  void anotherMasterKeyIsRefused() {
    replica();
    MasterKey another = new MasterKey(Optional.of(KeysDirectory.newMaster()), Optional.empty());
    String refusal =
        assertThrows(IllegalStateException.class, () -> new PersonKeys(directory, another))
            .getMessage();
    assertTrue(refusal.contains("another master key"), refusal);
  }

  @Test
  void theMasterKeyComesFromAFileOfItsOwnerOrFromTheEnvironmentAndFromOneOfThem()
      throws IOException {
    Kept sealed = seal(replica(), 7, ANNA);
    Path file = Files.createFile(parent.resolve("master"), permissions("rw-------"));
    Files.writeString(file, master + "\n");
    assertOpens(
        new PersonKeys(directory, new MasterKey(Optional.empty(), Optional.of(file))), 7, sealed);

    for (Optional<String> text : List.of(Optional.of(master), Optional.<String>empty())) {
      Optional<Path> both = text.map(present -> file);
      assertThrows(IllegalStateException.class, () -> new MasterKey(text, both));
    }
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
    assertThrows(
        IllegalStateException.class, () -> new MasterKey(Optional.empty(), Optional.of(file)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "secret", "AAAA", "!"})
  void aMasterKeyThatIsNoneIsRefusedWithoutBeingShown(String text) {
    String refusal =
        assertThrows(
                IllegalStateException.class,
                () -> new MasterKey(Optional.of(text), Optional.empty()))
            .getMessage();
    assertEquals("The master key is not 32 bytes in base64.", refusal);
  }

  @Test
  void noTwoPeopleHaveTheSameKey() {
    PersonKeys keys = replica();
    Set<String> secrets =
        Stream.of(ANNA, BEN)
            .map(person -> Arrays.toString(keys.current(person).secret().getEncoded()))
            .collect(Collectors.toSet());
    assertEquals(2, secrets.size());
    assertNotEquals(keys.current(ANNA).id(), keys.current(BEN).id());
  }
}
