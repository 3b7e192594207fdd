package io.vigie.testkit;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;

import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.tools.StorageTool;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;

/** A Kafka broker and controller in this JVM, with the settings of the one-machine stack. */
final class EmbeddedBroker {

  /** Held here, because the logging system itself holds loggers weakly. */
  private static final List<Logger> CHATTY =
      List.of(Logger.getLogger("kafka"), Logger.getLogger("org.apache.kafka"));

  private final String bootstrapServers;

  private EmbeddedBroker(String bootstrapServers) {
    this.bootstrapServers = bootstrapServers;
  }

  String bootstrapServers() {
    return bootstrapServers;
  }

  static EmbeddedBroker start() {
    CHATTY.forEach(logger -> logger.setLevel(Level.SEVERE));
    try {
      int broker = freePort();
      int controller = freePort();
      Path folder = Files.createTempDirectory("vigie-kafka");
      Properties settings = settings(broker, controller, folder.resolve("log"));
      format(settings, folder);
      KafkaRaftServer server = new KafkaRaftServer(new KafkaConfig(settings, false), Time.SYSTEM);
      server.startup();
      Runtime.getRuntime().addShutdownHook(new Thread(server::shutdown));
      return new EmbeddedBroker("127.0.0.1:" + broker);
    } catch (IOException e) {
      throw new IllegalStateException("Kafka does not start for the tests", e);
    }
  }

  private static Properties settings(int broker, int controller, Path log) {
    Properties settings = new Properties();
    settings.put("process.roles", "broker,controller");
    settings.put("node.id", "1");
    settings.put("controller.quorum.bootstrap.servers", "127.0.0.1:" + controller);
    settings.put(
        "listeners",
        "PLAINTEXT://127.0.0.1:%d,CONTROLLER://127.0.0.1:%d".formatted(broker, controller));
    settings.put("advertised.listeners", "PLAINTEXT://127.0.0.1:" + broker);
    settings.put("controller.listener.names", "CONTROLLER");
    settings.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
    settings.put("log.dirs", log.toString());
    settings.put("num.partitions", "3");
    settings.put("offsets.topic.replication.factor", "1");
    settings.put("offsets.topic.num.partitions", "3");
    settings.put("transaction.state.log.replication.factor", "1");
    settings.put("transaction.state.log.min.isr", "1");
    settings.put("transaction.state.log.num.partitions", "3");
    settings.put("group.initial.rebalance.delay.ms", "0");
    settings.put("log.cleaner.dedupe.buffer.size", "4194304");
    return settings;
  }

  private static void format(Properties settings, Path folder) throws IOException {
    Path file = folder.resolve("server.properties");
    Files.writeString(
        file,
        settings.entrySet().stream()
            .map(entry -> entry.getKey() + "=" + entry.getValue())
            .collect(Collectors.joining("\n")),
        StandardCharsets.UTF_8);
    int exit =
        StorageTool.execute(
            new String[] {
              "format", "--standalone", "-t", Uuid.randomUuid().toString(), "-c", file.toString()
            },
            new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8));
    if (exit != 0) {
      throw new IOException("Kafka's storage cannot be formatted, exit " + exit);
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
