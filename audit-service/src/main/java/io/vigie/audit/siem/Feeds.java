package io.vigie.audit.siem;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.common.annotation.Identifier;
import io.vigie.audit.payload.PersonKeys;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * The feeds that are configured, each on a thread of its own, so that a SIEM that is slow or away
 * holds up no other.
 *
 * <p>Figure: {@code vigie_siem_behind} (published entries that have not arrived), by target.
 */
@ApplicationScoped
class Feeds {

  static final String KAFKA = "kafka";

  private final List<Feed> feeds = new ArrayList<>();
  private final PGSimpleDataSource database = new PGSimpleDataSource();
  private final PersonKeys keys;
  private final String origin;
  private final Clock clock;
  private ScheduledExecutorService threads;

  Feeds(
      SiemConfig config,
      @Identifier("default-kafka-broker") Map<String, Object> kafka,
      PersonKeys keys,
      MeterRegistry registry,
      Clock clock,
      @ConfigProperty(name = "vigie.log.origin") String origin,
      @ConfigProperty(name = "quarkus.datasource.jdbc.url") String url,
      @ConfigProperty(name = "quarkus.datasource.username") String user,
      @ConfigProperty(name = "quarkus.datasource.password") String password) {
    this.keys = keys;
    this.origin = origin;
    this.clock = clock;
    database.setUrl(url);
    database.setUser(user);
    database.setPassword(password);
    database.setApplicationName("vigie-siem");
    database.setSocketTimeout(60);
    if (config.kafka()) {
      feeds.add(feed(KAFKA, new KafkaTarget(kafka, KafkaTarget.TOPIC)));
    }
    String sender = origin.split("/", 2)[0];
    config
        .syslog()
        .forEach(
            (name, syslog) ->
                feeds.add(feed("syslog-" + name, SyslogTarget.of(name, syslog, sender))));
    for (Feed feed : feeds) {
      registry.gauge("vigie.siem.behind", Tags.of("target", feed.name()), feed, Feed::behind);
    }
  }

  /** A feed of this log. */
  Feed feed(String name, Target target) {
    return new Feed(name, target, database, keys, origin, clock);
  }

  List<Feed> all() {
    return feeds;
  }

  void start(@Observes StartupEvent event) {
    threads =
        Executors.newScheduledThreadPool(
            Math.max(1, feeds.size()),
            work -> {
              Thread thread = new Thread(work, "siem-feed");
              thread.setDaemon(true);
              return thread;
            });
    feeds.forEach(feed -> threads.execute(() -> run(feed)));
  }

  private void run(Feed feed) {
    long pause = feed.work().toMillis();
    if (threads.isShutdown()) {
      feed.close();
    } else {
      threads.schedule(() -> run(feed), pause, TimeUnit.MILLISECONDS);
    }
  }

  void stop(@Observes ShutdownEvent event) throws InterruptedException {
    threads.shutdownNow();
    threads.awaitTermination(5, TimeUnit.SECONDS);
    feeds.forEach(Feed::close);
  }
}
