package io.vigie.chaos;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

import io.vigie.stack.StackException;

/** One run: clients at work, what is to happen to them, rest, and the books balanced. */
public final class ChaosRun {

  /**
   * Where a run takes place.
   *
   * @param root the checkout whose packaged services are run
   * @param state of the platform; emptied first
   * @param cache of unpacked programs
   */
  public record Place(Path root, Path state, Path cache) {}

  /**
   * What came of it.
   *
   * @param differences none when all is as it must be
   * @param lines what happened: for each fault, or of what was measured
   */
  public record Outcome(List<Difference> differences, List<String> lines, String summary) {

    /** The differences, for people to read. */
    public String told() {
      return String.join("\n", differences.stream().map(Difference::toString).toList());
    }
  }

  /** What a run goes by, on a platform that is up. */
  private record Scene(
      Platform platform,
      Api api,
      Ledger ledger,
      Timeline timeline,
      Checkpoints checkpoints,
      Faults faults,
      List<String> lines) {}

  /** A part of a run, which tells what is not as it must be. */
  private interface Part {
    List<Difference> on(Scene scene) throws IOException, SQLException, InterruptedException;
  }

  /** Runs that last so long start so much again that two minutes of preparation are made up for. */
  private static final Duration WORTH_ARCHIVES = Duration.ofMinutes(5);

  private final Place place;
  private final long seed;
  private final PrintStream out;
  private final long begun = System.nanoTime();

  /**
   * @param seed of what clients decide by
   * @param out where progress is told
   */
  public ChaosRun(Place place, long seed, PrintStream out) {
    this.place = place;
    this.seed = seed;
    this.out = out;
  }

  /**
   * Clients work while faults strike.
   *
   * @param plan makes the schedule of the faults that can strike here
   * @throws IllegalStateException when a fault cannot be mended
   */
  public Outcome faults(Function<List<Fault>, Schedule> plan)
      throws IOException, SQLException, InterruptedException {
    return run(
        scene -> {
          List<String> missing = new ArrayList<>();
          Schedule schedule = plan.apply(scene.platform().faults(missing));
          missing.forEach(reason -> say("Here, " + reason + "."));
          if (schedule.length().compareTo(WORTH_ARCHIVES) >= 0) {
            say("What lets components start again as fast as elsewhere is made.");
            scene.platform().makeArchives();
          }
          say("Clients work, " + schedule.strikes().size() + " faults strike.");
          List<Difference> differences = work(scene, schedule);
          scene.lines().addAll(scene.timeline().lines());
          return differences;
        },
        this::restore);
  }

  /** Clients work and nothing strikes; what grows meanwhile is a difference. */
  public Outcome soak(Duration time) throws IOException, SQLException, InterruptedException {
    return run(
        scene -> {
          try (Watch watch =
              new Watch(scene.platform().stack(), scene.platform().stack().names())) {
            say("Clients work; what is held on to is watched.");
            List<Difference> differences =
                new ArrayList<>(work(scene, new Schedule(time, List.of())));
            scene.lines().addAll(watch.lines());
            differences.addAll(watch.growth());
            return differences;
          }
        },
        scene -> List.of());
  }

  /** More is asked for than can be done. */
  public Outcome surge() throws IOException, SQLException, InterruptedException {
    return run(
        scene -> {
          List<Difference> differences = new ArrayList<>();
          Books books = books(scene);
          for (Surge.Command command : Surge.COMMANDS) {
            say("More is asked for than " + command.service() + "-service can do.");
            Surge surge = new Surge(command, scene.api(), scene.ledger(), books::awaitRest);
            surge.run();
            scene.lines().addAll(surge.lines());
            differences.addAll(surge.differences());
          }
          return differences;
        },
        scene -> List.of());
  }

