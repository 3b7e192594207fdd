package io.vigie.deploy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.PublicKey;
import java.security.SignatureException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static io.vigie.deploy.Manifests.ROOT;
import static io.vigie.deploy.Manifests.each;
import static io.vigie.deploy.Manifests.texts;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The containers of one machine: who reaches whom, what each may do, and what it is told. */
class ComposeTest {
  private static final String DATABASE = "-db";
  private static final String BROKER = "kafka";
  private static final String ACCESS = "kafka-access";
  private static final Pattern PEER = Pattern.compile("(?m)(?<=//|^)([a-z][a-z-]*):(\\d+)");
  private static final Pattern SERVER = Pattern.compile("\n  server \\S+ ([a-z-]+:\\d+)");
  private static final Pattern LOG_FORMAT = Pattern.compile("\n  log-format '([^'\n]+)'");
  private static final Pattern BACKEND = Pattern.compile("\nbackend (\\S+)");
  private static final Pattern CERTIFIED = Pattern.compile("\\|\\| certify (\\S+\\.pem) ");
  private static final Pattern SECRET_NAME =
      Pattern.compile(".*(PASSWORD|SECRET|TOKEN|MASTER|[A-Z]_KEY)(_?_FILE)?");

  private static final String FIRST_CISO = "VIGIE_ACCESS_FIRST_CISO_TOKEN";

  @TempDir static Path secrets;

  static Iterable<String> modules() {
    return Settings.MODULES;
  }

  @Test
  void nothingIsReachedFromOutsideButTheProxyByHttps() {
    Map<String, List<String>> open = new TreeMap<>();
    Containers.services()
        .forEach(
            (name, service) -> {
              if (service.has("ports")) {
                open.put(name, texts(service.get("ports")));
              }
            });

    assertEquals(Set.of("proxy"), open.keySet());
    assertEquals(List.of("${VIGIE_ADDRESS:-127.0.0.1}:443:443"), open.get("proxy"));
  }

  @Test
  void eachContainerMayDoNoMoreThanItMust() {
    List<String> wrong = new ArrayList<>();
    Containers.services()
        .forEach(
            (name, service) -> {
              boolean confined =
                  service.path("read_only").asBoolean()
                      && texts(service.path("cap_drop")).equals(List.of("ALL"))
                      && texts(service.path("security_opt")).equals(List.of("no-new-privileges"))
                      && service.path("user").asText().matches("[1-9]\\d*:\\d+")
                      && service.has("mem_limit")
                      && service.has("pids_limit")
                      && service.at("/logging/options").has("max-size");
              boolean more =
                  Stream.of("cap_add", "privileged", "devices", "network_mode", "pid", "ipc")
                      .anyMatch(service::has);
              boolean writes =
                  texts(service.path("volumes")).stream()
                      .anyMatch(volume -> volume.matches("[./].*") && !volume.endsWith(":ro"));
              if (!confined || more || writes) {
                wrong.add(name);
              }
            });

    assertEquals(List.of(), wrong);
  }

  @Test
  void ofEachContainerItIsAskedWhetherItIsWell() {
    List<String> unasked = new ArrayList<>();
    Containers.services()
        .forEach(
            (name, service) -> {
              // Images of ours bring it: ContainerfileTest.
              if (isOurs(service) == service.has("healthcheck")) {
                unasked.add(name);
              }
            });

    assertEquals(List.of(), unasked);
  }

  /** A registry that everybody may write to may have others under their names. */
  @Test
  void anImageOfOursIsNeverTakenFromARegistry() {
    Set<String> ours = new TreeSet<>();
    Set<String> made = new TreeSet<>();
    Containers.services()
        .forEach(
            (name, service) -> {
              if (isOurs(service)) {
                ours.add(name);
              }
              if (service.path("pull_policy").asText().equals("never")) {
                made.add(name);
              }
            });

    assertEquals(Settings.MODULES.size() + 2, ours.size(), "theirs, Keycloak and " + ACCESS);
    assertEquals(ours, made);
  }

