package io.vigie.audit.siem;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
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

  private static final Duration LONG = Duration.ofMinutes(3);
  private static final Path RSYSLOGD = Path.of("/usr/sbin/rsyslogd");
  private static final Path GUIDE = Path.of(System.getProperty("vigie.root"), "docs", "siem.md");

  @Inject Feeds feeds;

  @Inject
  @Identifier("default-kafka-broker")
  Map<String, Object> kafka;

  @TempDir Path directory;

  private final String name = "test-" + UUID.randomUUID();

  @BeforeEach
  void onlyWhereItIsInstalled() throws IOException {
    assumeTrue(Files.isExecutable(RSYSLOGD), "rsyslog is not installed");
    for (String module : List.of("imkafka", "lmnsd_gtls")) {
      try (Stream<Path> found =
          Files.find(
              Path.of("/usr/lib"), 3, (file, is) -> file.endsWith("rsyslog/" + module + ".so"))) {
        assumeTrue(
            found.findAny().isPresent(), "rsyslog-kafka and rsyslog-gnutls are not both installed");
      }
    }
  }

  /**
   * Starts rsyslog with the first block under a heading of the guide.
   *
   * @param here what stands in the guide, and what stands for it on this machine
   */
  private Process rsyslogd(String heading, Map<String, Object> here) throws IOException {
    String guide = Files.readString(GUIDE);
    int section = guide.indexOf("\n### " + heading);
    int begin = guide.indexOf("\n```\n", section) + 5;
    String config = guide.substring(begin, guide.indexOf("```", begin));
    Map<String, Object> all = new HashMap<>(here);
    all.put("/var/spool/rsyslog", directory);
    for (Map.Entry<String, Object> each : all.entrySet()) {
      String quoted = "\"" + each.getKey() + "\"";
      assertTrue(section > 0 && config.contains(quoted), heading + ": " + quoted);
      config = config.replace(quoted, "\"" + each.getValue() + "\"");
    }
    Path file = Files.writeString(directory.resolve("rsyslog.conf"), config);
    return new ProcessBuilder(
            RSYSLOGD.toString(), "-n", "-f", file.toString(), "-i", directory + "/pid")
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
            "rsyslog from Kafka to a file",
            Map.of(
                "/var/log/vigie.ndjson",
                directory.resolve("received"),
                "broker:9092",
                Infrastructure.running().kafka(),
                "vigie.siem",
                name,
                "siem",
                name));
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
    int port = freePort();
    receives(
        rsyslogd(
            "rsyslog as receiver over TCP",
            Map.of("/var/log/vigie.cef", directory.resolve("received"), "6514", port)),
        new Syslog(URI.create("tcp://localhost:" + port), Optional.empty()));
  }

  @Test
  void itReceivesThemOverTls() throws Exception {
    int port = freePort();
    SelfSigned certificate = SelfSigned.in(directory);
    receives(
        rsyslogd(
            "rsyslog as receiver over TLS",
            Map.of(
                "/var/log/vigie.cef",
                directory.resolve("received"),
                "6514",
                port,
                "/etc/rsyslog.d/ca.pem",
                certificate.certificate(),
                "/etc/rsyslog.d/cert.pem",
                certificate.certificate(),
                "/etc/rsyslog.d/key.pem",
                certificate.key())),
        new Syslog(URI.create("tls://localhost:" + port), Optional.of(certificate.certificate())));
  }

  private void receives(Process rsyslogd, SiemConfig.Syslog sender) throws Exception {
    try {
      long first = startAtFirstOf(4);
      long end =
          workUntilAllIsSent(feeds.feed(name, SyslogTarget.of("rsyslog", sender, "vigie.local")));
      List<String> lines = awaitLines(end - first);
      for (int i = 0; i < end - first; i++) {
        assertTrue(lines.get(i).contains("CEF:0|Vigie|Vigie|1.0|"), lines.get(i));
        assertTrue(lines.get(i).contains(" vigieLogIndex=" + (first + i) + " "), lines.get(i));
      }
    } finally {
      stop(rsyslogd);
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket free = new ServerSocket(0)) {
      return free.getLocalPort();
    }
  }

  private record Syslog(URI url, Optional<Path> trust) implements SiemConfig.Syslog {}
}
