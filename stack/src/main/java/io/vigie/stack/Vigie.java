package io.vigie.stack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.stream.Stream;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * The command line, behind the shell script {@code vigie}, which builds what is missing and starts
 * this.
 */
@Command(
    name = "vigie",
    description = "Runs the whole platform on this machine.",
    synopsisSubcommandLabel = "COMMAND",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:it worked; for status, everything is healthy; for verify and demo, the log is intact",
      "1:it did not, and the message says why; for status, something is not healthy; for verify and demo, the log does not verify; for vulnerabilities, one is known",
      "2:the command line is wrong; for verify, what it is given cannot be read",
      "3:for verify, an export matches but numbers that its sources gave are missing from it; for restore, all is restored but the log refuses to go on",
      "130:interrupted"
    },
    footerHeading = "%nEnvironment:%n",
    footer = {
      "  VIGIE_PORT_OFFSET   shifts every port, so that two checkouts run side by side",
      "  VIGIE_JAVA_HOME     the JDK to use, 17 or newer; without it, the newest one found"
    })
public final class Vigie {
  private static final String FASTER =
      "Preparing faster starts in the background: once per build, for about two minutes.";
  private static final DateTimeFormatter MOMENT =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

  /** The exit code of a restore whose log refuses to go on. */
  private static final int REFUSED = 3;

  private static final String STAYS = "It keeps running: ./vigie down stops it.";

  private final Site site;
  private final Function<Site, Stack> stackOf;
  private final Stack stack;

  private volatile boolean interrupted;

  private Vigie(Site checkout, Function<Site, Stack> stackOf) {
    this.stackOf = stackOf;
    this.stack = stackOf.apply(checkout);
    this.site = stack.site(); // it need not be that of the checkout
    stack.believe();
  }

  /** Runs one command. The system property {@code vigie.root} names the checkout. */
  public static void main(String[] args) {
    System.exit(run(Stack::new, args));
  }

  /** Runs one command on the stack that is made of the checkout, and returns its exit code. */
  public static int run(Function<Site, Stack> stackOf, String... args) {
    try {
      Path root = Path.of(System.getProperty("vigie.root", "")).toAbsolutePath();
      Vigie vigie = new Vigie(Site.of(root, System.getenv()), stackOf);
      CommandLine line =
          new CommandLine(vigie)
              .addSubcommand(new LogCommand(vigie.stack))
              .addSubcommand(new PersonCommand(vigie.stack))
              .addSubcommand(new RealmCommand(vigie.site, System.getenv()))
              .addSubcommand(new VulnerabilitiesCommand());
      for (String passesOn : List.of("verify", "witness")) {
        line.getSubcommands()
            .get(passesOn)
            .setStopAtPositional(true)
            .setUnmatchedOptionsArePositionalParams(true);
      }
      return line.setExecutionExceptionHandler((error, failed, parsed) -> complain(error))
          .execute(args.length == 0 ? new String[] {"--help"} : args);
    } catch (StackException e) {
      return complain(e);
    }
  }

  private static int complain(Exception error) {
    System.err.println(
        error instanceof StackException ? error.getMessage() : "Unexpected: " + error);
    return 1;
  }

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this and end.")
  private boolean help;

  @Command(
      description = "Start everything; Ctrl-C stops it again.",
      mixinStandardHelpOptions = true)
  int up(
      @Option(
              names = {"-d", "--detach"},
              description = "Return when all is healthy and leave it running.")
          boolean detach,
      @Option(
              names = "--secure",
              description = {
                "From now on, encrypt every connection and have Kafka ask who is there.",
                "Data is kept; it stays so until ./vigie down --wipe."
              })
          boolean secure) {
    if (secure) {
      stack.secure();
    }
    if (healthy()) {
      System.out.println("Already up, and healthy.");
      addresses();
      return 0;
    }
    return start(
        !detach,
        () -> {
          addresses();
          if (detach) {
            System.out.println(STAYS);
          } else {
            System.out.println("Ctrl-C stops it.");
            watch();
          }
        });
  }

  @Command(
      description = {
        "Walk through the main job on this machine's real inventory; starts what does not run.",
        "It ends with the trail that this left in the log, verified."
      },
      mixinStandardHelpOptions = true)
  int demo(
      @Option(
              names = "--company",
              description = {
                "Instead, seed a company of 200 people and 800 assets, with a quarter",
                "of backup runs, incidents and a review under way. Once on a stack."
              })
          boolean company,
      @Option(
              names = "--at",
              paramLabel = "DOMAIN",
              description = {
                "On the platform of deploy/compose.yaml with demo accounts, at audit.DOMAIN",
                "and so on, instead of this machine's stack; that one is not started."
              })
          String domain)
      throws InterruptedException, IOException {
    if (domain != null) {
      site.create();
      demo(ComposedPlatform.of(site.root(), System.getenv(), domain), company);
      return 0;
    }
    if (!healthy()) {
      System.out.println("Starting the platform:");
      int exit = start(false, () -> System.out.println(STAYS));
      if (exit != 0) {
        return exit;
      }
    }
    demo(stack, company);
    return 0;
  }