  private static boolean isOurs(JsonNode service) {
    return service.get("image").asText().startsWith("${VIGIE_IMAGES:-vigie}/");
  }

  @Test
  void theProxyLogsWhatIsAskedForWithoutTheQuery() {
    String settings = text("proxy/haproxy.cfg");
    String format = found(LOG_FORMAT, settings);

    assertTrue(format.contains("%{+Q}HP"), format);
    assertFalse(format.matches(".*%(\\{[^}]*})?(r|HU|HQ)\\b.*"), "with the query: " + format);
    assertFalse(settings.contains("option httplog"));
  }

  /** What callers say of forwarding is taken off, and whoever is behind believes no one else. */
  @Test
  void theProxyAloneSaysWhoCalled() {
    String settings = text("proxy/haproxy.cfg");
    String front = Containers.compose().at("/networks/front/ipam/config/0/subnet").asText();
    Set<String> believed = new TreeSet<>();
    for (String module : Settings.MODULES) {
      JsonNode service = Containers.services().get(Containers.container(module));
      believed.add(Containers.environment(service).get("QUARKUS_HTTP_PROXY_TRUSTED_PROXIES"));
    }
    believed.add(
        Containers.environment(Containers.services().get("keycloak"))
            .get("KC_PROXY_TRUSTED_ADDRESSES"));

    assertTrue(settings.contains("\n  http-request del-header X-Forwarded -m beg\n"));
    assertTrue(settings.contains("\n  http-request del-header Forwarded\n"));
    assertTrue(settings.contains("\n  option forwardfor\n"));
    assertEquals(Set.of(front), believed);
  }

  @Test
  void eachDatabaseIsReachedByItsServiceAlone() {
    Map<String, Set<String>> members = new TreeMap<>();
    Map<String, Set<String>> expected = new TreeMap<>();
    Containers.services()
        .forEach(
            (name, service) -> {
              if (name.endsWith(DATABASE)) {
                Containers.networks(service)
                    .forEach(network -> members.put(network, Containers.members(network)));
                String owner = name.substring(0, name.length() - DATABASE.length());
                boolean isService = Settings.services().contains(owner);
                expected.put(name, Set.of(name, isService ? Containers.container(owner) : owner));
              }
            });

    assertEquals(Settings.MODULES.size() + 1, expected.size(), "theirs and Keycloak's");
    assertEquals(expected, members);
  }

  @Test
  void twoNetworksLeadOutOfTheMachineAndNoDatabaseIsInThem() {
    Set<String> out = new TreeSet<>();
    Containers.compose()
        .get("networks")
        .properties()
        .forEach(
            network -> {
              if (!network.getValue().path("internal").asBoolean()) {
                out.add(network.getKey());
              }
            });

    assertEquals(Set.of("internet", "outside"), out);
    assertEquals(Set.of("proxy"), Containers.members("outside"));
    assertEquals(
        Set.of("asset-service", "audit-service", "incident-service", "mail"),
        Containers.members("internet"),
        "feeds, mail, probes");
  }

  @Test
  void whateverOneIsToldToReachItReaches() {
    Map<String, String> told = new HashMap<>();
    Containers.services()
        .forEach(
            (name, s) -> told.put(name, String.join("\n", Containers.environment(s).values())));
    told.remove(BROKER); // speaks of itself
    told.put("proxy", found(SERVER, text("proxy/haproxy.cfg")));
    told.put("prometheus", text("monitoring/compose/prometheus.yml"));
    told.put("alertmanager", text("monitoring/compose/alertmanager.yml"));
    List<String> wrong = new ArrayList<>();
    Set<String> reached = new TreeSet<>();
    told.forEach(
        (name, text) ->
            PEER.matcher(String.join("\n", text.split("[\\s,\\[\\]{}]+")))
                .results()
                .forEach(
                    peer -> {
                      reached.add(peer.group(1));
                      if (!reaches(name, peer.group(1), Integer.parseInt(peer.group(2)))) {
                        wrong.add(name + " does not reach " + peer.group());
                      }
                    }));

    assertEquals(List.of(), wrong);
    assertTrue(reached.containsAll(Set.of("audit-service", "kafka", "keycloak", "keycloak-db")));
  }

