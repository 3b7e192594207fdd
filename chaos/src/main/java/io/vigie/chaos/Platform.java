package io.vigie.chaos;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

import io.vigie.stack.Site;
import io.vigie.stack.Stack;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * The packaged platform on free ports, with an empty state of its own, and the means to make it
 * suffer: services reach the database and the broker by {@link Detour detours}, all data is on a
 * disk of limited size where this process may make one (root), and services read a clock that can
 * be set where {@code libfaketime} is installed.
 */
final class Platform implements AutoCloseable {

  static final String DATABASE = "postgresql";
  static final String BROKER = "kafka";
  static final List<String> SERVICES = List.of("asset", "access", "incident", "backup", "audit");

  private static final String MAIL = "mail";

  /** What runs, in the order in which it starts; without the console: no client here uses it. */
  private static final List<String> COMPONENTS =
      Stream.concat(Stream.of(DATABASE, BROKER, "keycloak", MAIL), SERVICES.stream()).toList();

  /** Who gets the log's checkpoint each day. */
  static final String MAILBOX = "witness@vigie.example";

  /** Who is told when somebody broke the glass, of alerts, of reviews, and of what is due. */
  static final List<String> MAILBOXES =
      List.of(
          "-Dvigie.notices.mailboxes.ciso=ciso@vigie.example",
          "-Dvigie.notices.mailboxes.sysadmin=sysadmin@vigie.example",
          "-Dvigie.notices.mailboxes.access-manager=access-manager@vigie.example",
          "-Dvigie.notices.mailboxes.responder=responder@vigie.example");

  private static final long DISK_BYTES = 1_500L << 20;
  private static final int BLOCK = 1 << 20;
  private static final long BETWEEN_LOOKS_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
  private static final long RELAYS_WITHIN_NANOS = TimeUnit.MINUTES.toNanos(2);

  private final Stack stack;
  private final Path state;
  private final Detour toDatabase;
  private final Detour toBroker;
  private final Path fakeTime;
  private boolean mounted;

  /**
   * Nothing runs yet; what an earlier one left in this state is gone.
   *
   * @param root the checkout whose packaged services are run
   */
  Platform(Path root, Path state, Path cache) throws IOException {
    this.state = state;
    stack =
        new Stack(
            new Site(root, state, cache, Stack.freeOffset()), COMPONENTS.toArray(String[]::new));
    stack.stop();
    unmount();
    stack.wipe();
    fakeTime = fakeTime();
    toDatabase = new Detour(port(DATABASE));
    toBroker = new Detour(port(BROKER));
    adjust();
  }

  private int port(String component) {
    return Integer.parseInt(stack.address(component).replaceAll(".*:", ""));
  }

  private void adjust() {
    stack.adjust(
        DATABASE, process -> process.command().addAll(List.of("-c", "max_wal_size=256MB")));
    stack.adjust(
        BROKER,
        process ->
            process
                .command()
                .addAll(
                    List.of(
                        "--override",
                        "advertised.listeners=PLAINTEXT://127.0.0.1:" + toBroker.port())));
    for (String service : SERVICES) {
      stack.adjust(service, process -> adjust(service, process));
    }
  }

  private void adjust(String service, ProcessBuilder process) {
    process.environment().putAll(settings(service));
    if (service.equals("incident")) {
      process.command().addAll(1, MAILBOXES);
    }
  }

  private Map<String, String> settings(String service) {
    Map<String, String> settings = new HashMap<>();
    settings.put("VIGIE_POSTGRES_PORT", Integer.toString(toDatabase.port()));
    settings.put("VIGIE_KAFKA", "127.0.0.1:" + toBroker.port());
    // A few accounts send here what many do elsewhere.
    settings.put("VIGIE_HTTP_REQUESTS_PER_MINUTE", "1000000");
    if (service.equals("asset")) {
      settings.put("VIGIE_ASSET_LOOK_EVERY", "3s");
      settings.put("VIGIE_FEED_ALLOWED_NETWORKS", "public,127.0.0.1/32");
      settings.put("VIGIE_FEED_LOOPBACK_HTTP", "true");
      settings.put("VIGIE_FEED_RETRY_AFTER", "20s");
    }
    if (service.equals("audit")) {
      settings.put("VIGIE_LOG_CHECKPOINT_MAIL_TO", MAILBOX);
      settings.put("VIGIE_LOG_CHECKPOINT_MAIL_AT", "00:00");
    }
    if (fakeTime != null) {
      settings.put("LD_PRELOAD", fakeTime.toString());
      settings.put("FAKETIME_TIMESTAMP_FILE", clock(service).toString());
      settings.put("FAKETIME_CACHE_DURATION", "1");
      settings.put("FAKETIME_DONT_FAKE_MONOTONIC", "1");
      settings.put("FAKETIME_FORCE_MONOTONIC_FIX", "0"); // with it, timed waits end at once
    }
    return settings;
  }

  /**
   * Returns when all of it is healthy and every relay is at work: one that has not begun yet has
   * nothing on its way that a fault could take.
   *
   * @throws IllegalStateException when a relay has not begun after two minutes
   */
  void start() throws IOException {
    mount();
    for (String service : SERVICES) {
      setClock(service, 0);
    }
    stack.start((component, what) -> {});
    awaitRelays();
  }

