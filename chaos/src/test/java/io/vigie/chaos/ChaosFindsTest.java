package io.vigie.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.vigie.testkit.BrokenBuild;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static io.vigie.chaos.Fault.What.FREEZE;
import static io.vigie.chaos.Fault.What.REPEAT;
import static java.util.stream.Collectors.toList;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * That the books would not balance if the platform lost or doubled something: three services of a
 * build are broken on purpose, each in a way of its own that shows in differences of its own.
 */
class ChaosFindsTest {

  private static final Path ROOT = Path.of(System.getProperty("vigie.root"));
  private static final Path TARGET = ROOT.resolve("chaos/target");

  private static ChaosRun.Outcome outcome;

  @BeforeAll
  static void theBooksOfABrokenBuild() throws Exception {
    BrokenBuild broken =
        new BrokenBuild(ROOT, TARGET.resolve("broken"))
            .with(
                "asset",
                "kernel/src/main/java/io/vigie/kernel/outbox/RelayRun.java",
                ChaosFindsTest::forgettingFactsBeforeTheBrokerHasThem)
            .with(
                "incident",
                "kernel/src/main/java/io/vigie/kernel/inbox/Inbox.java",
                ChaosFindsTest::forgettingWhatWasWorked)
            .with(
                "audit",
                "audit-service/src/main/java/io/vigie/audit/intake/EntryRows.java",
                ChaosFindsTest::takingAnEventInTwice);
    ChaosRun.Place place =
        new ChaosRun.Place(broken.root(), TARGET.resolve("chaos"), ROOT.resolve(".vigie/cache"));
    // A broker that stands still for longer than the relay waits for it never gets what is on its
    // way: one batch, of which the broker may already have all but the answer, so it happens more
    // than once. Between two of them every relay has time to begin again, on a slow machine too.
    Schedule schedule =
        new Schedule(
            Duration.ofSeconds(90),
            List.of(
                strike(8, 13, FREEZE, "kafka"),
                strike(32, 13, FREEZE, "kafka"),
                strike(56, 13, FREEZE, "kafka"),
                strike(84, 2, REPEAT, "kafka")));
    outcome = new ChaosRun(place, 1, System.out).faults(faults -> schedule);
    outcome.lines().forEach(System.out::println);
    System.out.println(outcome.summary());
  }

  private static Schedule.Strike strike(
      int second, int seconds, Fault.What what, String component) {
    return new Schedule.Strike(
        Duration.ofSeconds(second), Duration.ofSeconds(seconds), Fault.of(what, component));
  }

  /** And in batches of a second, which is long enough for some client to have written into each. */
  private static String forgettingFactsBeforeTheBrokerHasThem(String relay) {
    String slow =
        BrokenBuild.replaced(
            relay,
            "    List<Row> rows = next.isEmpty()",
            "    LockSupport.parkNanos(1_000_000_000);\n    List<Row> rows = next.isEmpty()");
    return BrokenBuild.replaced(
        slow,
        "List<Future<RecordMetadata>> answers = begin(records(rows));",
        """
        List<ProducerRecord<String, byte[]>> records = records(rows);
        sent = rows;
        advance(List.of());
        commit(begin(records));
        acknowledged(rows.size());
        if (true) {
          next = List.of();
          return;
        }
        List<Future<RecordMetadata>> answers = List.of();""");
  }

  private static String forgettingWhatWasWorked(String inbox) {
    String forgetful =
        BrokenBuild.replaced(
            inbox,
            "inserted -> inserted == 0 ? Uni.createFrom().voidItem() : listener.on(event)",
            "inserted -> listener.on(event)");
    String constructor = "  Inbox(\n      Vertx vertx,";
    return BrokenBuild.replaced( // the build adds one without parameters, for the container
        forgetful,
        constructor,
        "  Inbox() {\n    this(null, null, null, null, List.of(), null);\n  }\n\n" + constructor);
  }

  private static String takingAnEventInTwice(String rows) {
    return BrokenBuild.replaced(rows, "    rows.ids();\n", "");
  }

  @Test
  void aRelayThatForgetsFactsBeforeTheBrokerHasThemIsFoundByWritesThatTheLogLacks() {
    assertFound(
        each ->
            isOfAssetService(each.object())
                && each.expected().startsWith("done")
                && each.found().startsWith("0"));
  }

  @Test
  void anInboxThatForgetsWhatItHasWorkedIsFoundByLossesThatWereReportedTwice() {
    assertFound(
        each ->
            each.object().startsWith("the security events of lost assets")
                && each.expected().equals("reported")
                && each.found().startsWith("reported, reported"));
  }

  @Test
  void aLogThatTakesAnEventInTwiceIsFoundByItsSecondEntry() {
    assertFound(each -> each.object().startsWith("event ") && each.expected().equals("one entry"));
  }

  /** The one whose relay is broken; a write is told of by its event's type. */
  private static boolean isOfAssetService(String write) {
    return Kind.ALL.stream()
        .filter(kind -> kind.service().equals("asset"))
        .anyMatch(kind -> write.startsWith(kind.name() + "."));
  }

  private static void assertFound(Predicate<Difference> difference) {
    assertTrue(outcome.differences().stream().anyMatch(difference), ChaosFindsTest::told);
  }

  /** What happened, then one difference of each sort: a broken log has hundreds of one. */
  private static String told() {
    Stream<String> sorts =
        outcome.differences().stream()
            .collect(
                Collectors.groupingBy(
                    each -> each.object().split("[ /]")[0], TreeMap::new, toList()))
            .values()
            .stream()
            .map(sort -> sort.size() + " like this: " + sort.get(0));
    Stream<String> happened = Stream.concat(Stream.of(outcome.summary()), outcome.lines().stream());
    return Stream.of(
            Stream.of("asset", "incident", "audit").map(ChaosFindsTest::ran), happened, sorts)
        .flatMap(each -> each)
        .collect(Collectors.joining("\n"));
  }

  /** Whether what ran is what was broken. */
  private static String ran(String service) {
    Path broken = TARGET.resolve("broken").resolve(service + "-service/target/quarkus-app");
    Path ran = TARGET.resolve("chaos/run/app").resolve(service);
    try (Stream<Path> files = Files.walk(broken)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        if (Files.mismatch(file, ran.resolve(broken.relativize(file))) != -1) {
          return service + " ran with another " + broken.relativize(file);
        }
      }
      return service + " ran as it was broken";
    } catch (IOException e) {
      return service + " may have run with anything: " + e;
    }
  }
}