  private static boolean reaches(String from, String to, int port) {
    JsonNode there = Containers.services().get(to);
    return there != null
        && isOpen(to, there, port)
        && Containers.networks(Containers.services().get(from)).stream()
            .anyMatch(Containers.networks(there)::contains);
  }

  private static boolean isOpen(String name, JsonNode service, int port) {
    return name.equals(BROKER)
        ? Stream.of(Containers.environment(service).get("KAFKA_ADVERTISED_LISTENERS").split(","))
            .anyMatch(listener -> listener.endsWith("://" + BROKER + ":" + port))
        : port == port(name, service);
  }

  private static int port(String name, JsonNode service) {
    String module = name.replace("-service", "");
    if (Settings.MODULES.contains(module)) {
      return Integer.parseInt(Settings.of(module).inFile("quarkus.http.port"));
    }
    return switch (name) {
      case "keycloak" -> Integer.parseInt(Containers.environment(service).get("KC_HTTP_PORT"));
      case "prometheus" -> 9090;
      case "alertmanager" -> 9093;
      case "grafana" -> 3000;
      case "mail" -> 1025;
      default -> 5432;
    };
  }

  @Test
  void databasesTakeTlsAloneWithACopyOfTheirKeyThatNobodyElseReads() {
    Path cluster = Manifests.DIRECTORY.resolve("base/vigie/common/database.yaml");
    String oldest =
        Manifests.read(cluster)
            .get(0)
            .at("/spec/postgresql/parameters/ssl_min_protocol_version")
            .asText();
    String whoMayConnect = "/etc/postgresql/pg_hba.conf";
    for (String database : databases()) {
      JsonNode service = Containers.services().get(database);
      List<String> started = texts(service.get("entrypoint"));
      List<String> told = texts(service.get("command"));

      assertTrue(
          told.containsAll(
              List.of(
                  "ssl=on",
                  "ssl_min_protocol_version=" + oldest,
                  "ssl_cert_file=/tmp/db.pem",
                  "ssl_key_file=/tmp/db.pem",
                  "hba_file=" + whoMayConnect)),
          told.toString());
      assertTrue(started.get(2).startsWith("install -m 0600 /run/secrets/db.pem /tmp/db.pem && "));
      assertTrue(texts(service.get("tmpfs")).contains("/tmp"), "in memory");
      assertTrue(
          texts(service.get("volumes"))
              .contains("./postgres/compose/pg_hba.conf:" + whoMayConnect + ":ro"));
    }
    assertEquals(databases(), whoGets("db.pem"));
  }

  /** But for where the certificate of their authority is, it is told so as in the cluster. */
  @ParameterizedTest
  @MethodSource("modules")
  void aServiceChecksWhichDatabaseAnswers(String module) {
    JsonNode service = Containers.services().get(Containers.container(module));
    Map<String, String> here = ofDatabases(Containers.environment(service));
    here.replaceAll(
        (name, value) ->
            value.replace("$$", "$").replace("/run/secrets/db-ca.crt", "/etc/vigie/db/ca.crt"));

    assertEquals(ofDatabases(Environment.inFiles(module)), here);
    assertTrue(here.containsValue("verify-full"));
    assertTrue(Containers.secrets(service).containsKey("db-ca.crt"));
  }

  private static Map<String, String> ofDatabases(Map<String, String> environment) {
    Map<String, String> settings = new TreeMap<>(environment);
    settings.keySet().removeIf(name -> !name.startsWith("QUARKUS_DATASOURCE_"));
    return settings;
  }

