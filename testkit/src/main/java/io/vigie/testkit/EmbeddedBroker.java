package io.vigie.testkit;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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

  private static final String OPERATOR = "PLAINTEXT";
  private static final String PRINCIPALS = "SASL_PLAINTEXT";

  private final Map<String, String> addresses;

  private EmbeddedBroker(Map<String, String> addresses) {
    this.addresses = addresses;
  }

  String bootstrapServers() {
    return addresses.get(OPERATOR);
  }

  /** Where a secured one asks who its clients are. */
  String forPrincipals() {
    return addresses.get(PRINCIPALS);
  }

  static EmbeddedBroker start() {
    return start(Map.of(OPERATOR, freeAddress()), Map.of());
  }

  /**
   * One with the standard authorizer and these settings: whoever signs in at {@link
   * #forPrincipals()}, by SCRAM-SHA-512, may do what access lists say and no more. At {@link
   * #bootstrapServers()} its operator needs no password and may do anything.
   */
  static EmbeddedBroker secured(Map<String, String> more) {
    Map<String, String> settings = new HashMap<>(more);
    settings.put(
        "authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer");
    settings.put("super.users", "User:ANONYMOUS");
    settings.put("sasl.enabled.mechanisms", "SCRAM-SHA-512");
    settings.put(
        "listener.name.sasl_plaintext.scram-sha-512.sasl.jaas.config",
        "org.apache.kafka.common.security.scram.ScramLoginModule required;");
    return start(Map.of(OPERATOR, freeAddress(), PRINCIPALS, freeAddress()), settings);
  }

  private static EmbeddedBroker start(Map<String, String> addresses, Map<String, String> more) {
    CHATTY.forEach(logger -> logger.setLevel(Level.SEVERE));
    try {
      Path folder = Files.createTempDirectory("vigie-kafka");
      Properties settings = settings(addresses, freeAddress(), folder.resolve("log"));
      settings.putAll(more);
      format(settings, folder);
      KafkaRaftServer server = new KafkaRaftServer(new KafkaConfig(settings, false), Time.SYSTEM);
      server.startup();
      Runtime.getRuntime().addShutdownHook(new Thread(server::shutdown));
      return new EmbeddedBroker(addresses);
    } catch (IOException e) {
      throw new IllegalStateException("Kafka does not start for the tests", e);
    }
  }

  private static Properties settings(Map<String, String> addresses, String controller, Path log) {
    String listeners =
        addresses.entrySet().stream()
            .map(listener -> listener.getKey() + "://" + listener.getValue())
            .collect(Collectors.joining(","));
    Properties settings = new Properties();
    settings.put("process.roles", "broker,controller");
    settings.put("node.id", "1");
    settings.put("controller.quorum.bootstrap.servers", controller);
    settings.put("listeners", listeners + ",CONTROLLER://" + controller);
    settings.put("advertised.listeners", listeners);
    settings.put("controller.listener.names", "CONTROLLER");
    settings.put(
        "listener.security.protocol.map",
        "PLAINTEXT:PLAINTEXT,SASL_PLAINTEXT:SASL_PLAINTEXT,CONTROLLER:PLAINTEXT");
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

  private static String freeAddress() {
    try (ServerSocket socket = new ServerSocket(0)) {
      return "127.0.0.1:" + socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
