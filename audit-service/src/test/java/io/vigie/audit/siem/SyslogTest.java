package io.vigie.audit.siem;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.stream.LongStream;
import javax.net.ServerSocketFactory;

import jakarta.inject.Inject;

import io.quarkus.runtime.configuration.ConfigurationException;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vigie.audit.LogDatabase;
import io.vigie.testkit.ServiceEnvironment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static io.vigie.audit.LogDatabase.logged;
import static io.vigie.audit.LogDatabase.number;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** From the log to receivers that run, stop and come back. */
@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class SyslogTest {

  private static final Duration LONG = Duration.ofMinutes(3);

  @Inject Feeds feeds;

  @TempDir Path directory;

  private final String name = "test-" + UUID.randomUUID();

  private record Syslog(URI url, Optional<Path> trust) implements SiemConfig.Syslog {}

  private static SyslogTarget target(String url, Path trust) {
    return SyslogTarget.of(
        "siem", new Syslog(URI.create(url), Optional.ofNullable(trust)), "vigie.local");
  }

  private long position() {
    return number("select next_index from siem_position where target = '" + name + "'");
  }

  private long startAtFirstOf(int entries) throws Exception {
    long first = logged(entries).stream().min(Long::compare).orElseThrow();
    LogDatabase.execute(
        "insert into siem_position values ('%s', %d, now())".formatted(name, first));
    return first;
  }

  private static void workUntil(Feed feed, BooleanSupplier done) {
    await()
        .atMost(LONG)
        .until(
            () -> {
              feed.work();
              return done.getAsBoolean();
            });
  }

  private ServerSocketFactory secured() throws Exception {
    return SelfSigned.in(directory).sockets();
  }

  @ParameterizedTest
  @ValueSource(strings = {"tcp", "tls"})
  void aReceiverThatDiesAndComesBackHasEverythingInOrder(String scheme) throws Exception {
    ServerSocketFactory factory =
        scheme.equals("tls") ? secured() : ServerSocketFactory.getDefault();
    Path trust = scheme.equals("tls") ? directory.resolve("cert.pem") : null;
    long first = startAtFirstOf(5);
    List<Long> before;
    int port;
    Feed feed;
    try (SyslogReceiver dying = new SyslogReceiver(factory, 0, 2)) {
      port = dying.port();
      feed = feeds.feed(name, target(scheme + "://localhost:" + port, trust));
      feed.work();
      await().atMost(LONG).until(() -> dying.indexes().size() == 2);
      before = dying.indexes();
      assertEquals(first, position()); // written, and not known to have arrived
    }
    assertEquals(List.of(first, first + 1), before);
    feed.work(); // nobody listens
    assertEquals(first, position());

    try (SyslogReceiver back = new SyslogReceiver(factory, port, Integer.MAX_VALUE)) {
      long end = LogDatabase.published();
      workUntil(feed, () -> position() >= end);
      await()
          .atMost(LONG)
          .until(() -> new TreeSet<>(back.indexes()).containsAll(range(first, end)));
      assertEquals(range(first, end), back.indexes().subList(0, (int) (end - first)));

      long more = logged(1).get(0);
      workUntil(feed, () -> position() > more);
      await().atMost(LONG).until(() -> back.indexes().contains(more));
      workUntil(feed, () -> feed.behind() == 0);
    } finally {
      feed.close();
    }
  }

  @Test
  void aSuccessionIsSentUntilItIsKnownToHaveArrived() throws Exception {
    long first = startAtFirstOf(2);
    LogDatabase.execute(
        "update siem_position set next_index = 0, resume_at = %d where target = '%s'"
            .formatted(first, name));
    ServerSocketFactory factory = ServerSocketFactory.getDefault();
    int port;
    Feed feed;
    try (SyslogReceiver dying = new SyslogReceiver(factory, 0, 1)) {
      port = dying.port();
      feed = feeds.feed(name, target("tcp://localhost:" + port, null));
      feed.work();
      await().atMost(LONG).until(() -> dying.indexes().equals(List.of(0L)));
      assertEquals(0, position());
    }
    try (SyslogReceiver back = new SyslogReceiver(factory, port, Integer.MAX_VALUE)) {
      long end = LogDatabase.published();
      workUntil(feed, () -> position() >= end);
      await().atMost(LONG).until(() -> back.indexes().size() > end - first);
      assertEquals(0, back.indexes().get(0));
      assertEquals(range(first, end), back.indexes().subList(1, (int) (end - first + 1)));
    } finally {
      feed.close();
    }
  }

  private static List<Long> range(long first, long end) {
    return LongStream.range(first, end).boxed().toList();
  }

  @Test
  void aReceiverOfAnotherNameOrThatNobodyVouchesForGetsNothing() throws Exception {
    long first = startAtFirstOf(1);
    try (SyslogReceiver receiver = new SyslogReceiver(secured(), 0, Integer.MAX_VALUE)) {
      Path trust = directory.resolve("cert.pem");
      for (Feed feed :
          List.of(
              feeds.feed(name, target("tls://127.0.0.1:" + receiver.port(), trust)),
              feeds.feed(name, target("tls://localhost:" + receiver.port(), null)))) {
        // The database may not know yet that the feed before is over, and pass this one by.
        workUntil(feed, () -> feed.failure() != null);
        assertTrue(
            feed.failure().contains("subject alternative names")
                || feed.failure().contains("PKIX path building failed"),
            feed::failure);
        feed.close();
      }
      assertEquals(List.of(), receiver.indexes());
      assertEquals(first, position());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"udp://localhost:514", "tcp://localhost", "localhost:514", "tls:///siem"})
  void anAddressThatIsNoneStopsTheStart(String url) {
    assertThrows(ConfigurationException.class, () -> target(url, null));
  }
}