  @Test
  void keycloakChecksWhichDatabaseAnswers() {
    JsonNode keycloak = Containers.services().get("keycloak");

    assertEquals(
        "jdbc:postgresql://keycloak-db:5432/keycloak?sslmode=verify-full&sslrootcert="
            + Containers.secrets(keycloak).get("db-ca.crt"),
        Containers.environment(keycloak).get("KC_DB_URL"));
  }

  private static Set<String> databases() {
    return Containers.services().keySet().stream()
        .filter(name -> name.endsWith(DATABASE))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** What does not differ by machine is as in the one-machine stack that is encrypted. */
  @Test
  void theBrokerAsksWhoIsThereAndDeniesWhatNoRuleAllows() {
    String stack = Manifests.text(ROOT.resolve("stack/src/main/java/io/vigie/stack/Kafka.java"));
    List<String> encrypted =
        stack
            .substring(stack.indexOf("private String encrypted()"))
            .lines()
            .map(String::strip)
            .filter(line -> line.matches("[a-z][a-z0-9.-]+=[^%]+"))
            .toList();
    Map<String, String> environment = Containers.environment(Containers.services().get(BROKER));
    Set<String> settings = new TreeSet<>();
    environment.forEach(
        (name, value) ->
            settings.add(
                name.replace("KAFKA_", "")
                        .toLowerCase(Locale.ROOT)
                        .replace("___", "-")
                        .replace('_', '.')
                    + "="
                    + value));

    assertTrue(encrypted.contains("auto.create.topics.enable=false"));
    assertTrue(encrypted.contains("sasl.enabled.mechanisms=SCRAM-SHA-512"));
    assertEquals(
        List.of(), encrypted.stream().filter(setting -> !settings.contains(setting)).toList());
    assertTrue(settings.contains("super.users=User:CN=" + BROKER), "its own certificate alone");
    assertFalse(environment.containsKey("KAFKA_ALLOW_EVERYONE_IF_NO_ACL_FOUND"));
  }

  @Test
  void servicesAloneReachTheBrokerAndWaitUntilTheyMayComeIn() {
    Set<String> users = Containers.members("events");

    assertTrue(users.removeAll(Set.of(BROKER, ACCESS)));
    assertEquals(
        Settings.services().stream()
            .map(Containers::container)
            .collect(Collectors.toCollection(TreeSet::new)),
        users);
    for (String user : users) {
      assertEquals(
          "service_healthy",
          Containers.services().get(user).at("/depends_on/" + ACCESS + "/condition").asText(),
          user);
    }
  }

  @Test
  void eachPrincipalOfTheBrokerHasAPasswordThatItsServiceIsTold() throws Exception {
    Containers.makeSecrets(secrets);
    Properties passwords = Containers.properties(secrets.resolve(ACCESS + ".properties"));
    Path users = Manifests.DIRECTORY.resolve("base/vigie/kafka/users.yaml");

    assertEquals(
        Manifests.read(users).stream().map(Manifests::name).collect(Collectors.toSet()),
        passwords.stringPropertyNames());
    assertEquals(
        passwords.size(), Set.copyOf(passwords.values()).size(), "no two principals share one");
    for (String service : Settings.services()) {
      String principal = service + "-kafka";
      assertEquals(
          "org.apache.kafka.common.security.scram.ScramLoginModule required"
              + " username=\"%s\" password=\"%s\";"
                  .formatted(principal, passwords.getProperty(principal)),
          Containers.settings(service, secrets).get("KAFKA_SASL_JAAS_CONFIG"));
    }
    assertEquals(Set.of(ACCESS), whoGets(ACCESS + ".properties"));
    assertEquals(Set.of(BROKER, ACCESS), whoGets("kafka.pem"), "who may do anything there");
  }

  private static Set<String> whoGets(String secret) {
    return Containers.services().entrySet().stream()
        .filter(service -> Containers.secrets(service.getValue()).containsKey(secret))
        .map(Map.Entry::getKey)
        .collect(Collectors.toSet());
  }

  /** Images have that class, and the libraries of services, and no more of the stack. */
  @Test
  void whatGrantsAccessAtTheBrokerNeedsNothingElseOfTheStack(@TempDir Path classes) {
    Path source = ROOT.resolve("stack/src/main/java/io/vigie/stack/KafkaAccess.java");
    String name = "io.vigie.stack.KafkaAccess";

    assertEquals(
        0,
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                null,
                null,
                "-proc:none",
                "-cp",
                System.getProperty("java.class.path"),
                "-d",
                classes.toString(),
                source.toString()));
    assertTrue(texts(Containers.services().get(ACCESS).get("entrypoint")).contains(name));
    assertTrue(text("images.sh").contains(ROOT.relativize(source).toString()));
  }

