package io.vigie.audit.checkpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

import jakarta.inject.Inject;

import io.quarkus.runtime.configuration.ConfigurationException;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.vertx.VertxContextSupport;
import io.vigie.audit.SigningEnvironment;
import io.vigie.audit.note.Note;
import io.vigie.audit.note.SigningKey;
import io.vigie.kernel.outbox.Outbox;
import io.vigie.kernel.outbox.Relay;
import io.vigie.testkit.ServiceEnvironment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static io.vigie.audit.LogDatabase.number;
import static io.vigie.audit.checkpoint.PublishingTest.LONG;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Where keys come from, and how one takes over from another. */
@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
@QuarkusTestResource(SigningEnvironment.class)
class LogKeysTest {

  private static final String ORIGIN = SigningEnvironment.ORIGIN;

  @Inject Outbox outbox;
  @Inject Relay relay;
  @Inject Clock clock;

  @TempDir Path directory;

  private Path key(String name, String permissions) throws IOException {
    Path file = directory.resolve(name);
    Files.writeString(file, SigningKey.generate(ORIGIN) + "\n");
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
  }

  private static LogKeys keys(Path file) {
    return keys(Optional.of(file), Optional.empty(), Optional.empty(), Optional.empty());
  }

  private static LogKeys keys(
      Optional<Path> file,
      Optional<String> text,
      Optional<Path> nextFile,
      Optional<String> nextText) {
    return new LogKeys(ORIGIN, file, text, nextFile, nextText);
  }

  private static String refusal(Path file) {
    return assertThrows(ConfigurationException.class, () -> keys(file)).getMessage();
  }

  @ParameterizedTest
  @ValueSource(strings = {"rw-r-----", "rw----r--", "rw--w----", "rwx------"})
  void aKeyThatIsNotForItsOwnerAloneIsRefusedInOneLine(String permissions) throws IOException {
    Path file = key("key", permissions);
    String line = refusal(file);
    assertEquals("The log's signing key must be for its owner alone: chmod 600 " + file, line);
  }

  @ParameterizedTest
  @ValueSource(strings = {"rw-------", "r--------"})
  void aKeyForItsOwnerAloneIsTaken(String permissions) throws IOException {
    assertEquals(ORIGIN, keys(key("key", permissions)).current().name());
  }

  @Test
  void aKeyMayComeFromTheEnvironment() {
    String text = SigningKey.generate(ORIGIN);
    LogKeys keys = keys(Optional.empty(), Optional.of(text), Optional.empty(), Optional.empty());
    assertEquals(SigningKey.parse(text).verifier().toString(), keys.current().toString());
  }

  @Test
  void theNextKeyMayComeFromTheEnvironmentTooAndSignsBesideTheOther() {
    String text = SigningKey.generate(ORIGIN);
    String next = SigningKey.generate(ORIGIN);
    LogKeys keys = keys(Optional.empty(), Optional.of(text), Optional.empty(), Optional.of(next));

    assertEquals(
        List.of(text, next).stream()
            .map(key -> SigningKey.parse(key).verifier().toString())
            .toList(),
        keys.verifiers().stream().map(Object::toString).toList());
    assertEquals(
        SigningKey.parse(next).verifier().toString(), keys.next().orElseThrow().toString());
    assertEquals(2, Note.parse(keys.sign(0, new byte[32]).note()).signatures().size());
  }

  @Test
  void twoNextKeysTheCurrentOneAndNonsenseAreRefusedAsTheNextInOneLine() throws IOException {
    Path file = key("next", "rw-------");
    String text = SigningKey.generate(ORIGIN);
    assertThrows(
        ConfigurationException.class,
        () ->
            keys(
                Optional.empty(),
                Optional.of(text),
                Optional.of(file),
                Optional.of(SigningKey.generate(ORIGIN))));
    assertThrows(
        ConfigurationException.class,
        () -> keys(Optional.empty(), Optional.of(text), Optional.empty(), Optional.of(text)));
    String line =
        assertThrows(
                ConfigurationException.class,
                () ->
                    keys(
                        Optional.empty(),
                        Optional.of(text),
                        Optional.empty(),
                        Optional.of("no key")))
            .getMessage();
    assertTrue(line.startsWith("VIGIE_LOG_NEXT_KEY holds no signing key: "), line);
  }

  @Test
  void noKeyTwoKeysNoSuchFileNonsenseAndTheKeyOfAnotherLogAreRefusedInOneLine() throws IOException {
    Path file = key("key", "rw-------");
    assertThrows(
        ConfigurationException.class,
        () -> keys(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty()));
    assertThrows(
        ConfigurationException.class,
        () -> keys(Optional.of(file), Optional.of("key"), Optional.empty(), Optional.empty()));
    assertThrows(
        ConfigurationException.class,
        () -> keys(Optional.of(file), Optional.empty(), Optional.of(file), Optional.empty()));
    assertTrue(refusal(directory.resolve("none")).contains("cannot be read"));
    assertThrows(
        ConfigurationException.class,
        () ->
            new LogKeys(
                "other/log",
                Optional.of(file),
                Optional.empty(),
                Optional.empty(),
                Optional.empty()));
    Files.writeString(file, "no key");
    assertTrue(refusal(file).contains("holds no signing key"));
  }

  @Test
  void whileKeysChangeBothSignAndTheChangeIsLoggedOnce() throws Throwable {
    Path old = key("old", "rw-------");
    Path next = key("next", "rw-------");
    LogKeys both = keys(Optional.of(old), Optional.empty(), Optional.of(next), Optional.empty());
    LogKeys before = keys(old);
    LogKeys after = keys(next);

    Note note = Note.parse(both.sign(0, new byte[32]).note());
    assertEquals(2, note.signatures().size());
    assertTrue(note.isSignedBy(before.verifiers()));
    assertTrue(note.isSignedBy(after.verifiers()));
    assertEquals(
        List.of(before.current().toString(), after.current().toString()),
        both.verifiers().stream().map(Object::toString).toList());
    assertEquals(note.toString(), after.verified(note.toString()).note());
    String fromBefore = before.sign(0, new byte[32]).note();
    assertThrows(IllegalArgumentException.class, () -> after.verified(fromBefore));

    KeyRotation rotation = new KeyRotation(both, outbox, relay, clock);
    VertxContextSupport.subscribeAndAwait(rotation::announce);
    VertxContextSupport.subscribeAndAwait(rotation::announce);
    String logged =
        "select count(*) from entry join payload using (index) where type = 'audit.key-rotated.v1'"
            + " and convert_from(body, 'UTF8') like '%"
            + after.current()
            + "%'";
    await().atMost(LONG).until(() -> number(logged) == 1);
    VertxContextSupport.subscribeAndAwait(rotation::announce);
    assertEquals(
        1, number("select count(*) from log_key where id = '" + after.current().hexId() + "'"));
    assertFalse(before.next().isPresent());
  }
}
