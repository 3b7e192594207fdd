package io.vigie.stack;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.Uuid;

/**
 * One Kafka broker that is its own controller (KRaft). Topics make themselves: three partitions, 30
 * days. A killed broker recovers its log at the next start.
 */
final class Kafka implements Component {
  static final String NAME = "kafka";

  private final Site site;
  private final int port;
  private final int controllerPort;

  Kafka(Site site) {
    this.site = site;
    this.port = site.port(9092);
    this.controllerPort = site.port(9093);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public List<Integer> ports() {
    return List.of(port, controllerPort);
  }

  @Override
  public List<String> needs() {
    return List.of();
  }

  @Override
  public String address() {
    return Site.LOOPBACK + ":" + port;
  }

  @Override
  public void prepare(Progress progress) throws Exception {
    Files.createDirectories(site.data(NAME));
    Files.writeString(settings(), settingsText());
    if (!Files.exists(site.data(NAME).resolve("meta.properties"))) {
      progress.say(NAME, "formatting its log directory (once)");
      Tool.run(
          site.log(NAME),
          broker(
              "kafka.tools.StorageTool",
              "format",
              "-t",
              Uuid.randomUuid().toString(),
              "-c",
              settings().toString()));
    }
  }

  @Override
  public ProcessBuilder command() throws Exception {
    return broker("kafka.Kafka", settings().toString());
  }

  @Override
  public List<Path> programs() throws IOException {
    return Stream.of(Tool.classpath(site, NAME).split(":")).map(Path::of).toList();
  }

  private ProcessBuilder broker(String main, String... arguments) throws Exception {
    List<String> command =
        new ArrayList<>(List.of("-Xmx256m", "-cp", Tool.classpath(site, NAME), main));
    command.addAll(List.of(arguments));
    return Tool.java(command);
  }

  /**
   * A broker that describes its cluster has a leader and takes requests; an open port alone says
   * neither.
   */
  @Override
  public void probe() throws Exception {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(Site.LOOPBACK, port), 1_000);
    }
    try (Admin admin =
        Admin.create(
            Map.of(
                "bootstrap.servers",
                address(),
                "request.timeout.ms",
                "3000",
                "default.api.timeout.ms",
                "5000"))) {
      admin.describeCluster().controller().get(5, TimeUnit.SECONDS);
    }
  }

  /**
   * Whether the broker makes this file of its data anew where it is missing: indexes, of which the
   * newest take far more room than what they index, and marks of the process.
   */
  static boolean isMadeAnew(Path file) {
    String name = file.getFileName().toString();
    return name.endsWith("index") || name.equals(".lock") || name.equals(".kafka_cleanshutdown");
  }

  private Path settings() {
    return site.run().resolve("kafka.properties");
  }

  /**
   * A static quorum, since a voter recorded with its port would not survive another
   * VIGIE_PORT_OFFSET. A relay's next transaction often begins before the broker has finished the
   * one before, and is looked at again after a millisecond instead of twenty.
   */
  private String settingsText() {
    return """
        process.roles=broker,controller
        node.id=1
        controller.quorum.voters=1@%1$s:%3$d
        listeners=PLAINTEXT://%1$s:%2$d,CONTROLLER://%1$s:%3$d
        advertised.listeners=PLAINTEXT://%1$s:%2$d
        controller.listener.names=CONTROLLER
        log.dirs=%4$s
        num.partitions=3
        auto.create.topics.enable=true
        log.retention.hours=720
        offsets.topic.replication.factor=1
        transaction.state.log.replication.factor=1
        transaction.state.log.min.isr=1
        add.partitions.to.txn.retry.backoff.ms=1
        share.coordinator.state.topic.replication.factor=1
        share.coordinator.state.topic.min.isr=1
        group.initial.rebalance.delay.ms=0
        log.cleaner.dedupe.buffer.size=4194304
        """
        .formatted(Site.LOOPBACK, port, controllerPort, site.data(NAME));
  }
}
