package io.vigie.stack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * The whole platform on one machine: PostgreSQL, Kafka, Keycloak, a mail sink, the five services
 * and the console. Its processes outlive this object; another one on the same {@link Site} finds
 * them again.
 *
 * <p>Methods that take a component's name throw {@link StackException} when there is no such
 * component.
 */
public final class Stack implements Platform {
  private static final Duration GRACE = Duration.ofSeconds(15);

  private final Site site;
  private final Secrets secrets;
  private final Postgres postgres;
  private final Keycloak keycloak;
  private final Map<String, Component> components = new LinkedHashMap<>();
  private final Map<String, Daemon> daemons = new LinkedHashMap<>();
  private final Map<String, Consumer<ProcessBuilder>> adjustments = new ConcurrentHashMap<>();
  private final Daemon archiver;

  /** Completed, with the reason, by the first failure of a start: it does not go on. */
  private final CompletableFuture<Void> failure = new CompletableFuture<>();

  /** The stack of a site, running or not, with all its components. */
  public Stack(Site site) {
    this(site, component -> true);
  }

  /** The stack of a site, of the components with these names alone; none may need another. */
  public Stack(Site site, String... names) {
    this(site, component -> List.of(names).contains(component.name()));
  }

  private Stack(Site site, Predicate<Component> comprised) {
    this.site = site;
    try {
      secrets = new Secrets(site.secrets());
    } catch (IOException e) {
      throw new StackException("Cannot read under " + site.state() + ": " + e.getMessage(), e);
    }
    postgres = new Postgres(site, secrets);
    keycloak = new Keycloak(site, secrets, postgres);
    List<Component> all =
        new ArrayList<>(List.of(postgres, new Kafka(site, secrets), keycloak, new Mail(site)));
    Service.NAMES.forEach(name -> all.add(new Service(site, secrets, name)));
    all.add(new Console(site, secrets));
    all.removeIf(comprised.negate());
    for (Component component : all) {
      components.put(component.name(), component);
      daemons.put(
          component.name(),
          new Daemon(site.run().resolve(component.name() + ".pid"), site.log(component.name())));
    }
    archiver = new Daemon(site.run().resolve("archives.pid"), site.log("archives"));
  }

  /**
   * A distance at which every port is free at this moment, below the range the system gives to
   * clients.
   */
  public static int freeOffset() {
    Site documented = new Site(Path.of(""), Path.of(""), Path.of(""), 0);
    List<Integer> ports = new ArrayList<>();
    for (Component component : new Stack(documented).components()) {
      ports.addAll(component.ports());
    }
    ports.add(Kafka.OWN_PORT);
    for (int attempt = 0; attempt < 100; attempt++) {
      int offset = ThreadLocalRandom.current().nextInt(1_000, 17_000);
      if (ports.stream().allMatch(port -> ListeningPorts.free(port + offset))) {
        return offset;
      }
    }
    throw new StackException("Found no set of free ports in 100 attempts.");
  }

  Site site() {
    return site;
  }

  Postgres postgres() {
    return postgres;
  }

  List<Component> components() {
    return List.copyOf(components.values());
  }

  Component component(String name) {
    Component component = components.get(name);
    if (component == null) {
      throw new StackException(
          "There is no component "
              + name
              + ". There are: "
              + String.join(", ", components.keySet())
              + ".");
    }
    return component;
  }

  Daemon daemon(String name) {
    component(name);
    return daemons.get(name);
  }

  /** Whether the process runs and answers. */
  @Override
  public boolean healthy(String name) {
    try {
      if (!daemon(name).alive()) {
        return false;
      }
      component(name).probe();
      return true;
    } catch (StackException e) {
      throw e;
    } catch (Exception e) {
      return false;
    }
  }

  /** Whether any process of this stack runs. */
  public boolean running() {
    return daemons.values().stream().anyMatch(Daemon::alive);
  }

  /** The address of a component that speaks HTTP, without a path. */
  @Override
  public URI url(String name) {
    return URI.create(component(name).address());
  }

  /** Where a component is reached, as its users write it: a URL, or host and port. */
  public String address(String name) {
    return component(name).address();
  }

  /** The ports that a component listens on. */
  public List<Integer> ports(String name) {
    return component(name).ports();
  }