  @ParameterizedTest
  @MethodSource("modules")
  void eachSettingIsOneThatTheServiceReadsAndNoneThatItNeedsIsLeftOut(String module)
      throws Exception {
    Containers.makeSecrets(secrets);
    Map<String, String> settings = Containers.settings(module, secrets);
    Settings read = Settings.of(module);

    assertEquals(Set.of(), read.unread(settings));
    Set<String> left = new TreeSet<>(read.needed());
    assertTrue(left.contains("VIGIE_DB_PASSWORD"), "something is needed");
    left.removeAll(settings.keySet());
    assertEquals(Set.of(), left);
    assertEquals(module + DATABASE, settings.get("VIGIE_POSTGRES_HOST"));
  }

  @ParameterizedTest
  @MethodSource("modules")
  void theFileOfSecretsIsWhereTheServiceLooksForIt(String module) {
    JsonNode service = Containers.services().get(Containers.container(module));

    assertEquals(
        "/opt/vigie/config/application.properties",
        Containers.secrets(service).get(module + ".properties"));
    assertTrue(
        Containers.instructions(Containers.DEPLOY.resolve("Containerfile"))
            .contains("WORKDIR /opt/vigie"));
  }

  @Test
  void noSecretStandsInTheFile() {
    Map<String, String> written = new TreeMap<>();
    Containers.services()
        .values()
        .forEach(service -> written.putAll(Containers.environment(service)));
    written.keySet().removeIf(name -> !SECRET_NAME.matcher(name).matches());
    assertTrue(written.containsKey("POSTGRES_PASSWORD_FILE"), "there are secrets");
    written.values().removeIf(value -> value.startsWith("/run/secrets/"));

    assertEquals(Map.of(), written);
  }

