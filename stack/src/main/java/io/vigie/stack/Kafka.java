package io.vigie.stack;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.Uuid;

/**
 * One Kafka broker that is its own controller (KRaft). Topics make themselves: three partitions, 30
 * days. A killed broker recovers its log at the next start.
 *
 * <p>In a stack that speaks TLS there are the topics of the cluster and no others, and whoever
 * signs in may do what they may there. The broker speaks with itself, and is provided with all
 * that, on ports where its own certificate alone opens anything.
 */
final class Kafka implements Component {
  static final String NAME = "kafka";

  /** The documented port on which an encrypted broker speaks with itself. */
  static final int OWN_PORT = 9094;

  private final Site site;
  private final Secrets secrets;
  private final int port;
  private final int controllerPort;
  private final int ownPort;

  Kafka(Site site, Secrets secrets) {
    this.site = site;
    this.secrets = secrets;
    this.port = site.port(9092);
    this.controllerPort = site.port(9093);
    this.ownPort = site.port(OWN_PORT);
  }

  /** As whom a service signs in, where it must. */
  static String principal(String service) {
    return service + "-kafka";
  }

  /** Where topics and users are declared, for the cluster. */
  static Path declared(Site site) {
    return site.root().resolve("deploy/kubernetes/base/vigie/kafka");
  }

  /**
   * The settings by which a client of this principal connects, beside where to; none where the
   * broker asks nobody who they are.
   */
  static Map<String, String> login(Site site, Secrets secrets, String principal) {
    if (!site.tls().used()) {
      return Map.of();
    }
    return Map.of(
        "security.protocol",
        "SASL_SSL",
        "sasl.mechanism",
        "SCRAM-SHA-512",
        "sasl.jaas.config",
        "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"%s\" password=\"%s\";"
            .formatted(principal, secrets.of(principal)),
        "ssl.truststore.type",
        "PEM",
        "ssl.truststore.location",
        site.tls().authority().toString());
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public List<Integer> ports() {
    return site.tls().used()
        ? List.of(port, controllerPort, ownPort)
        : List.of(port, controllerPort);
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
    if (site.tls().used()) {
      Files.deleteIfExists(keyStore());
      OwnerOnly.write(
          keyStore(),
          (Files.readString(site.tls().key(NAME)) + Files.readString(site.tls().certificate(NAME)))
              .getBytes(StandardCharsets.US_ASCII));
    }
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
    Map<String, Object> impatient = operator();
    impatient.put("request.timeout.ms", "3000");
    impatient.put("default.api.timeout.ms", "5000");
    try (Admin admin = Admin.create(impatient)) {
      admin.describeCluster().controller().get(5, TimeUnit.SECONDS);
    }
  }

  @Override
  public void provision() throws Exception {
    if (site.tls().used()) {
      try (Admin operator = Admin.create(operator())) {
        new KafkaAccess(declared(site)).grant(operator, secrets::of);
      } catch (ExecutionException e) {
        throw e.getCause() instanceof Exception refusal ? refusal : e; // says more by itself
      }
    }
  }

  /** The settings of a client that may do anything. */
  Map<String, Object> operator() {
    Map<String, Object> settings = new HashMap<>();
    if (site.tls().used()) {
      settings.put("bootstrap.servers", Site.LOOPBACK + ":" + ownPort);
      settings.put("security.protocol", "SSL");
      settings.put("ssl.keystore.type", "PEM");
      settings.put("ssl.keystore.location", keyStore().toString());
      settings.put("ssl.truststore.type", "PEM");
      settings.put("ssl.truststore.location", site.tls().authority().toString());
    } else {
      settings.put("bootstrap.servers", address());
    }
    return settings;
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

  /** The broker's key and certificate, which it wants in one file. */
  private Path keyStore() {
    return site.run().resolve("kafka.pem").toAbsolutePath();
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
        controller.listener.names=CONTROLLER
        log.dirs=%4$s
        num.partitions=3
        log.retention.hours=720
        offsets.topic.replication.factor=1
        transaction.state.log.replication.factor=1
        transaction.state.log.min.isr=1
        add.partitions.to.txn.retry.backoff.ms=1
        share.coordinator.state.topic.replication.factor=1
        share.coordinator.state.topic.min.isr=1
        group.initial.rebalance.delay.ms=0
        group.min.session.timeout.ms=3000
        log.cleaner.dedupe.buffer.size=4194304
        %5$s
        """
        .formatted(
            Site.LOOPBACK,
            port,
            controllerPort,
            site.data(NAME),
            site.tls().used() ? encrypted() : plain());
  }

  private String plain() {
    return """
        auto.create.topics.enable=true
        listeners=PLAINTEXT://%1$s:%2$d,CONTROLLER://%1$s:%3$d
        advertised.listeners=PLAINTEXT://%1$s:%2$d
        """
        .formatted(Site.LOOPBACK, port, controllerPort);
  }

  private String encrypted() {
    return """
        auto.create.topics.enable=false
        listeners=CLIENTS://%1$s:%2$d,OWN://%1$s:%4$d,CONTROLLER://%1$s:%3$d
        advertised.listeners=CLIENTS://%1$s:%2$d,OWN://%1$s:%4$d
        listener.security.protocol.map=CLIENTS:SASL_SSL,OWN:SSL,CONTROLLER:SSL
        inter.broker.listener.name=OWN
        ssl.keystore.type=PEM
        ssl.keystore.location=%5$s
        ssl.truststore.type=PEM
        ssl.truststore.location=%6$s
        listener.name.own.ssl.client.auth=required
        listener.name.controller.ssl.client.auth=required
        sasl.enabled.mechanisms=SCRAM-SHA-512
        listener.name.clients.scram-sha-512.sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required;
        authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer
        super.users=User:CN=%7$s
        """
        .formatted(
            Site.LOOPBACK, port, controllerPort, ownPort, keyStore(), site.tls().authority(), NAME);
  }
}
