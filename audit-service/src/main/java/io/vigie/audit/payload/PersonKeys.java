package io.vigie.audit.payload;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.crypto.AEADBadTagException;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

import jakarta.inject.Singleton;

import io.quarkus.runtime.Startup;
import io.vigie.kernel.Problem;
import io.vigie.kernel.Sha256;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * The keys of people, in a directory outside the database and its backups that all replicas of the
 * service share ({@code vigie.log.keys-dir}). A key is made when an event about the person is first
 * logged, and never again after it was destroyed: later events get the next one, with the next
 * number.
 *
 * <p>Files, whose names do not tell the id: {@code <SHA-256 of the id>.<number>.key}, the key under
 * the master key, bound to id and number; {@code ….gone} in its place once it is destroyed; {@code
 * master}, by which a wrong master key is noticed; {@code destroyed}, which changes with every
 * destruction, so that no replica goes on using a key that it remembers.
 *
 * <p>Safe for use by several threads and processes. While the directory cannot be read or written,
 * or another one is in its place, methods fail with 503.
 */
@Startup
@Singleton
public class PersonKeys {

  /** One of a person's keys; the first has number 1. */
  public record KeyId(String person, int number) {
    String name() {
      return person + "#" + number;
    }
  }

  /** A key that can be used. */
  record Key(KeyId id, SecretKey secret) {}

  /** There should be a key, and there is none, or one that was changed. */
  static final class Damaged extends Exception {
    Damaged(KeyId id, Throwable cause) {
      super("key " + id.number() + " of a person cannot be used: " + cause, cause, false, false);
    }
  }

  private static final Logger LOG = Logger.getLogger(PersonKeys.class);
  private static final int REMEMBERED = 10_000;
  private static final String CHECK = "master";
  private static final String DESTROYED = "destroyed";

  private final Path directory;
  private final MasterKey master;
  private final Map<KeyId, SecretKey> known = leastRecent();
  private final Map<String, Key> current = leastRecent();
  private String destructions = "";
  private boolean unsynced;

  /**
   * @throws IllegalStateException when the directory is open to others than its owner, or its keys
   *     are under another master key
   */
  PersonKeys(@ConfigProperty(name = "vigie.log.keys-dir") Path directory, MasterKey master) {
    OwnerOnly.require(directory);
    this.directory = directory;
    this.master = master;
    Path check = directory.resolve(CHECK);
    try {
      if (!Files.exists(check)) {
        create(check, master.wrap(CHECK, Aead.newKey()));
        sync();
      }
      master.unwrap(CHECK, Files.readAllBytes(check));
    } catch (AEADBadTagException e) {
      throw new IllegalStateException(
          "The keys in " + directory + " are under another master key.", e);
    } catch (IOException e) {
      throw new IllegalStateException("The keys in " + directory + " cannot be used: " + e, e);
    }
  }

  private static Problem away(IOException e) {
    LOG.errorf("the keys of people cannot be used: %s", e.toString());
    return Problem.unavailable("The keys of people cannot be used right now.");
  }

