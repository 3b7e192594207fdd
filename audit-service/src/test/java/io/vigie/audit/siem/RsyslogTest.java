package io.vigie.audit.siem;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

import jakarta.inject.Inject;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.common.annotation.Identifier;
import io.vigie.audit.LogDatabase;
import io.vigie.testkit.Infrastructure;
import io.vigie.testkit.ServiceEnvironment;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static io.vigie.audit.LogDatabase.logged;
import static io.vigie.audit.LogDatabase.number;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** The configurations of docs/siem.md in an rsyslogd of the test's own. */
@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class RsyslogTest {

  private static final Duration LONG = Duration.ofSeconds(60);
  private static final Path RSYSLOGD = Path.of("/usr/sbin/rsyslogd");

  @Inject Feeds feeds;

  @Inject
  @Identifier("default-kafka-broker")
  Map<String, Object> kafka;

  @TempDir Path directory;

  private final String name = "test-" + UUID.randomUUID();

  @BeforeEach
  void onlyWhereItIsInstalled() throws IOException {
    assumeTrue(Files.isExecutable(RSYSLOGD), "rsyslog is not installed");
    try (Stream<Path> modules =
        Files.find(Path.of("/usr/lib"), 3, (file, is) -> file.endsWith("rsyslog/imkafka.so"))) {
      assumeTrue(modules.findAny().isPresent(), "rsyslog-kafka is not installed");
    }
  }

  private Process rsyslogd(String input) throws IOException {
    Path config = directory.resolve("rsyslog.conf");
    Files.writeString(
        config,
        """
        global(workDirectory="%1$s" maxMessageSize="2m")
        template(name="record" type="string" string="%%msg%%\\n")
        ruleset(name="vigie") { action(type="omfile" file="%1$s/received" template="record") }
        %2$s"""
            .formatted(directory, input));
    return new ProcessBuilder(
            RSYSLOGD.toString(), "-n", "-f", config.toString(), "-i", directory + "/pid")
        .redirectErrorStream(true)
        .redirectOutput(directory.resolve("rsyslogd.log").toFile())
        .start();
  }

  private List<String> awaitLines(long count) {
    Path received = directory.resolve("received");
    await()
        .atMost(LONG)
        .until(() -> Files.exists(received) && Files.readAllLines(received).size() >= count);
    try {
      return Files.readAllLines(received);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private long startAtFirstOf(int entries) throws Exception {
    long first = logged(entries).stream().min(Long::compare).orElseThrow();
    LogDatabase.execute(
        "insert into siem_position values ('%s', %d, now())".formatted(name, first));
    return first;
  }

  private long workUntilAllIsSent(Feed feed) {
    long end = LogDatabase.published();
    String position = "select next_index from siem_position where target = '" + name + "'";
    await()
        .atMost(LONG)
        .until(
            () -> {
              feed.work();
              return number(position) >= end;
            });
    feed.close();
    return number(position);
  }

  private static void stop(Process process) throws InterruptedException {
    process.destroy();
    process.waitFor();
  }

  @Test
  void itTakesTheRecordsFromKafka() throws Exception {
    long first = startAtFirstOf(4);
    long end = workUntilAllIsSent(feeds.feed(name, new KafkaTarget(kafka, name)));
    Process rsyslogd =
        rsyslogd(
            """
            module(load="imkafka")
            input(type="imkafka" broker=["%s"] topic="%s" consumergroup="%2$s"
              confParam=["auto.offset.reset=earliest"] ruleset="vigie")
            """
                .formatted(Infrastructure.running().kafka(), name));
    try {
      List<String> lines = awaitLines(end - first);
      for (int i = 0; i < end - first; i++) {
        assertEquals(
            first + i,
            new ObjectMapper().readTree(lines.get(i)).at("/unmapped/log_index").longValue());
      }
    } finally {
      stop(rsyslogd);
    }
  }

  @Test
  void itReceivesThemOverTcp() throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    long first = startAtFirstOf(4);
    Process rsyslogd =
        rsyslogd(
            """
            module(load="imtcp" maxFrameSize="2000000")
            input(type="imtcp" port="%d" ruleset="vigie")
            """
                .formatted(port));
    try {
      long end =
          workUntilAllIsSent(
              feeds.feed(name, SyslogTarget.of("rsyslog", tcp(port), "vigie.local")));
      List<String> lines = awaitLines(end - first);
      for (int i = 0; i < end - first; i++) {
        assertTrue(lines.get(i).contains("CEF:0|Vigie|Vigie|1.0|"), lines.get(i));
        assertTrue(lines.get(i).contains(" vigieLogIndex=" + (first + i) + " "), lines.get(i));
      }
    } finally {
      stop(rsyslogd);
    }
  }

  private static SiemConfig.Syslog tcp(int port) {
    return new SiemConfig.Syslog() {
      @Override
      public URI url() {
        return URI.create("tcp://localhost:" + port);
      }

      @Override
      public Optional<Path> trust() {
        return Optional.empty();
      }
    };
  }
}