  private void demo(Platform platform, boolean company) throws InterruptedException, IOException {
    if (company) {
      CompanyDemo.run(platform, Clock.systemUTC(), Company.read());
    } else {
      Demo.run(site, platform, Clock.systemUTC());
    }
    System.out.printf(
        "%nThe console: %s (sign in as staff, password %s, or as another demo account)%n",
        platform.url(Console.NAME), Keycloak.password("staff"));
  }

  private boolean healthy() {
    return stack.components().stream().allMatch(c -> stack.healthy(c.name()));
  }

  /**
   * Starts what does not run, then does the rest. An interruption of the start stops what it
   * started; in the foreground, one at any time stops everything.
   *
   * @return the exit code
   */
  private int start(boolean foreground, Runnable rest) {
    CountDownLatch started = new CountDownLatch(1);
    AtomicBoolean over = new AtomicBoolean();
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  if (!over.get()) {
                    interrupt(started, foreground);
                  }
                }));
    try {
      long began = System.nanoTime();
      try {
        stack.start(Vigie::progress);
      } finally {
        over.set(!foreground);
        started.countDown();
      }
      System.out.printf(
          Locale.ROOT, "%nAll healthy after %.1f s.%n", (System.nanoTime() - began) / 1e9);
      rest.run();
      return 0;
    } catch (StackException e) {
      if (interrupted) {
        return 130;
      }
      throw e;
    } finally {
      over.set(true);
    }
  }

  private void interrupt(CountDownLatch started, boolean everything) {
    interrupted = true;
    System.out.println("\nStopping.");
    try {
      stack.abort();
      // It holds the lock, and stops itself what it started.
      started.await();
      if (everything) {
        stack.stop();
      }
      System.out.println("Stopped.");
      if (everything && stack.makeArchives()) {
        System.out.println(FASTER);
      }
    } catch (InterruptedException | StackException e) {
      System.err.println(e.getMessage());
    }
  }

  /** Reports each component that dies, once; returns when another vigie stopped them all. */
  private void watch() {
    Set<String> suspected = new HashSet<>();
    Set<String> reported = new HashSet<>();
    while (stack.components().stream().anyMatch(c -> stack.daemon(c.name()).expected())) {
      Daemon.pause(Duration.ofSeconds(1));
      for (Component component : stack.components()) {
        Daemon daemon = stack.daemon(component.name());
        boolean dead = daemon.expected() && !daemon.alive();
        // Seen dead twice: the first time, a vigie down may be just about to take its pid file
        // away.
        if (dead && !suspected.add(component.name()) && reported.add(component.name())) {
          System.err.printf(
              "%s died; the rest goes on. Its log: %s. To start it again: ./vigie up%n",
              component.name(), daemon.log());
        }
        if (!dead) {
          suspected.remove(component.name());
          reported.remove(component.name());
        }
      }
    }
    if (!interrupted) {
      System.out.println("Stopped from elsewhere.");
    }
  }

  @Command(description = "Stop everything.", mixinStandardHelpOptions = true)
  int down(@Option(names = "--wipe", description = "Delete all data, too.") boolean wipe) {
    System.out.println(stack.running() ? "Stopping." : "Nothing runs.");
    if (wipe) {
      stack.wipe();
      System.out.println("All data is deleted.");
    } else {
      stack.stop();
      if (stack.makeArchives()) {
        System.out.println(FASTER);
      }
    }
    return 0;
  }

  @Command(
      description = {
        "Copy all that the running stack knows into a folder; nothing is stopped.",
        "It is as at one moment, and readable by its owner alone."
      },
      mixinStandardHelpOptions = true)
  int backup(
      @Parameters(
              paramLabel = "DIR",
              arity = "0..1",
              description = {
                "The folder, which must not exist. Without it, one named after the moment",
                "in .vigie/backups."
              })
          Path folder)
      throws IOException {
    Path target =
        folder == null
            ? site.state().resolve("backups").resolve(MOMENT.format(Instant.now()))
            : folder;
    Duration frozen = new Backup(stack).into(target);
    long bytes = 0;
    try (Stream<Path> files = Files.list(target)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        bytes += Files.size(file);
      }
    }
    System.out.printf(
        Locale.ROOT,
        "%s: %d MiB. Kafka stood still for %.1f s.%n",
        target,
        bytes >> 20,
        frozen.toMillis() / 1e3);
    System.out.println("Keep it elsewhere, and person-keys.tar and secrets.tar apart from it.");
    return 0;
  }

  @Command(
      description = {
        "Put a backup in the place of this stack, which does not run; start it, verify its log.",
        "A backup that is not as it was made is refused."
      },
      mixinStandardHelpOptions = true)
  int restore(
      @Parameters(paramLabel = "DIR", description = "The folder that ./vigie backup made.")
          Path folder,
      @Option(names = "--wipe", description = "Delete the data that is here.") boolean wipe,
      @Option(
              names = "--checkpoint",
              paramLabel = "FILE",
              description = {
                "The newest checkpoint of the log that was kept elsewhere; without it, the",
                "newest of the backup and of the data that is here. An older log refuses to go on."
              })
          Path checkpoint)
      throws IOException, InterruptedException {
    new Restore(stack).from(folder, wipe, checkpoint);
    System.out.println("Restored. Starting the platform:");
    return new Vigie(site, stackOf).goOn(folder); // with the passwords that were restored
  }

  private int goOn(Path backup) throws IOException, InterruptedException {
    int exit = start(false, () -> System.out.println(STAYS + "\n"));
    if (exit != 0) {
      return exit;
    }
    Restore restored = new Restore(stack);
    int verdict = restored.verify(backup);
    if (verdict != 0 && verdict != Verification.NUMBERS_MISSING) {
      throw new StackException(
          "All is restored, but its log does not verify: do not work with it, and restore another backup.");
    }
    Optional<String> refusal = restored.refusal();
    if (refusal.isEmpty()) {
      System.out.println("\nThe log goes on.");
      return 0;
    }
    System.out.println("\nThe log refuses to go on. " + refusal.get());
    System.out.println(
        "Restore a newer backup; if there is none: ./vigie log succeed --origin NEW --reason \"…\"");
    return REFUSED;
  }

  @Command(
      description = "Show each component: process, ports, health.",
      mixinStandardHelpOptions = true)
  int status() {
    boolean well = true;
    System.out.printf(
        "%-12s %-9s %8s %-12s %-22s %s%n",
        "component", "state", "pid", "ports", "since (UTC)", "address");
    for (Component component : stack.components()) {
      Daemon daemon = stack.daemon(component.name());
      boolean healthy = stack.healthy(component.name());
      well &= healthy;
      String state =
          healthy ? "healthy" : daemon.alive() ? "unwell" : daemon.expected() ? "died" : "stopped";
      System.out.printf(
          "%-12s %-9s %8s %-12s %-22s %s%n",
          component.name(),
          state,
          daemon.process().map(p -> Long.toString(p.pid())).orElse("-"),
          String.join(",", component.ports().stream().map(String::valueOf).toList()),
          daemon.since().map(Vigie::time).orElse("-"),
          component.address());
    }
    return well ? 0 : 1;
  }

  @Command(description = "Show a component's log.", mixinStandardHelpOptions = true)
  int logs(
      @Parameters(paramLabel = "NAME", description = "The component, as status names it.")
          String name,
      @Option(
              names = {"-f", "--follow"},
              description = "Go on as it grows.")
          boolean follow,
      @Option(
              names = {"-n", "--lines"},
              defaultValue = "100",
              description = "How many lines (${DEFAULT-VALUE}).")
          int lines)
      throws IOException, InterruptedException {
    Path log = stack.daemon(name).log();
    if (!Files.exists(log)) {
      throw new StackException(name + " has no log yet: it never ran here.");
    }
    ProcessBuilder tail = new ProcessBuilder("tail", "-n", Integer.toString(lines), log.toString());
    if (follow) {
      tail.command().add(1, "-F");
    }
    return tail.inheritIO().start().waitFor();
  }

  @Command(
      description = {
        "Check the traceability log: an export, the log as it is served, a receipt, a pack of evidence.",
        "What is not given is that of the running stack; ./vigie verify log --help shows all options."
      },
      mixinStandardHelpOptions = true)
  int verify(
      @Parameters(
              paramLabel = "WHAT",
              arity = "0..*",
              description = {
                "FILE or export FILE; log [URL|DIR]; receipt FILE; pack FILE.",
                "Without anything, an export is taken from the running stack."
              })
          List<String> words)
      throws IOException, InterruptedException {
    return new Verification(site, stack).with(words == null ? List.of() : words);
  }

  @Command(
      description = "Be a witness of logs: cosign what extends what was cosigned before.",
      mixinStandardHelpOptions = true)
  int witness(
      @Parameters(
              paramLabel = "OPTION",
              arity = "0..*",
              description = "Those of the verifier's witness; without any, they are shown.")
          List<String> words)
      throws IOException, InterruptedException {
    List<String> arguments = new ArrayList<>(List.of("witness"));
    arguments.addAll(words == null ? List.of("--help") : words);
    return new Verification(site, stack).verifier(arguments);
  }

  private static void progress(String component, String what) {
    System.out.printf("  %-12s %s%n", component, what);
  }

  private static String time(Instant instant) {
    return DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss")
        .withZone(ZoneOffset.UTC)
        .format(instant);
  }

  private void addresses() {
    System.out.println();
    for (Component component : stack.components()) {
      if (component.address().startsWith("http")) {
        System.out.printf("  %-12s %s%n", component.name(), component.address());
      }
    }
    System.out.println();
    if (stack.isSecure()) {
      System.out.println("  All of it over TLS. Have browsers and tools believe the authority");
      System.out.println("    " + site.tls().authority());
      System.out.println();
    }
    System.out.println("  Demo accounts, password = name followed by -demo-only:");
    System.out.println("    " + String.join(", ", Keycloak.ACCOUNTS));
    System.out.println();
  }
}