  @Test
  void eachSecretIsAFileThatIsMadeAndThatSomebodyGets() throws Exception {
    Containers.makeSecrets(secrets);
    Map<String, String> declared = new TreeMap<>();
    Containers.compose()
        .get("secrets")
        .properties()
        .forEach(s -> declared.put(s.getKey(), s.getValue().get("file").asText()));
    Map<String, String> expected = new TreeMap<>();
    Set<String> mounted = new TreeSet<>();
    declared.keySet().forEach(name -> expected.put(name, "${VIGIE_SECRETS:-./secrets}/" + name));
    Containers.services()
        .values()
        .forEach(service -> mounted.addAll(Containers.secrets(service).keySet()));

    assertEquals(expected, declared);
    assertEquals(declared.keySet(), mounted);
    for (String name : declared.keySet()) {
      assertTrue(Files.size(secrets.resolve(name)) > 0, name);
    }
    assertEquals(
        "rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(secrets)));
  }

  @Test
  void aServiceAndItsDatabaseAreToldTheSamePasswords() throws Exception {
    Containers.makeSecrets(secrets);

    for (String module : Settings.MODULES) {
      String roles = Files.readString(secrets.resolve(module + ".sql"));
      Map<String, String> settings = Containers.settings(module, secrets);
      assertTrue(
          roles.contains(
              "create role %s login password '%s';"
                  .formatted(module, settings.get("VIGIE_DB_PASSWORD"))));
      if (!module.equals(Settings.CONSOLE)) {
        assertTrue(
            roles.contains(
                "create role %s_owner login password '%s';"
                    .formatted(module, settings.get("VIGIE_DB_OWNER_PASSWORD"))));
      }
    }
  }

  @Test
  void theSecretsStayWhenTheyAreAskedForAgain(@TempDir Path fresh) throws Exception {
    Containers.makeSecrets(fresh);
    Map<String, String> before = contents(fresh);
    Containers.makeSecrets(fresh);
    assertEquals(before, contents(fresh));

    Containers.makeSecrets(secrets);
    List<String> values = Files.readAllLines(secrets.resolve("values"));
    assertTrue(values.size() > 20);
    values.removeAll(Files.readAllLines(fresh.resolve("values")));
    assertTrue(values.size() > 20, "nobody else's are the same");
  }

  @Test
  void whileTheKeyOfTheLogChangesAuditServiceIsToldBoth(@TempDir Path changing) throws Exception {
    Containers.makeSecrets(changing);
    assertFalse(Containers.settings("audit", changing).containsKey("VIGIE_LOG_NEXT_KEY"));

    // Given another key of the same log, which is made as the first one was
    Containers.makeSecrets(secrets);
    String next = Files.readString(secrets.resolve("log.key"));
    Files.writeString(changing.resolve("next-log.key"), next);
    Containers.makeSecrets(changing);

    Map<String, String> settings = Containers.settings("audit", changing);
    assertEquals(next.strip(), settings.get("VIGIE_LOG_NEXT_KEY"));
    assertEquals(
        Files.readString(changing.resolve("log.key")).strip(), settings.get("VIGIE_LOG_KEY"));
    assertEquals(Set.of(), Settings.of("audit").unread(settings));
  }

  private static Map<String, String> contents(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      Map<String, String> contents = new TreeMap<>();
      for (Path file : files.toList()) {
        contents.put(
            file.getFileName().toString(), HexFormat.of().formatHex(Files.readAllBytes(file)));
      }
      return contents;
    }
  }

  @Test
  void theRealmHasNobodyAndNoSecretOfADemo() throws Exception {
    Containers.makeSecrets(secrets);
    String text = Files.readString(secrets.resolve("vigie-realm.json"));
    JsonNode realm = new ObjectMapper().readTree(text);

    assertFalse(text.contains("-demo"), "a password that everybody knows");
    assertEquals(
        List.of(), each(realm.get("users")).filter(u -> !u.has("serviceAccountClientId")).toList());
    assertEquals(
        List.of(),
        each(realm.get("clients"))
            .filter(client -> client.path("directAccessGrantsEnabled").asBoolean())
            .toList());
    Map<String, String> own = new HashMap<>();
    each(realm.get("clients"))
        .filter(client -> client.has("secret"))
        .forEach(client -> own.put(text(client, "clientId"), text(client, "secret")));
    assertEquals(
        own.get("vigie-console"),
        Containers.settings(Settings.CONSOLE, secrets).get("VIGIE_CONSOLE_SECRET"));
    assertEquals(
        own.get("vigie-directory"),
        Containers.settings("access", secrets).get("VIGIE_DIRECTORY_SECRET"));
    assertEquals(
        own.get("vigie-incident"),
        Containers.settings("incident", secrets).get("VIGIE_CLIENT_SECRET"));
    for (String tool : List.of("vigie-tool", "vigie-prometheus", "vigie-alertmanager")) {
      assertEquals(own.get(tool), Files.readString(secrets.resolve(tool)), tool);
    }
    assertEquals(7, Set.copyOf(own.values()).size(), "no two programs share one");
  }

  private static String text(JsonNode node, String field) {
    return node.get(field).asText();
  }

