package io.vigie.chaos;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code ./vigie chaos}: breaks a platform of its own while clients work, and balances the books.
 */
@Command(
    name = "vigie chaos",
    description = {
      "Runs a platform of its own, lets clients work while faults strike, and compares what the clients",
      "were told with what the log, the services and their read models hold afterwards."
    },
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:everything is as it must be",
      "1:something differs, or the run could not be completed",
      "2:the command line is wrong"
    })
public final class Chaos implements Callable<Integer> {

  @Option(
      names = "--minutes",
      defaultValue = "2",
      description = "How long clients work, 1 to 600 (${DEFAULT-VALUE}).")
  private int minutes;

  @Option(
      names = "--seed",
      description =
          "Which faults strike when, and what clients do. Without one it is drawn, and told.")
  private Long seed;

  @Option(
      names = "--soak",
      description = "Let nothing strike, and watch what grows. Half an hour says something.")
  private boolean soak;

  @Option(
      names = "--surge",
      description =
          "Ask two services in turn for twice what each can do, for a quarter of a minute.")
  private boolean surge;

  /** The system property {@code vigie.root} names the checkout. */
  public static void main(String[] args) {
    System.exit(new CommandLine(new Chaos()).execute(args));
  }

  @Override
  public Integer call() throws Exception {
    if (minutes < 1 || minutes > 600 || soak && surge) {
      System.err.println(
          soak && surge
              ? "--soak or --surge, not both."
              : "--minutes is a whole number from 1 to 600.");
      return 2;
    }
    long chosen = seed == null ? ThreadLocalRandom.current().nextInt(1, 1_000_000) : seed;
    String command =
        surge
            ? "./vigie chaos --surge"
            : "./vigie chaos%s --minutes %d --seed %d"
                .formatted(soak ? " --soak" : "", minutes, chosen);
    System.out.println(command);
    ChaosRun run = new ChaosRun(place(), chosen, System.out);
    Duration time = Duration.ofMinutes(minutes);
    ChaosRun.Outcome outcome =
        surge
            ? run.surge()
            : soak ? run.soak(time) : run.faults(faults -> Schedule.of(chosen, time, faults));
    tell(outcome, command);
    return outcome.differences().isEmpty() ? 0 : 1;
  }

  private static ChaosRun.Place place() {
    Path root = Path.of(System.getProperty("vigie.root", "")).toAbsolutePath();
    return new ChaosRun.Place(
        root, root.resolve("chaos/target/stack"), root.resolve(".vigie/cache"));
  }

  private static void tell(ChaosRun.Outcome outcome, String command) {
    System.out.println();
    outcome.lines().forEach(System.out::println);
    System.out.println();
    System.out.println(outcome.summary());
    List<Difference> differences = outcome.differences();
    if (differences.isEmpty()) {
      System.out.println("No differences.");
      return;
    }
    System.out.printf("%d differences:%n%s%n", differences.size(), outcome.told());
    System.out.println("To see it again: " + command);
    System.out.println("What the components said: chaos/target/stack/log");
  }
}
