package io.vigie.stack;

import java.io.IOException;
import java.io.Reader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.sun.net.httpserver.HttpServer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialAlteration;
import org.apache.kafka.clients.admin.UserScramCredentialDeletion;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.clients.admin.UserScramCredentialsDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/**
 * The topics of a broker, who may sign in there, and what each of them may do: as the cluster has
 * it, from the same files.
 *
 * <p>It needs no other class of ours: images have it, too, without the rest of the stack.
 */
final class KafkaAccess {
  private static final int ITERATIONS = 4096;
  private static final int PATIENCE_SECONDS = 30;
  private static final String SETTING = "KAFKA_";

  private final List<JsonNode> topics;
  private final List<JsonNode> users;

  /**
   * As these files have it.
   *
   * @param declared the folder of {@code topics.yaml} and {@code users.yaml}
   */
  KafkaAccess(Path declared) throws IOException {
    topics = read(declared.resolve("topics.yaml"));
    users = read(declared.resolve("users.yaml"));
  }

  /**
   * Grants it at the broker of a container, to which settings in the environment lead ({@code
   * KAFKA_…}), and answers from then on that this is done, where the health check of images asks.
   *
   * @param args the folder of the declarations, and a file of passwords by the names of users
   */
  public static void main(String[] args) throws Exception {
    KafkaAccess access = new KafkaAccess(Path.of(args[0]));
    Properties passwords = new Properties();
    try (Reader in = Files.newBufferedReader(Path.of(args[1]))) {
      passwords.load(in);
    }
    Map<String, Object> operator = new HashMap<>();
    System.getenv()
        .forEach(
            (name, value) -> {
              if (name.startsWith(SETTING)) {
                String setting = name.substring(SETTING.length()).toLowerCase(Locale.ROOT);
                operator.put(setting.replace('_', '.'), value);
              }
            });
    try (Admin admin = Admin.create(operator)) {
      access.grant(
          admin,
          user -> {
            String password = passwords.getProperty(user);
            if (password == null) {
              throw new IllegalArgumentException(
                  args[1] + " has no password for " + user + ", whom users.yaml declares.");
            }
            return password;
          });
    }
    int port = Integer.parseInt(System.getenv("QUARKUS_HTTP_PORT"));
    HttpServer done =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    done.createContext(
        "/q/health/ready",
        question -> {
          question.sendResponseHeaders(200, -1);
          question.close();
        });
    done.start();
    System.out.println("Topics, users and access lists are as " + args[0] + " declares them.");
  }

  private static List<JsonNode> read(Path file) throws IOException {
    try (MappingIterator<JsonNode> manifests =
        new YAMLMapper().readerFor(JsonNode.class).readValues(file.toFile())) {
      return manifests.readAll();
    }
  }

  /**
   * Makes the topics that are missing, gives everybody their password and takes it from whom nobody
   * declares, and has each do what is declared and nothing else. Returns when that is so; can be
   * repeated.
   */
  void grant(Admin operator, UnaryOperator<String> passwords)
      throws ExecutionException, InterruptedException, TimeoutException {
    Set<String> there = await(operator.listTopics().names());
    await(
        operator
            .createTopics(topics().stream().filter(topic -> !there.contains(topic.name())).toList())
            .all());
    List<UserScramCredentialAlteration> credentials = new ArrayList<>(credentials(passwords));
    credentials.addAll(undeclared(await(operator.describeUserScramCredentials().all()).values()));
    await(operator.alterUserScramCredentials(credentials).all());
    Set<AclBinding> wanted = Set.copyOf(rules());
    List<AclBindingFilter> undeclared =
        inForce(operator).stream()
            .filter(rule -> !wanted.contains(rule))
            .map(AclBinding::toFilter)
            .toList();
    if (!undeclared.isEmpty()) {
      await(operator.deleteAcls(undeclared).all());
    }
    await(operator.createAcls(wanted).all());
    // They are kept before they hold. What was asked for before them holds by then, too.
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!inForce(operator).equals(wanted)) {
      if (System.nanoTime() > deadline) {
        throw new TimeoutException(
            "The access lists are not those of users.yaml after " + PATIENCE_SECONDS + " s");
      }
      TimeUnit.MILLISECONDS.sleep(50);
    }
  }

  private static Set<AclBinding> inForce(Admin operator)
      throws ExecutionException, InterruptedException, TimeoutException {
    return Set.copyOf(await(operator.describeAcls(AclBindingFilter.ANY).values()));
  }

  private static <T> T await(KafkaFuture<T> answer)
      throws ExecutionException, InterruptedException, TimeoutException {
    return answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  /** With one copy of each, since there is one broker. */
  List<NewTopic> topics() {
    List<NewTopic> all = new ArrayList<>();
    for (JsonNode topic : topics) {
      Map<String, String> config = new HashMap<>();
      topic
          .at("/spec/config")
          .properties()
          .forEach(each -> config.put(each.getKey(), each.getValue().asText()));
      config.remove(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG);
      all.add(
          new NewTopic(name(topic), topic.at("/spec/partitions").asInt(), (short) 1)
              .configs(config));
    }
    return all;
  }

  private List<UserScramCredentialAlteration> credentials(UnaryOperator<String> passwords) {
    List<UserScramCredentialAlteration> all = new ArrayList<>();
    for (JsonNode user : users) {
      all.add(
          new UserScramCredentialUpsertion(
              name(user),
              new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, ITERATIONS),
              passwords.apply(name(user))));
    }
    return all;
  }

  /** Takes their passwords from all of these whom no file declares. */
  private List<UserScramCredentialAlteration> undeclared(
      Collection<UserScramCredentialsDescription> known) {
    Set<String> declared = users.stream().map(KafkaAccess::name).collect(Collectors.toSet());
    List<UserScramCredentialAlteration> all = new ArrayList<>();
    for (UserScramCredentialsDescription user : known) {
      if (!declared.contains(user.name())) {
        for (ScramCredentialInfo credential : user.credentialInfos()) {
          all.add(new UserScramCredentialDeletion(user.name(), credential.mechanism()));
        }
      }
    }
    return all;
  }

  /** A rule for each operation on each resource. */
  List<AclBinding> rules() {
    List<AclBinding> all = new ArrayList<>();
    for (JsonNode user : users) {
      for (JsonNode rule : user.at("/spec/authorization/acls")) {
        ResourcePattern resource = resource(rule.path("resource"));
        for (JsonNode operation : rule.path("operations")) {
          all.add(
              new AclBinding(
                  resource,
                  new AccessControlEntry(
                      "User:" + name(user),
                      "*",
                      AclOperation.fromString(operation.asText()),
                      AclPermissionType.ALLOW)));
        }
      }
    }
    return all;
  }

  private static ResourcePattern resource(JsonNode declared) {
    ResourceType type =
        switch (declared.path("type").asText()) {
          case "topic" -> ResourceType.TOPIC;
          case "group" -> ResourceType.GROUP;
          case "transactionalId" -> ResourceType.TRANSACTIONAL_ID;
          default ->
              throw new IllegalArgumentException("users.yaml has a rule about " + declared + ".");
        };
    return new ResourcePattern(
        type,
        declared.path("name").asText(),
        declared.path("patternType").asText().equals("prefix")
            ? PatternType.PREFIXED
            : PatternType.LITERAL);
  }

  private static String name(JsonNode manifest) {
    return manifest.at("/metadata/name").asText();
  }
}