  @Test
  void aDemoHasItsAccounts(@TempDir Path demo) throws Exception {
    Containers.makeSecrets(demo, "--demo");
    JsonNode realm = new ObjectMapper().readTree(demo.resolve("vigie-realm.json").toFile());

    assertTrue(each(realm.get("users")).anyMatch(u -> text(u, "username").equals("ciso")));
    assertTrue(each(realm.get("clients")).anyMatch(c -> text(c, "clientId").equals("vigie-cli")));
    assertFalse(Containers.settings("access", demo).containsKey(FIRST_CISO));
  }

  @Test
  void accessServiceHasAOneTimeTokenForTheFirstCiso() throws Exception {
    Containers.makeSecrets(secrets);

    assertTrue(Containers.settings("access", secrets).get(FIRST_CISO).length() >= 32);
  }

  @Test
  void theCertificateIsForWhatTheProxyLeadsTo() throws Exception {
    Containers.makeSecrets(secrets);
    Set<String> names =
        BACKEND
            .matcher(text("proxy/haproxy.cfg"))
            .results()
            .map(backend -> backend.group(1) + ".vigie.test")
            .collect(Collectors.toCollection(TreeSet::new));

    X509Certificate certificate = certificate(secrets.resolve("proxy.pem"));
    certificate.verify(certificate(secrets.resolve("ca.crt")).getPublicKey());
    assertEquals(names, names(certificate));
    assertTrue(names.size() > Settings.MODULES.size());
  }

  @Test
  void theBrokersCertificateIsForItsNameAndOfAnAuthorityOfItsOwn() throws Exception {
    Containers.makeSecrets(secrets);

    X509Certificate certificate = certificate(secrets.resolve("kafka.pem"));
    certificate.verify(certificate(secrets.resolve("kafka-ca.crt")).getPublicKey());
    PublicKey ofTheProxy = certificate(secrets.resolve("ca.crt")).getPublicKey();
    assertThrows(SignatureException.class, () -> certificate.verify(ofTheProxy));
    assertEquals("CN=" + BROKER, certificate.getSubjectX500Principal().getName());
    assertEquals(Set.of(BROKER, "localhost"), names(certificate));
  }

  @Test
  void theDatabasesCertificateIsForTheirNamesAndOfAnAuthorityOfItsOwn() throws Exception {
    Containers.makeSecrets(secrets);

    X509Certificate certificate = certificate(secrets.resolve("db.pem"));
    certificate.verify(certificate(secrets.resolve("db-ca.crt")).getPublicKey());
    PublicKey ofTheBroker = certificate(secrets.resolve("kafka-ca.crt")).getPublicKey();
    assertThrows(SignatureException.class, () -> certificate.verify(ofTheBroker));
    assertEquals(databases(), names(certificate));
  }

  @Test
  void eachCertificateThatIsMadeIsNamedWhereTheRunbookSaysThatOneEnds() {
    String runbook = Manifests.text(ROOT.resolve("docs/operations.md"));
    String ends = runbook.substring(runbook.indexOf("\n### A certificate ends\n") + 1);
    String paragraph = ends.substring(0, ends.indexOf("\n### "));
    Set<String> made =
        found(CERTIFIED, text("secrets.sh")).lines().collect(Collectors.toCollection(TreeSet::new));

    assertTrue(made.containsAll(Set.of("proxy.pem", "kafka.pem")), made.toString());
    assertEquals(
        List.of(), made.stream().filter(file -> !paragraph.contains("`" + file + "`")).toList());
  }

  private static Set<String> names(X509Certificate certificate) throws Exception {
    return certificate.getSubjectAlternativeNames().stream()
        .map(name -> name.get(1).toString())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static X509Certificate certificate(Path file) throws Exception {
    return (X509Certificate)
        CertificateFactory.getInstance("X.509")
            .generateCertificate(new ByteArrayInputStream(Files.readAllBytes(file)));
  }

  private static String text(String file) {
    return Manifests.text(Containers.DEPLOY.resolve(file));
  }

  private static String found(Pattern pattern, String text) {
    return pattern.matcher(text).results().map(r -> r.group(1)).collect(Collectors.joining("\n"));
  }
}