  /** Each tells first of all that it is there, whether or not there is anything to tell. */
  private void awaitRelays() {
    long deadline = System.nanoTime() + RELAYS_WITHIN_NANOS;
    try (KafkaConsumer<byte[], byte[]> broker =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers",
                stack.address(BROKER),
                "isolation.level",
                "read_committed",
                "allow.auto.create.topics",
                "false"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      for (String service : SERVICES) {
        while (isEmpty("vigie." + service + ".events", broker)) {
          if (System.nanoTime() > deadline) {
            throw new IllegalStateException(
                "the relay of " + service + "-service has not begun: log/" + service + ".log");
          }
          LockSupport.parkNanos(BETWEEN_LOOKS_NANOS);
        }
      }
    }
  }

  /** Whether nothing that was committed is there; a topic that is not made yet is empty, too. */
  private static boolean isEmpty(String topic, KafkaConsumer<byte[], byte[]> broker) {
    List<TopicPartition> partitions =
        broker.partitionsFor(topic).stream()
            .map(found -> new TopicPartition(topic, found.partition()))
            .toList();
    return broker.endOffsets(partitions).values().stream().allMatch(end -> end == 0);
  }

  /**
   * Makes what lets components start as fast as where they have started before, once per build;
   * returns when that is done, or cannot be.
   */
  void makeArchives() {
    stack.makeArchives();
    while (stack.makesArchives()) {
      LockSupport.parkNanos(BETWEEN_LOOKS_NANOS);
    }
  }

  Stack stack() {
    return stack;
  }

  Path state() {
    return state;
  }

  /** What can be made to go wrong here, and why the rest cannot. */
  List<Fault> faults(List<String> withoutReasons) {
    if (!mounted) {
      withoutReasons.add("no full disk: only root may mount one of limited size");
    }
    if (fakeTime == null) {
      withoutReasons.add("no wrong clock: libfaketime is not installed");
    }
    return faults(mounted, fakeTime != null);
  }

  /** The same faults in the same order give the same schedule. */
  static List<Fault> faults(boolean hasDisk, boolean hasClocks) {
    List<Fault> faults = new ArrayList<>();
    for (String component : COMPONENTS) {
      if (!component.equals(MAIL)) { // it keeps what it received in memory
        faults.add(new Fault(Fault.What.KILL, component, 6_000));
      }
      faults.add(new Fault(Fault.What.FREEZE, component, 14_000));
    }
    for (String component : List.of(DATABASE, BROKER)) {
      faults.add(new Fault(Fault.What.CUT, component, 8_000));
      faults.add(new Fault(Fault.What.SLOW, component, 10_000));
    }
    faults.add(new Fault(Fault.What.REPEAT, BROKER, 2_000));
    if (hasDisk) {
      faults.add(new Fault(Fault.What.FILL, "disk", 6_000));
    }
    if (hasClocks) {
      SERVICES.forEach(service -> faults.add(new Fault(Fault.What.CLOCK, service, 8_000)));
    }
    return faults;
  }

  Detour detour(String component) {
    return component.equals(DATABASE) ? toDatabase : toBroker;
  }

  /** Sets a service's clock ahead of the machine's. */
  void setClock(String service, int aheadSeconds) throws IOException {
    Path file = clock(service);
    Files.createDirectories(file.getParent());
    Files.writeString(file, "+" + aheadSeconds + "\n");
  }

  private Path clock(String service) {
    return state.resolve("clock").resolve(service);
  }

  private static Path fakeTime() throws IOException {
    Path libraries = Path.of("/usr/lib");
    if (!Files.isDirectory(libraries)) {
      return null;
    }
    try (Stream<Path> directories = Files.list(libraries)) {
      return directories
          .map(directory -> directory.resolve("faketime/libfaketimeMT.so.1"))
          .filter(Files::isReadable)
          .findFirst()
          .orElse(null);
    }
  }

  /** Writes until nothing fits any more. */
  void fillDisk() {
    try (OutputStream out = Files.newOutputStream(ballast())) {
      byte[] block = new byte[BLOCK];
      for (long written = 0; written < DISK_BYTES; written += BLOCK) {
        out.write(block);
      }
    } catch (IOException e) {
      // full
    }
  }

  void freeDisk() throws IOException {
    Files.deleteIfExists(ballast());
  }

  private Path ballast() {
    return data().resolve("ballast");
  }

  private Path data() {
    return state.resolve("data");
  }

  private void mount() throws IOException {
    Files.createDirectories(data());
    mounted =
        "root".equals(System.getProperty("user.name"))
            && run("mount", "-t", "tmpfs", "-o", "size=" + DISK_BYTES, "tmpfs", data().toString());
  }

  private void unmount() throws IOException {
    if (Files.isDirectory(data())
        && !Files.getFileStore(data()).equals(Files.getFileStore(state))) {
      run("umount", data().toString());
    }
    mounted = false;
  }

  private static boolean run(String... command) throws IOException {
    try {
      return new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(new File("/dev/null"))
              .start()
              .waitFor()
          == 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Stops everything. The logs stay where they are until the next one begins. */
  @Override
  public void close() throws IOException {
    stack.abort();
    stack.stop();
    toDatabase.close();
    toBroker.close();
    unmount();
  }
}
