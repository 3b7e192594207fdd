package io.vigie.audit.checkpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

import jakarta.enterprise.context.ApplicationScoped;

import io.quarkus.runtime.Startup;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.vigie.audit.note.Checkpoint;
import io.vigie.audit.note.Note;
import io.vigie.audit.note.SigningKey;
import io.vigie.audit.note.VerifierKey;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * The keys that this log signs with: {@code vigie.log.key-file}, or {@code VIGIE_LOG_KEY} in the
 * environment, and beside it, while keys are changed, {@code vigie.log.next-key-file}, or {@code
 * VIGIE_LOG_NEXT_KEY}. Without a sound key, or with one that others may read, the service does not
 * start and says why in a line.
 */
@Startup
@ApplicationScoped
class LogKeys {

  private static final Set<PosixFilePermission> OWNER =
      EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

  private final String configured;
  private volatile Origins origins;
  private volatile SigningKey current;
  private volatile SigningKey next;

  LogKeys(
      @ConfigProperty(name = "vigie.log.origin") String origin,
      @ConfigProperty(name = "vigie.log.key-file") Optional<Path> file,
      @ConfigProperty(name = "vigie.log.key") Optional<String> text,
      @ConfigProperty(name = "vigie.log.next-key-file") Optional<Path> nextFile,
      @ConfigProperty(name = "vigie.log.next-key") Optional<String> nextText) {
    this.configured = origin;
    this.origins = Origins.configured(origin);
    if (file.isPresent() == text.isPresent()) {
      throw new ConfigurationException(
          "The log needs one signing key: name its file in vigie.log.key-file, or give it in VIGIE_LOG_KEY.");
    }
    current = file.isPresent() ? read(file.get()) : key("VIGIE_LOG_KEY", text.get());
    if (nextFile.isPresent() && nextText.isPresent()) {
      throw new ConfigurationException(
          "The log has one next signing key at a time: name its file in vigie.log.next-key-file, or give it in VIGIE_LOG_NEXT_KEY.");
    }
    next =
        nextFile
            .map(this::read)
            .or(() -> nextText.map(given -> key("VIGIE_LOG_NEXT_KEY", given)))
            .orElse(null);
    if (next != null && next.verifier().hexId().equals(current.verifier().hexId())) {
      throw new ConfigurationException("The next signing key of the log is the current one.");
    }
  }

  private SigningKey read(Path file) {
    try {
      if (file.getFileSystem().supportedFileAttributeViews().contains("posix")
          && !OWNER.containsAll(Files.getPosixFilePermissions(file))) {
        throw new ConfigurationException(
            "The log's signing key must be for its owner alone: chmod 600 " + file);
      }
      return key(file.toString(), Files.readString(file));
    } catch (IOException e) {
      throw new ConfigurationException("The log's signing key cannot be read: " + e);
    }
  }

  private SigningKey key(String from, String text) {
    SigningKey key;
    try {
      key = SigningKey.parse(text);
    } catch (IllegalArgumentException e) {
      throw new ConfigurationException(from + " holds no signing key: " + e.getMessage());
    }
    if (!key.verifier().name().equals(configured)) {
      throw new ConfigurationException(
          "The signing key in %s is named %s, the log %s."
              .formatted(from, key.verifier().name(), configured));
    }
    return key;
  }

  /** The log's name, which its keys bear too. */
  String origin() {
    return origins.inForce();
  }

  /** The name that the log began with. */
  String configured() {
    return configured;
  }

  /** Whether the log has, or had, this name. */
  boolean hasBeen(String origin) {
    return origins.inForce().equals(origin) || origins.former().contains(origin);
  }

  /** Signs in the name that is in force from now on, with the same keys. */
  synchronized void follow(Origins changed) {
    current = current.named(changed.inForce());
    next = next == null ? null : next.named(changed.inForce());
    origins = changed;
  }

  /** What verifies the log's checkpoints now: one key, or two while they change. */
  List<VerifierKey> verifiers() {
    return keys().map(SigningKey::verifier).toList();
  }

  /** The key that is about to take over, if there is one. */
  Optional<VerifierKey> next() {
    return Optional.ofNullable(next).map(SigningKey::verifier);
  }

  /** The key that signs in any case. */
  VerifierKey current() {
    return current.verifier();
  }

  Published sign(long size, byte[] root) {
    Checkpoint checkpoint = new Checkpoint(origin(), size, root);
    return Published.of(checkpoint, Note.sign(checkpoint.text(), keys().toList()));
  }

  /** Signs a text in a name that the log has or had. */
  Note sign(String name, String text) {
    return Note.sign(text, keys().map(key -> key.named(name)).toList());
  }

  /** Whether one of the keys signed a note in this name. */
  boolean haveSigned(String name, Note note) {
    return keys().anyMatch(key -> note.isSignedBy(List.of(key.named(name).verifier())));
  }

  /**
   * Reads a checkpoint that this log published earlier.
   *
   * @throws IllegalArgumentException when it is none of this log's
   */
  Published verified(String text) {
    Note note = Note.parse(text);
    Checkpoint checkpoint = Checkpoint.parse(note.text());
    if (!checkpoint.origin().equals(origin()) || !haveSigned(origin(), note)) {
      throw new IllegalArgumentException("it is not signed by a key of " + origin());
    }
    return Published.of(checkpoint, note);
  }

  /** Whether it is about a log that this one succeeded, and so says nothing of this one. */
  boolean isOfPredecessor(String text) {
    return origins.former().contains(Checkpoint.parse(Note.parse(text).text()).origin());
  }

  private Stream<SigningKey> keys() {
    return Stream.of(Optional.of(current), Optional.ofNullable(next)).flatMap(Optional::stream);
  }
}