  /**
   * @param last what follows when everything is as it must be; otherwise it all stays as it is, to
   *     be looked at
   */
  private Outcome run(Part first, Part last)
      throws IOException, SQLException, InterruptedException {
    Platform platform = new Platform(place.root(), place.state(), place.cache());
    Thread atExit = new Thread(() -> closeQuietly(platform));
    Runtime.getRuntime().addShutdownHook(atExit);
    try {
      say("Starting the platform.");
      platform.start();
      Api api = new Api(platform.stack());
      Timeline timeline = new Timeline();
      try (Checkpoints checkpoints = new Checkpoints(api::checkpoint);
          Faults faults = new Faults(platform, timeline)) {
        checkpoints.begin();
        return run(
            new Scene(
                platform, api, new Ledger(), timeline, checkpoints, faults, new ArrayList<>()),
            first,
            last);
      }
    } finally {
      Runtime.getRuntime().removeShutdownHook(atExit);
      platform.close();
    }
  }

  private Outcome run(Scene scene, Part first, Part last)
      throws IOException, SQLException, InterruptedException {
    List<Difference> differences = new ArrayList<>(first.on(scene));
    scene
        .timeline()
        .failures()
        .forEach(
            (request, answers) ->
                differences.add(
                    new Difference(
                        request,
                        "503 for what passes, and never 500",
                        "500, times: %d, first at %s".formatted(answers.size(), answers.get(0)))));
    Books books = books(scene);
    differences.addAll(balance(scene, books));
    differences.addAll(scene.faults().deaths());
    scene.faults().close(); // what stops from here on is stopped on purpose
    if (differences.isEmpty()) {
      differences.addAll(last.on(scene));
    }
    return new Outcome(differences, scene.lines(), summary(scene, books));
  }

  private Books books(Scene scene) throws SQLException {
    return new Books(
        scene.platform(), scene.api(), place.root().resolve("verifier/target/vigie-verifier.jar"));
  }

  /** Tells who got nowhere. */
  private List<Difference> work(Scene scene, Schedule schedule) throws InterruptedException {
    scene.timeline().begin();
    Load load = new Load(scene.api(), scene.ledger(), scene.timeline(), seed);
    try {
      scene.faults().run(schedule);
    } finally {
      load.stop();
    }
    say("Everything is mended, and clients have stopped.");
    scene.lines().add(load.line());
    return load.differences(schedule.length());
  }

  private List<Difference> restore(Scene scene) throws IOException, InterruptedException {
    say("An older database is put back.");
    Ledger ledger = new Ledger();
    Client client = new Client(scene.api(), ledger, new Timeline(), seed);
    return new Rewind(scene.platform(), scene.api(), ledger)
        .restoreAfter(client, new IncidentJourney());
  }

  private List<Difference> balance(Scene scene, Books books)
      throws IOException, SQLException, InterruptedException {
    books.awaitRest().ifPresent(last -> say("Last of all, " + last + " was waited for."));
    // As a relay may that crashed: whoever reads them has worked all of them by now.
    int again = Repetition.send(scene.platform().stack().address(Platform.BROKER));
    say("Nothing waits any more. " + again + " records are sent again; the books are balanced.");
    return books.balance(scene.ledger(), scene.checkpoints());
  }

  private void say(String what) {
    out.printf("%5d s  %s%n", TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begun), what);
  }

  private static String summary(Scene scene, Books books) {
    Ledger ledger = scene.ledger();
    Timeline timeline = scene.timeline();
    return String.format(
        Locale.ROOT,
        "%,d writes: %,d done, %,d refused, %,d given up. %,d requests were to be tried again, %,d"
            + " got no answer. %,d checkpoints seen. %,d mails came again under their Message-ID."
            + " %,d writes were asked for again under their key.",
        ledger.writes().size(),
        ledger.count(Write.Fate.DONE),
        ledger.count(Write.Fate.REFUSED),
        ledger.count(Write.Fate.UNKNOWN),
        timeline.count(Timeline.Answer.LATER),
        timeline.count(Timeline.Answer.NONE),
        scene.checkpoints().count(),
        books.repeatedMails(),
        ledger.repeated());
  }

  private static void closeQuietly(Platform platform) {
    try {
      platform.close();
    } catch (IOException e) {
      System.err.println("The platform could not be stopped: " + e.getMessage());
    } catch (StackException e) {
      System.err.println(e.getMessage());
    }
  }
}
