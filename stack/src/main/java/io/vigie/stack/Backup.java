package io.vigie.stack;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Copies all that a running stack knows into a folder, as it is at one moment: what it is restored
 * to is what a power cut at that moment would have left.
 *
 * <p>At that moment the broker is frozen, so it has all that the databases then say of it, and
 * nothing that came later. Relays wait meanwhile, for as long as it takes to copy the topics;
 * everything else goes on. Files that databases refer to are written before the row that does, and
 * are copied after that moment.
 */
final class Backup {
  static final String DATABASE = "database.tar";
  static final String EVENTS = "events.tar";
  static final String FILES = "files.tar";
  static final String PERSON_KEYS = "person-keys.tar";
  static final String SECRETS = "secrets.tar";

  /** What was published of the log by that moment. */
  static final String CHECKPOINT = "checkpoint";

  /** Not the keys of people: without them what the log says of people cannot be read, no more. */
  static final List<String> NEEDED = List.of(DATABASE, EVENTS, FILES, SECRETS);

  /** A part of a backup. */
  private interface Work {
    void run() throws IOException, SQLException;
  }

  private final Stack stack;
  private final Site site;

  Backup(Stack stack) {
    this.stack = stack;
    this.site = stack.site();
  }

  /**
   * Makes the folder, with all of it or not at all.
   *
   * @return how long the broker was frozen
   * @throws StackException when the folder is there already, the stack does not run, or it fails
   */
  Duration into(Path folder) {
    Path target = folder.toAbsolutePath();
    if (Files.exists(target)) {
      throw new StackException(target + " is there already: a backup replaces nothing.");
    }
    Duration[] frozen = new Duration[1];
    site.exclusively(
        () -> {
          try {
            frozen[0] = take(target);
          } catch (IOException | SQLException e) {
            throw new StackException("There is no backup, since it failed: " + e, e);
          }
        });
    return frozen[0];
  }

  private Duration take(Path target) throws IOException, SQLException {
    for (String needed : List.of(Postgres.NAME, Kafka.NAME)) {
      if (!stack.healthy(needed)) {
        throw new StackException(
            needed + " does not run, and a backup is one of a running stack: ./vigie up -d");
      }
    }
    Files.createDirectories(target.getParent());
    Path half =
        Files.createTempDirectory(
            target.getParent(), target.getFileName() + ".half-", OwnerOnly.FOLDER);
    try {
      Duration frozen = copy(half);
      Manifest.write(half);
      sync(half);
      Files.move(half, target, StandardCopyOption.ATOMIC_MOVE);
      sync(target.getParent());
      return frozen;
    } finally {
      Archives.delete(half);
    }
  }

  private Duration copy(Path into) throws IOException, SQLException {
    Duration frozen;
    try (BaseBackup base = BaseBackup.begin(stack.postgres());
        StateArchive database = archive(into, DATABASE)) {
      base.copy(database);
      // Before the moment: the restored log must extend it.
      Path published = Service.logFile(site, Service.CHECKPOINT);
      if (Files.exists(published)) {
        OwnerOnly.write(into.resolve(CHECKPOINT), Files.readAllBytes(published));
      }
      frozen =
          withFrozenBroker(
              () -> {
                base.stop();
                try (StateArchive events = archive(into, EVENTS)) {
                  events.add(site.data(Kafka.NAME), Kafka::isMadeAnew);
                }
              });
      base.finish(database);
    }
    try (StateArchive keys = archive(into, PERSON_KEYS)) {
      keys.add(PersonKeys.directory(site));
    }
    try (StateArchive secrets = archive(into, SECRETS)) {
      secrets.add(site.secrets());
      secrets.add(PersonKeys.master(site));
      secrets.add(site.tls().directory());
      secrets.add(site.data(Service.LOG), path -> isNamed(path, Service.CHECKPOINT));
    }
    Set<Path> packed =
        Set.of(site.data(Postgres.NAME), site.data(Kafka.NAME), site.data(Service.LOG));
    try (StateArchive files = archive(into, FILES)) {
      files.add(site.data(), packed::contains);
    }
    return frozen;
  }

  private StateArchive archive(Path into, String name) throws IOException {
    return new StateArchive(site.state(), into.resolve(name));
  }

  /** With what is written beside it before it gets its name. */
  private static boolean isNamed(Path path, String name) {
    return path.getFileName().toString().startsWith(name);
  }

  private Duration withFrozenBroker(Work work) throws IOException, SQLException {
    AtomicBoolean interrupted = new AtomicBoolean();
    // It stays: a broker that runs does not mind being thawed.
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  interrupted.set(true);
                  stack.thaw(Kafka.NAME);
                }));
    long began = System.nanoTime();
    try {
      stack.freeze(Kafka.NAME);
      work.run();
    } finally {
      stack.thaw(Kafka.NAME);
    }
    if (interrupted.get()) {
      throw new StackException("The backup was interrupted.");
    }
    return Duration.ofNanos(System.nanoTime() - began);
  }

  /** The names in it, too, survive a loss of power. */
  private static void sync(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