  private static <K, V> Map<K, V> leastRecent() {
    return new LinkedHashMap<>(16, 0.75f, true) {
      @Override
      protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
        return size() > REMEMBERED;
      }
    };
  }

  /**
   * Forgets what is remembered when a key was destroyed since, by this process or another. To be
   * called before each page that is opened and each batch that is sealed.
   */
  void refresh() {
    try {
      String now = Files.readString(directory.resolve(DESTROYED));
      synchronized (this) {
        if (!now.equals(destructions)) {
          destructions = now;
          known.clear();
          current.clear();
        }
      }
    } catch (NoSuchFileException e) {
      if (!Files.exists(directory.resolve(CHECK))) {
        throw away(e); // an empty mount point: no key may be made there
      }
    } catch (IOException e) {
      throw away(e);
    }
  }

  /**
   * The key that what is logged about a person now is sealed with. A new one is there for good only
   * after {@link #sync}.
   */
  Key current(String person) {
    String before;
    synchronized (this) {
      Key key = current.get(person);
      if (key != null) {
        return key;
      }
      before = destructions;
    }
    Key key = lookUp(person);
    synchronized (this) {
      unsynced = true; // perhaps another process made it a moment ago
      if (before.equals(destructions)) {
        current.put(person, key);
        known.put(key.id, key.secret);
      }
    }
    return key;
  }

  private Key lookUp(String person) {
    for (int number = 1; ; number++) {
      KeyId id = new KeyId(person, number);
      if (Files.exists(gone(id))) {
        continue;
      }
      try {
        if (!Files.exists(file(id))) {
          create(file(id), master.wrap(id.name(), Aead.newKey()));
        }
        SecretKey secret = load(id);
        if (!Files.exists(gone(id))) {
          return new Key(id, secret);
        }
        Files.deleteIfExists(file(id)); // destroyed meanwhile, and perhaps made anew by us
      } catch (Damaged e) {
        LOG.error(e.getMessage()); // what it sealed shows as damage, the log goes on
      } catch (IOException e) {
        throw away(e);
      }
    }
  }

  /**
   * Whatever {@link #current} gave out until now survives a power cut. To be called before anything
   * that is sealed is committed.
   */
  synchronized void sync() {
    if (unsynced) {
      try {
        syncDirectory();
      } catch (IOException e) {
        throw away(e);
      }
      unsynced = false;
    }
  }

  /**
   * A key, or null when it was destroyed.
   *
   * @throws Damaged when it is neither there nor destroyed, or was changed
   */
  SecretKey find(KeyId id) throws Damaged {
    String before;
    synchronized (this) {
      SecretKey key = known.get(id);
      if (key != null) {
        return key;
      }
      before = destructions;
    }
    if (Files.exists(gone(id))) {
      return null;
    }
    SecretKey key;
    try {
      key = load(id);
    } catch (Damaged e) {
      if (Files.exists(gone(id))) {
        return null; // destroyed while we looked
      }
      throw e;
    }
    synchronized (this) {
      if (before.equals(destructions)) {
        known.put(id, key);
      }
    }
    return key;
  }

  private SecretKey load(KeyId id) throws Damaged {
    try {
      return new SecretKeySpec(master.unwrap(id.name(), Files.readAllBytes(file(id))), "AES");
    } catch (NoSuchFileException | AEADBadTagException e) {
      throw new Damaged(id, e);
    } catch (IOException e) {
      throw away(e);
    }
  }

  /** Every key that a person has had, destroyed or not; none where nothing was ever sealed. */
  public List<KeyId> of(String person) {
    refresh();
    List<KeyId> keys = new ArrayList<>();
    KeyId id = new KeyId(person, 1);
    while (Files.exists(file(id)) || Files.exists(gone(id))) {
      keys.add(id);
      id = new KeyId(person, id.number + 1);
    }
    return keys;
  }

  /** Whether it is there, and was not destroyed: what it sealed can be read. */
  public boolean isThere(KeyId id) {
    return Files.exists(file(id)) && !Files.exists(gone(id));
  }

  /**
   * Destroys a key for good: from the return on no process opens with it, nor seals anything new.
   * Harmless to repeat, and to be repeated after a failure.
   */
  public void destroy(KeyId id) {
    if (Files.exists(gone(id)) && !Files.exists(file(id))) {
      return;
    }
    try {
      // First the mark, so that whatever happens next, nobody takes the key for lost, or makes one.
      create(gone(id), new byte[0]);
      syncDirectory();
      Path fresh = write(UUID.randomUUID().toString().getBytes(StandardCharsets.US_ASCII));
      Files.move(fresh, directory.resolve(DESTROYED), StandardCopyOption.ATOMIC_MOVE);
      if (Files.exists(file(id))) {
        overwrite(file(id));
        Files.delete(file(id));
      }
      syncDirectory();
    } catch (IOException e) {
      throw away(e);
    }
  }

  /** In place: a link that a crash left behind loses its content too. */
  private static void overwrite(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.allocate((int) channel.size()), 0);
      channel.force(true);
    }
  }

  /** A whole file or none, and never in the place of another. */
  private void create(Path file, byte[] content) throws IOException {
    Path fresh = write(content);
    try {
      Files.createLink(file, fresh);
    } catch (FileAlreadyExistsException e) {
      // another process was faster: its content counts
    } finally {
      Files.delete(fresh);
    }
    synchronized (this) {
      unsynced = true;
    }
  }

  private Path write(byte[] content) throws IOException {
    Path fresh = Files.createTempFile(directory, "new-", ".tmp", OwnerOnly.FILE);
    try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(content));
      channel.force(true);
    }
    return fresh;
  }

  private void syncDirectory() throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  private Path file(KeyId id) {
    return directory.resolve(name(id) + ".key");
  }

  private Path gone(KeyId id) {
    return directory.resolve(name(id) + ".gone");
  }

  private static String name(KeyId id) {
    return Sha256.hex(id.person) + "." + id.number;
  }
}