  /**
   * The settings of a client of the broker that signs in as this principal of {@code
   * deploy/kubernetes}; where the broker asks nobody who they are, those of any client.
   */
  public Map<String, Object> kafkaClient(String principal) {
    Map<String, Object> settings = new HashMap<>(Kafka.login(site, secrets, principal));
    settings.put("bootstrap.servers", address(Kafka.NAME));
    return settings;
  }

  /** What a Java program is started with so that it believes the certificates of this stack. */
  public List<String> javaOptions() {
    return site.tls().javaOptions();
  }

  /** Whether every port of this stack asks for TLS. */
  public boolean isSecure() {
    return site.tls().used();
  }

  /**
   * Has every connection be encrypted, and the broker ask who is there, from the next start on. It
   * stays so until all state is deleted; data that is here is kept.
   *
   * @throws StackException while anything of it runs that is not encrypted
   */
  public void secure() {
    site.exclusively(
        () -> {
          if (!isSecure() && running()) {
            throw new StackException(
                "This stack runs without encryption. Stop it before: ./vigie down");
          }
          try {
            site.tls().use();
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  /** A connection to a database as the superuser, for tests that do what no service may. */
  public Connection superuser(String database) throws SQLException {
    return postgres.connect(database);
  }

  @Override
  public String token(String account) throws IOException {
    return keycloak.tokens().account(account);
  }

  @Override
  public String toolToken() throws IOException {
    return keycloak.tokens().client(Keycloak.TOOL, toolSecret());
  }

  @Override
  public String toolSecret() {
    return keycloak.secret(Keycloak.TOOL);
  }

  @Override
  public String hrToken() throws IOException {
    return keycloak.tokens().client(Keycloak.HR, keycloak.secret(Keycloak.HR));
  }

  @Override
  public URI administration() {
    return url(Keycloak.NAME);
  }

  @Override
  public String adminToken() throws IOException {
    return keycloak.adminToken();
  }

  /**
   * Starts everything that does not run yet and returns when all of it is healthy. When anything
   * fails, what this call started is stopped again.
   *
   * @throws StackException when a port is taken, the disk is nearly full, or a component does not
   *     become healthy
   */
  public void start(Component.Progress progress) {
    site.exclusively(() -> startAll(progress));
  }

  private void startAll(Component.Progress progress) {
    List<Component> missing =
        components().stream().filter(c -> !daemons.get(c.name()).alive()).toList();
    site.requireWhole();
    site.requireSpace(site.usableSpace());
    archiver.stop("TERM", GRACE);
    ListeningPorts.requireFree(missing);
    if (isSecure()) {
      certify(progress);
    }
    site.recordOffset();
    ExecutorService threads = Executors.newCachedThreadPool();
    try {
      startInOrder(progress, threads);
    } catch (CompletionException e) {
      end(threads);
      stop(missing);
      if (!running()) {
        site.forgetOffset();
      }
      throw e.getCause() instanceof StackException known
          ? known
          : new StackException("Unexpected: " + e.getCause(), e.getCause());
    } finally {
      threads.shutdownNow();
    }
  }

  /** Sees to it that each component has a certificate, and that this program believes them. */
  private void certify(Component.Progress progress) {
    try {
      if (running() && site.tls().lacksAny(names())) {
        // What runs believes the authority that is here, and its key is gone.
        throw new StackException(
            "A component has no certificate yet. Stop the stack before: ./vigie down");
      }
      if (!running() && site.tls().due(names(), Instant.now())) {
        progress.say(Tls.DIRECTORY, "making certificates (once a year)");
        site.tls().make(names());
      }
      site.tls().renewTrust();
      believe();
    } catch (IOException | GeneralSecurityException e) {
      throw new StackException("The certificates could not be made: " + e, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StackException("The start was interrupted.", e);
    }
  }

  /**
   * Has this program believe the certificates of this stack. Where no authority can be read, it
   * believes none of them, and the next start makes them anew.
   */
  void believe() {
    try {
      Http.trust(Tls.certificates(site.tls().authority()).get(0));
    } catch (IOException e) {
      // None is there, or none is whole: no command but a start can do anything about it.
    }
  }

  /** Interrupts what is being prepared and started, and waits until nobody starts anything more. */
  private static void end(ExecutorService threads) {
    threads.shutdownNow();
    try {
      threads.awaitTermination(30, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Prepares all components at once and starts each when what it needs is healthy; the first
   * failure is thrown at once.
   */
  private void startInOrder(Component.Progress progress, ExecutorService threads) {
    Map<String, CompletableFuture<Void>> started = new LinkedHashMap<>();
    for (Component component : components()) {
      List<CompletableFuture<Void>> before = new ArrayList<>();
      component.needs().forEach(needed -> before.add(started.get(component(needed).name())));
      // By itself: a chain waits for all it needs before it passes on that one of them failed.
      before.add(
          CompletableFuture.runAsync(() -> prepare(component, progress), threads)
              .whenComplete((done, error) -> failWith(error)));
      started.put(
          component.name(),
          CompletableFuture.allOf(before.toArray(CompletableFuture[]::new))
              .thenRunAsync(() -> launch(component, progress), threads)
              .whenComplete((done, error) -> failWith(error)));
    }
    CompletableFuture<Void> all =
        CompletableFuture.allOf(started.values().toArray(CompletableFuture[]::new));
    CompletableFuture.anyOf(all, failure).join();
  }

  private void failWith(Throwable error) {
    if (error != null) {
      failure.completeExceptionally(error);
    }
  }

  private void prepare(Component component, Component.Progress progress) {
    if (daemons.get(component.name()).alive()) {
      return;
    }
    try {
      component.prepare(progress);
    } catch (Exception e) {
      throw explained(component, e);
    }
  }

  private void launch(Component component, Component.Progress progress) {
    long began = System.nanoTime();
    try {
      Daemon daemon = daemons.get(component.name());
      if (daemon.alive()) {
        // A backup that was killed leaves the broker frozen.
        daemon.signal("CONT");
        awaitHealthy(component, daemon);
      } else {
        begin(component, daemon);
      }
      component.provision();
    } catch (Exception e) {
      throw explained(component, e);
    }
    double seconds = (System.nanoTime() - began) / 1e9;
    progress.say(
        component.name(),
        String.format(Locale.ROOT, "healthy on %s after %.1f s", component.address(), seconds));
  }

  /**
   * Starts the process, from its archive of classes where there is one, and returns when it is
   * healthy. An archive that ends the JVM is damaged: it goes, and the start goes on without.
   */
  void begin(Component component, Daemon daemon) throws Exception {
    ClassArchive archive = archive(component);
    boolean archived = archive.exists();
    ProcessBuilder process = adjusted(component);
    spawn(daemon, archived ? archive.use(process) : archive.list(process));
    try {
      awaitHealthy(component, daemon);
    } catch (StackException e) {
      if (!archived || daemon.alive()) {
        throw e;
      }
      spawn(daemon, adjusted(component));
      awaitHealthy(component, daemon);
      archive.delete();
    }
    archive.keepList();
  }

  /** Not once starts are to end: who stops everything may have been here already. */
  private void spawn(Daemon daemon, ProcessBuilder process) throws IOException {
    requireNoEnd();
    daemon.start(process);
    if (failure.isCompletedExceptionally()) {
      daemon.stop("KILL", GRACE);
      requireNoEnd();
    }
  }

  private void requireNoEnd() {
    if (failure.isCompletedExceptionally()) {
      throw new StackException("The start was interrupted.");
    }
  }

  private ClassArchive archive(Component component) throws Exception {
    return ClassArchive.of(site, component, component.command());
  }

  private StackException explained(Component component, Exception cause) {
    if (cause instanceof StackException known) {
      return known;
    }
    Words words = daemons.get(component.name()).words();
    return new StackException(
        words.failure(component.name() + " could not start (" + cause + ")"), cause);
  }

  /** Starts one component and returns when it is healthy; what it needs must run. */
  public void start(String name) {
    prepare(name);
    launch(component(name), (component, what) -> {});
  }

  /** Returns when the component is healthy. */
  public void awaitHealthy(String name) {
    awaitHealthy(component(name), daemons.get(name));
  }

  private void awaitHealthy(Component component, Daemon daemon) {
    long deadline = System.nanoTime() + component.patience().toNanos();
    while (true) {
      if (!daemon.alive()) {
        throw new StackException(
            daemon.words().failure(component.name() + " ended while it was starting"));
      }
      try {
        component.probe();
        return;
      } catch (Exception e) {
        if (System.nanoTime() > deadline) {
          String what =
              "%s is not healthy after %d s (%s)"
                  .formatted(component.name(), component.patience().toSeconds(), e.getMessage());
          throw new StackException(daemon.words().failure(what), e);
        }
      }
      Daemon.pause(Duration.ofMillis(100));
    }
  }

  /** Puts in its place what {@link #command} needs, which {@link #start(String)} does by itself. */
  public void prepare(String name) {
    prepare(component(name), (component, what) -> {});
  }

  /** The command, environment and directory that the component is started with. */
  public ProcessBuilder command(String name) {
    try {
      return archive(component(name)).use(adjusted(component(name)));
    } catch (Exception e) {
      throw explained(component(name), e);
    }
  }

  /**
   * Has the component started with these changes of its command and its environment, from its next
   * start by this object on.
   */
  public void adjust(String name, Consumer<ProcessBuilder> change) {
    adjustments.put(component(name).name(), change);
  }

  private ProcessBuilder adjusted(Component component) throws Exception {
    ProcessBuilder process = component.command();
    adjustments.getOrDefault(component.name(), unchanged -> {}).accept(process);
    return process;
  }

  /** The names of all components, in the order in which they start. */
  public List<String> names() {
    return List.copyOf(components.keySet());
  }

  /** The number of the component's process; empty while it does not run. */
  public OptionalLong pid(String name) {
    return daemon(name)
        .process()
        .map(process -> OptionalLong.of(process.pid()))
        .orElse(OptionalLong.empty());
  }

  /** Ends a process at once, as a power cut would (KILL). */
  public void kill(String name) {
    daemon(name).stop("KILL", GRACE);
  }

  /**
   * Freezes a process and its children (STOP): they keep their connections and locks and do
   * nothing. Returns once that is so.
   */
  public void freeze(String name) {
    daemon(name).freeze(GRACE);
  }

  /** Lets a frozen process go on (CONT). */
  public void thaw(String name) {
    daemon(name).signal("CONT");
  }

  /** Stops one component in good order, killing it after {@code 15 s}. */
  public void stop(String name) {
    stop(component(name));
  }

  private void stop(Component component) {
    daemons.get(component.name()).stop(component.stopSignal(), GRACE);
  }

  /** Stops everything in the reverse order of the start; the services at the same time. */
  public void stop() {
    site.exclusively(this::stopNow);
  }

  /** Makes a start under way fail, which stops what it started; it and its like start no more. */
  public void abort() {
    failure.completeExceptionally(new StackException("The start was interrupted."));
  }

  /** What {@link #stop()} does, for who has the site to itself already. */
  void stopNow() {
    archiver.stop("TERM", GRACE);
    stop(components());
    site.forgetOffset();
  }

  /** Tries all the services at once, then each of the others, before it throws. */
  private void stop(List<Component> some) {
    List<Component> reverse = new ArrayList<>(some);
    Collections.reverse(reverse);
    AtomicReference<StackException> survivor = new AtomicReference<>();
    Consumer<Component> attempt =
        component -> {
          try {
            stop(component);
          } catch (StackException e) {
            survivor.set(e);
          }
        };
    reverse.stream().filter(Service.class::isInstance).parallel().forEach(attempt);
    reverse.forEach(attempt);
    if (survivor.get() != null) {
      throw survivor.get();
    }
  }

  /**
   * Begins to make, of what the components loaded before they were stopped, what lets them start
   * faster next time: once per build, in the background, one after the other. The next start, stop
   * or wipe ends that; what is made by then is kept.
   *
   * @return whether there is anything to make
   */
  public boolean makeArchives() {
    site.exclusively(
        () -> {
          String making =
              components().stream()
                  .flatMap(component -> making(component).stream())
                  .collect(Collectors.joining("\n"));
          if (!making.isEmpty()) {
            // A JVM at this work does not listen to TERM.
            String script = "trap 'kill -9 $!; exit' TERM\n" + making;
            try {
              archiver.start(new ProcessBuilder("sh", "-c", script));
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          }
        });
    return archiver.alive();
  }

  private Optional<String> making(Component component) {
    try {
      return archive(component).making(component.command());
    } catch (Exception e) {
      // Not all of its programs are here: it never started.
      return Optional.empty();
    }
  }

  /** Whether archives are being made at this moment. */
  public boolean makesArchives() {
    return archiver.alive();
  }

  /** Stops everything and deletes all state; the unpacked programs stay. */
  public void wipe() {
    site.exclusively(
        () -> {
          stopNow();
          site.wipe();
        });
  }
}
