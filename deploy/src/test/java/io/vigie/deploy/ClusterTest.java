package io.vigie.deploy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static io.vigie.deploy.Manifests.DIRECTORY;
import static io.vigie.deploy.Manifests.each;
import static io.vigie.deploy.Manifests.kind;
import static io.vigie.deploy.Manifests.name;
import static io.vigie.deploy.Manifests.ofKind;
import static io.vigie.deploy.Manifests.texts;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What an overlay comes to fits together. */
class ClusterTest {
  private static final String PRODUCTION = "overlays/production";
  private static final String TRIAL = "overlays/trial";

  /** A host in this namespace, and its port. */
  private static final Pattern INSIDE =
      Pattern.compile("(?:^|//)([a-z]+-(?:service|db-rw|kafka-bootstrap))(?:[:/]|$)");

  private static final Pattern OUTSIDE =
      Pattern.compile("https://([a-z]+)\\.\\$\\{vigie\\.domain}");

  @Test
  void whatAllServicesShareIsHardened() {
    List<JsonNode> shared = Manifests.read(DIRECTORY.resolve("base/vigie/service/deployment.yaml"));

    assertHardened(shared);
    assertBudgets(shared);
  }

  @Test
  void keycloakIsConfinedAsItsNamespaceDemands() {
    Path base = DIRECTORY.resolve("base/vigie");
    JsonNode namespace = Manifests.read(base.resolve("namespace.yaml")).get(0);

    assertEquals(
        "restricted",
        namespace.at("/metadata/labels/pod-security.kubernetes.io~1enforce").asText());
    assertKeycloakConfined(Manifests.read(base.resolve("sso/keycloak.yaml")));
  }

  @ParameterizedTest
  @ValueSource(strings = {PRODUCTION, TRIAL})
  void eachServiceIsHardenedAndKeptInService(String overlay) {
    List<JsonNode> rendered = Manifests.rendered(overlay);

    assertEquals(
        Settings.MODULES.stream().map(module -> module + "-service").collect(Collectors.toSet()),
        ofKind(rendered, "Deployment").stream().map(Manifests::name).collect(Collectors.toSet()));
    assertHardened(rendered);
    assertKeycloakConfined(rendered);
    assertBudgets(rendered);
    for (JsonNode deployment : ofKind(rendered, "Deployment")) {
      boolean scaled =
          ofKind(rendered, "HorizontalPodAutoscaler").stream()
              .anyMatch(
                  scaler ->
                      scaler.at("/spec/scaleTargetRef/name").asText().equals(name(deployment)));
      assertEquals(
          scaled,
          deployment.at("/spec/replicas").isMissingNode(),
          name(deployment) + ": either an autoscaler or the manifest says how many");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {PRODUCTION, TRIAL})
  void whatPodsMountAndReadIsThere(String overlay) {
    List<JsonNode> rendered = Manifests.rendered(overlay);
    Set<String> secrets = names(rendered, "ExternalSecret", "KafkaUser");
    ofKind(rendered, "Certificate")
        .forEach(made -> secrets.add(made.at("/spec/secretName").asText()));
    ofKind(rendered, "Cluster").forEach(cluster -> secrets.add(name(cluster) + "-ca"));
    ofKind(rendered, "Kafka").forEach(kafka -> secrets.add(name(kafka) + "-cluster-ca-cert"));
    Set<String> maps = names(rendered, "ConfigMap", "Bundle");
    Set<String> claims = names(rendered, "PersistentVolumeClaim");

    for (JsonNode deployment : ofKind(rendered, "Deployment")) {
      JsonNode pod = deployment.at("/spec/template/spec");
      assertThere(secrets, pod, "/secretRef/name", "/secretKeyRef/name", "/secret/secretName");
      assertThere(maps, pod, "/configMapRef/name", "/configMap/name");
      assertThere(claims, pod, "/persistentVolumeClaim/claimName");
      Set<String> volumes =
          each(pod.get("volumes"))
              .map(volume -> volume.get("name").asText())
              .collect(Collectors.toSet());
      Set<String> mounted = new HashSet<>();
      pod.findValues("volumeMounts")
          .forEach(
              mounts -> each(mounts).forEach(mount -> mounted.add(mount.get("name").asText())));
      assertEquals(volumes, mounted, name(deployment) + ": each volume is mounted");
    }
    for (JsonNode cluster : ofKind(rendered, "Cluster")) {
      assertThere(secrets, cluster, "/secret/name", "/passwordSecret/name");
    }
    for (JsonNode sso : ofKind(rendered, "Keycloak")) {
      assertThere(secrets, sso, "/usernameSecret/name", "/passwordSecret/name", "/secret/name");
      assertThere(maps, sso, "/configMap/name");
      assertTrue(secrets.contains(sso.at("/spec/http/tlsSecret").asText()));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {PRODUCTION, TRIAL})
  void policiesSelectPodsThatThereAreAndAgreeAtBothEnds(String overlay) {
    List<JsonNode> rendered = Manifests.rendered(overlay);
    Pods pods = new Pods(rendered);

    List<String> wrong = new ArrayList<>();
    for (JsonNode policy : ofKind(rendered, "NetworkPolicy")) {
      Stream.concat(
              Stream.of(policy.at("/spec/podSelector")),
              Stream.of("/spec/ingress", "/spec/egress")
                  .flatMap(rules -> each(policy.at(rules)))
                  .flatMap(rule -> each(rule.has("to") ? rule.get("to") : rule.path("from")))
                  .filter(peer -> !peer.has("namespaceSelector") && !peer.has("ipBlock"))
                  .map(peer -> peer.path("podSelector")))
          .filter(selector -> !pods.selects(selector))
          .forEach(selector -> wrong.add(name(policy) + " selects nothing by " + selector));
    }
    ofKind(rendered, "Kafka").get(0).at("/spec/kafka/listeners").findValues("podSelector").stream()
        .filter(selector -> !pods.selects(selector))
        .forEach(selector -> wrong.add("the broker lets nobody in by " + selector));
    for (String from : pods.names()) {
      assertTrue(pods.isClosed(from, "Ingress") && pods.isClosed(from, "Egress"), from);
      for (String to : pods.names()) {
        for (int port : pods.ports()) {
          boolean among = from.startsWith("vigie-") && to.startsWith("vigie-"); // Strimzi's own
          if (!among && pods.mayGo(from, to, port) != pods.mayCome(from, to, port)) {
            wrong.add(from + " to " + to + ":" + port + " is open at one end only");
          }
        }
      }
    }
    assertEquals(List.of(), wrong);
  }

  static Iterable<String> services() {
    return Settings.services();
  }

  /** So policies and brokers let it in, and it moves no other service's groups. */
  @ParameterizedTest
  @MethodSource("services")
  void whatHasAServiceReadAgainComesInAsThatService(String service) {
    String script = Manifests.ROOT.resolve("deploy/read-again.sh").toString();
    List<JsonNode> made =
        Manifests.documents(
            Manifests.run(
                List.of(script, service, "2026-11-27T00:00:00", "registry.example.org/kafka:1")));
    JsonNode pod = made.get(0);
    JsonNode kafka = Manifests.read(DIRECTORY.resolve("base/vigie/kafka/kafka.yaml")).get(0);
    List<String> letIn =
        texts(
            kafka.at(
                "/spec/kafka/listeners/0/networkPolicyPeers/0/podSelector/matchExpressions/0/values"));
    JsonNode principal =
        Manifests.read(DIRECTORY.resolve("base/vigie/kafka/users.yaml")).stream()
            .filter(user -> name(user).equals(service + "-kafka"))
            .findAny()
            .orElseThrow();

    assertEquals(1, made.size());
    assertEquals(List.of(), Kinds.wrong(pod));
    assertConfined(name(pod), pod.get("spec"));
    assertEquals(service, pod.at("/metadata/labels/app.kubernetes.io~1name").asText());
    assertTrue(letIn.contains(service));
    assertEquals(
        name(principal), pod.at("/spec/containers/0/env/0/valueFrom/secretKeyRef/name").asText());
    assertEquals(
        List.of(service),
        each(principal.at("/spec/authorization/acls"))
            .filter(rule -> rule.at("/resource/type").asText().equals("group"))
            .map(rule -> rule.at("/resource/name").asText())
            .toList());
  }

  @ParameterizedTest
  @ValueSource(strings = {PRODUCTION, TRIAL})
  void podsReachWhatTheirSettingsNameAndNothingElse(String overlay) {
    List<JsonNode> rendered = Manifests.rendered(overlay);
    Pods pods = new Pods(rendered);
    Set<String> routes =
        ofKind(rendered, "HTTPRoute").stream()
            .flatMap(route -> texts(route.at("/spec/hostnames")).stream())
            .collect(Collectors.toSet());

    for (JsonNode deployment : ofKind(rendered, "Deployment")) {
      Map<String, String> environment = Environment.of(deployment, rendered);
      String domain = environment.get("VIGIE_DOMAIN");
      Set<String> named = new TreeSet<>();
      for (String value : environment.values()) {
        Matcher inside = INSIDE.matcher(value);
        while (inside.find()) {
          named.add(pod(inside.group(1)));
        }
        Matcher outside = OUTSIDE.matcher(value);
        while (outside.find()) {
          String host = outside.group(1) + "." + domain;
          assertTrue(routes.contains(host), name(deployment) + " is told of " + host);
        }
      }
      Set<String> reached =
          pods.names().stream()
              .filter(
                  to ->
                      pods.ports().stream()
                          .anyMatch(port -> pods.mayGo(name(deployment), to, port)))
              .collect(Collectors.toCollection(TreeSet::new));

      assertEquals(named, reached, name(deployment));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {PRODUCTION, TRIAL})
  void thereIsOneWayInAndItIsTls(String overlay) {
    List<JsonNode> rendered = Manifests.rendered(overlay);
    JsonNode gateway = ofKind(rendered, "Gateway").get(0);
    Set<String> certified =
        ofKind(rendered, "Certificate").stream()
            .filter(certificate -> name(certificate).equals("gateway-tls"))
            .flatMap(certificate -> texts(certificate.at("/spec/dnsNames")).stream())
            .collect(Collectors.toSet());
    Set<String> secured =
        ofKind(rendered, "BackendTLSPolicy").stream()
            .map(policy -> policy.at("/spec/targetRefs/0/name").asText())
            .collect(Collectors.toSet());

    each(gateway.at("/spec/listeners"))
        .forEach(listener -> assertEquals("HTTPS", listener.get("protocol").asText()));
    Set<String> routed = new HashSet<>();
    for (JsonNode route : ofKind(rendered, "HTTPRoute")) {
      routed.addAll(texts(route.at("/spec/hostnames")));
      route
          .findValues("backendRefs")
          .forEach(
              backends ->
                  each(backends)
                      .forEach(
                          backend -> assertTrue(secured.contains(backend.get("name").asText()))));
      assertFalse(leadsToHealth(route), "neither health nor metrics leave: " + name(route));
    }
    assertEquals(certified, routed);
    ofKind(rendered, "Service")
        .forEach(
            service -> assertEquals("ClusterIP", service.at("/spec/type").asText("ClusterIP")));
  }

  /** Of the rules that match a path, the one with the longest prefix is followed. */
  private static boolean leadsToHealth(JsonNode route) {
    return each(route.at("/spec/rules"))
        .flatMap(
            rule ->
                each(rule.get("matches"))
                    .map(match -> match.at("/path/value").asText())
                    .filter(prefix -> List.of("/", "/q", "/q/health").contains(prefix))
                    .map(prefix -> Map.entry(prefix.length(), rule.has("backendRefs"))))
        .max(Map.Entry.comparingByKey())
        .map(Map.Entry::getValue)
        .orElse(false);
  }

  @ParameterizedTest
  @ValueSource(strings = {PRODUCTION, TRIAL})
  void prometheusLooksAtEachServiceAndTheConsole(String overlay) {
    List<JsonNode> rendered = Manifests.rendered(overlay);

    for (String deployment : names(rendered, "Deployment")) {
      JsonNode monitor = named(rendered, "ServiceMonitor", deployment);
      JsonNode service = named(rendered, "Service", deployment);
      assertEquals(
          service.at("/spec/selector"), monitor.at("/spec/selector/matchLabels"), name(monitor));
      monitor
          .at("/spec/selector/matchLabels")
          .properties()
          .forEach(
              label ->
                  assertEquals(
                      label.getValue(), service.at("/metadata/labels").get(label.getKey())));
      JsonNode endpoint = monitor.at("/spec/endpoints/0");
      assertEquals(service.at("/spec/ports/0/name"), endpoint.get("port"));
      assertCertified(rendered, endpoint);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {PRODUCTION, TRIAL})
  void prometheusLooksAtEachDatabaseAtTheBrokersAndAtKeycloak(String overlay) {
    List<JsonNode> rendered = Manifests.rendered(overlay);
    Pods pods = new Pods(rendered);
    Set<String> watched = new TreeSet<>(names(rendered, "Cluster"));
    ofKind(rendered, "Kafka").forEach(kafka -> watched.add("kafka"));
    Set<String> served = new TreeSet<>(names(rendered, "Deployment"));
    ofKind(rendered, "Keycloak").forEach(sso -> served.add(name(sso) + "-service"));

    assertEquals(watched, names(rendered, "PodMonitor"));
    assertEquals(served, names(rendered, "ServiceMonitor"));
    for (JsonNode monitor : ofKind(rendered, "PodMonitor")) {
      JsonNode selected = monitor.at("/spec/selector");
      assertTrue(pods.selects(selected), name(monitor));
      assertTrue(selected.get("matchLabels").has(monitor.at("/spec/jobLabel").asText()));
    }
    for (JsonNode cluster : ofKind(rendered, "Cluster")) {
      JsonNode monitor = named(rendered, "PodMonitor", name(cluster));
      JsonNode tls = monitor.at("/spec/podMetricsEndpoints/0/tlsConfig");
      assertEquals(
          name(cluster), monitor.at("/spec/selector/matchLabels").path("cnpg.io/cluster").asText());
      assertTrue(cluster.at("/spec/monitoring/tls/enabled").asBoolean(), name(cluster));
      assertEquals(name(cluster) + "-ca", tls.at("/ca/secret/name").asText());
      assertEquals(name(cluster) + "-rw", tls.get("serverName").asText());
      assertLetIn(rendered, name(cluster), 9187);
    }
    for (JsonNode sso : ofKind(rendered, "Keycloak")) {
      JsonNode monitor = named(rendered, "ServiceMonitor", name(sso) + "-service");
      assertTrue(
          each(sso.at("/spec/additionalOptions"))
              .filter(option -> option.get("name").asText().equals("metrics-enabled"))
              .anyMatch(option -> option.get("value").asText().equals("true")));
      assertFalse(sso.at("/spec/serviceMonitor/enabled").asBoolean(true));
      assertEquals(
          name(sso),
          monitor.at("/spec/selector/matchLabels").path("app.kubernetes.io/instance").asText());
      assertCertified(rendered, monitor.at("/spec/endpoints/0"));
      assertLetIn(rendered, name(sso), 9000);
    }
  }

  /** The name that Prometheus asks for is in a certificate. */
  private static void assertCertified(List<JsonNode> manifests, JsonNode endpoint) {
    String name = endpoint.at("/tlsConfig/serverName").asText();
    assertEquals("https", endpoint.get("scheme").asText(), name);
    assertTrue(
        ofKind(manifests, "Certificate").stream()
            .flatMap(certificate -> texts(certificate.at("/spec/dnsNames")).stream())
            .anyMatch(name::equals),
        name);
  }

  /** A policy of that name opens the port to the namespace of Prometheus, and to nobody else. */
  private static void assertLetIn(List<JsonNode> manifests, String policy, int port) {
    List<JsonNode> open =
        each(named(manifests, "NetworkPolicy", policy).at("/spec/ingress"))
            .filter(
                rule -> rule.get("ports").findValuesAsText("port").contains(String.valueOf(port)))
            .toList();
    assertEquals(1, open.size(), policy);
    JsonNode from = open.get(0).get("from");
    assertEquals(1, from.size(), policy);
    assertEquals(
        "true",
        from.at("/0/namespaceSelector/matchLabels").path("vigie.io/monitoring").asText(),
        policy);
  }

  private static JsonNode named(List<JsonNode> manifests, String kind, String name) {
    return ofKind(manifests, kind).stream()
        .filter(manifest -> name(manifest).equals(name))
        .findAny()
        .orElseThrow();
  }

  @ParameterizedTest
  @ValueSource(strings = {PRODUCTION, TRIAL})
  void databasesHaveRoomForAllConnectionsOfAllReplicas(String overlay) {
    List<JsonNode> rendered = Manifests.rendered(overlay);
    for (JsonNode deployment : ofKind(rendered, "Deployment")) {
      String module = name(deployment).replace("-service", "");
      Settings settings = Settings.of(module);
      int replicas =
          ofKind(rendered, "HorizontalPodAutoscaler").stream()
              .filter(scaler -> name(scaler).equals(name(deployment)))
              .map(scaler -> scaler.at("/spec/maxReplicas").asInt())
              .findAny()
              .orElse(deployment.at("/spec/replicas").asInt());
      String jdbc = settings.inFile("quarkus.datasource.jdbc.max-size");
      int each =
          Integer.parseInt(settings.inFile("quarkus.datasource.reactive.max-size"))
              + (jdbc == null ? 0 : Integer.parseInt(jdbc))
              + 4; // beside the pools: relay, migration, feeds

      assertTrue(replicas >= 1, name(deployment));
      assertTrue(
          (replicas + 1) * each < connections(rendered, module),
          name(deployment) + ": " + replicas + " and one more of " + each);
    }
    for (JsonNode sso : ofKind(rendered, "Keycloak")) {
      int replicas = sso.at("/spec/instances").asInt();
      int each = sso.at("/spec/db/poolMaxSize").asInt();

      assertTrue(each > 0, "without a limit it takes a hundred");
      assertTrue(
          (replicas + 1) * each < connections(rendered, name(sso)),
          name(sso) + ": " + replicas + " and one more of " + each);
    }
  }

  private static int connections(List<JsonNode> manifests, String module) {
    return named(manifests, "Cluster", module + "-db")
        .at("/spec/postgresql/parameters/max_connections")
        .asInt();
  }

  @ParameterizedTest
  @ValueSource(strings = {PRODUCTION, TRIAL})
  void whatProxiesSayIsBelievedOfThoseThatTheSiteNamesAlone(String overlay) {
    List<JsonNode> rendered = Manifests.rendered(overlay);
    Set<String> trusted = new HashSet<>();
    for (JsonNode deployment : ofKind(rendered, "Deployment")) {
      trusted.add(Environment.of(deployment, rendered).get("QUARKUS_HTTP_PROXY_TRUSTED_PROXIES"));
    }
    for (JsonNode sso : ofKind(rendered, "Keycloak")) {
      each(sso.at("/spec/additionalOptions"))
          .filter(option -> option.get("name").asText().equals("proxy-trusted-addresses"))
          .forEach(option -> trusted.add(option.get("value").asText()));
    }

    assertEquals(1, trusted.size(), trusted::toString);
    String named = String.valueOf(trusted.iterator().next());
    assertTrue(named.matches("[\\d.:a-f]+/[1-9]\\d*(,[\\d.:a-f]+/[1-9]\\d*)*"), named);
    assertFalse(named.startsWith("192.0.2."), "no proxy of this site");
  }

  /**
   * A registry that everybody may write to may have others under the names that images have here.
   */
  @ParameterizedTest
  @ValueSource(strings = {PRODUCTION, TRIAL})
  void eachAddressIsTheSitesAndEachImageANamedBuildOfItsRegistry(String overlay) {
    List<JsonNode> rendered = Manifests.rendered(overlay);

    for (JsonNode deployment : ofKind(rendered, "Deployment")) {
      for (JsonNode image : deployment.findValues("image")) {
        assertTrue(
            image.asText().matches("[a-z0-9-]+\\.[^/]+/.+(:[0-9][^:]*|@sha256:.+)"),
            image.asText());
      }
    }
    assertEquals(
        List.of(),
        rendered.stream()
            .filter(manifest -> manifest.toString().contains("192.0.2."))
            .map(Manifests::name)
            .toList());
  }

  @Test
  void productionSurvivesTheLossOfAZone() {
    List<JsonNode> rendered = Manifests.rendered(PRODUCTION);
    for (JsonNode deployment : ofKind(rendered, "Deployment")) {
      JsonNode spread = deployment.at("/spec/template/spec/topologySpreadConstraints/0");
      assertEquals("DoNotSchedule", spread.get("whenUnsatisfiable").asText());
      assertEquals("topology.kubernetes.io/zone", spread.get("topologyKey").asText());
      assertEquals(
          deployment.at("/spec/selector/matchLabels"), spread.at("/labelSelector/matchLabels"));
      assertTrue(
          deployment.at("/spec/replicas").asInt(2) >= 2
              && ofKind(rendered, "HorizontalPodAutoscaler").stream()
                  .allMatch(scaler -> scaler.at("/spec/minReplicas").asInt() >= 2));
    }
    for (JsonNode cluster : ofKind(rendered, "Cluster")) {
      assertEquals(3, cluster.at("/spec/instances").asInt());
      assertEquals("required", cluster.at("/spec/postgresql/synchronous/dataDurability").asText());
      assertEquals("required", cluster.at("/spec/affinity/podAntiAffinityType").asText());
      assertTrue(cluster.at("/spec/plugins/0/isWALArchiver").asBoolean());
      assertTrue(
          ofKind(rendered, "ScheduledBackup").stream()
              .anyMatch(backup -> backup.at("/spec/cluster/name").asText().equals(name(cluster))),
          "R11.8: daily backups of " + name(cluster));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {PRODUCTION, TRIAL})
  void thereAreAsManyBrokersAsCopies(String overlay) {
    List<JsonNode> rendered = Manifests.rendered(overlay);
    int brokers = 0;
    int controllers = 0;
    for (JsonNode pool : ofKind(rendered, "KafkaNodePool")) {
      List<String> roles = texts(pool.at("/spec/roles"));
      int replicas = pool.at("/spec/replicas").asInt();
      brokers += roles.contains("broker") ? replicas : 0;
      controllers += roles.contains("controller") ? replicas : 0;
    }
    assertEquals(1, controllers % 2, "a quorum");
    for (JsonNode topic : ofKind(rendered, "KafkaTopic")) {
      assertEquals(brokers, topic.at("/spec/replicas").asInt(), name(topic));
      assertTrue(topic.at("/spec/config/min.insync.replicas").asInt() <= brokers);
    }
    JsonNode config = ofKind(rendered, "Kafka").get(0).at("/spec/kafka/config");
    for (String copies :
        List.of(
            "default.replication.factor",
            "offsets.topic.replication.factor",
            "transaction.state.log.replication.factor")) {
      assertEquals(brokers, config.get(copies).asInt(), copies);
    }
  }

  /** Of the deployments among the manifests; there is one at least. */
  private static void assertHardened(List<JsonNode> manifests) {
    assertFalse(ofKind(manifests, "Deployment").isEmpty());
    for (JsonNode deployment : ofKind(manifests, "Deployment")) {
      JsonNode pod = deployment.at("/spec/template/spec");
      assertConfined(name(deployment), pod);
      assertFalse(pod.get("automountServiceAccountToken").asBoolean(true));
      assertFalse(pod.get("enableServiceLinks").asBoolean(true));
      containers(pod)
          .forEach(
              container -> {
                String whose = name(deployment) + "/" + container.get("name").asText();
                assertTrue(
                    container.at("/securityContext/readOnlyRootFilesystem").asBoolean(), whose);
                for (String kind : List.of("requests", "limits")) {
                  for (String what : List.of("cpu", "memory")) {
                    assertTrue(container.at("/resources/" + kind).has(what), whose + " " + what);
                  }
                }
              });
      JsonNode service = pod.at("/containers/0");
      JsonNode startup = service.get("startupProbe");
      int start = startup.get("periodSeconds").asInt() * startup.get("failureThreshold").asInt();
      assertTrue(start >= 3600, name(deployment) + " migrates before it answers");
      assertTrue(deployment.at("/spec/progressDeadlineSeconds").asInt() > start);
      for (String probe : List.of("started", "live", "ready")) {
        String field =
            Map.of("started", "startup", "live", "liveness", "ready", "readiness").get(probe);
        JsonNode asked = service.at("/" + field + "Probe/httpGet");
        assertEquals("/q/health/" + probe, asked.path("path").asText(), name(deployment));
        assertEquals("HTTPS", asked.path("scheme").asText());
        assertTrue(
            each(service.get("ports"))
                .anyMatch(port -> port.get("name").asText().equals(asked.get("port").asText())));
      }
    }
  }

  /** The operator takes what stands there as the pod that it completes. */
  private static void assertKeycloakConfined(List<JsonNode> manifests) {
    assertFalse(ofKind(manifests, "Keycloak").isEmpty());
    ofKind(manifests, "Keycloak")
        .forEach(sso -> assertConfined(name(sso), sso.at("/spec/unsupported/podTemplate/spec")));
  }

  /** As Pod Security demands it at its level "restricted". */
  private static void assertConfined(String whose, JsonNode pod) {
    assertTrue(pod.at("/securityContext/runAsNonRoot").asBoolean(), whose);
    assertEquals("RuntimeDefault", pod.at("/securityContext/seccompProfile/type").asText(), whose);
    assertTrue(containers(pod).findAny().isPresent(), whose);
    containers(pod)
        .map(container -> container.path("securityContext"))
        .forEach(
            context -> {
              assertFalse(context.path("allowPrivilegeEscalation").asBoolean(true), whose);
              assertEquals(List.of("ALL"), texts(context.at("/capabilities/drop")), whose);
            });
  }

  private static Stream<JsonNode> containers(JsonNode pod) {
    return Stream.concat(each(pod.path("containers")), each(pod.path("initContainers")));
  }

  /** A budget and a service select what the deployment makes. */
  private static void assertBudgets(List<JsonNode> manifests) {
    for (JsonNode deployment : ofKind(manifests, "Deployment")) {
      JsonNode selector = deployment.at("/spec/selector/matchLabels");
      assertEquals(selector, deployment.at("/spec/template/metadata/labels"));
      assertEquals(
          1, selecting(manifests, "PodDisruptionBudget", "/spec/selector/matchLabels", selector));
      assertEquals(1, selecting(manifests, "Service", "/spec/selector", selector));
    }
  }

  private static long selecting(List<JsonNode> manifests, String kind, String at, JsonNode labels) {
    return ofKind(manifests, kind).stream().filter(found -> found.at(at).equals(labels)).count();
  }

  private static Set<String> names(List<JsonNode> manifests, String... kinds) {
    return manifests.stream()
        .filter(manifest -> List.of(kinds).contains(kind(manifest)))
        .map(Manifests::name)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Whatever stands at the end of these paths, wherever in the manifest, is there. */
  private static void assertThere(Set<String> there, JsonNode manifest, String... paths) {
    for (String path : paths) {
      String[] steps = path.substring(1).split("/");
      for (JsonNode parent : manifest.findValues(steps[0])) {
        if (parent.has(steps[1])) {
          String name = parent.get(steps[1]).asText();
          assertTrue(there.contains(name), name + " at " + path);
        }
      }
    }
  }

  /** Which pods answer under a name. */
  private static String pod(String host) {
    return switch (host) {
      case "sso-service" -> "sso";
      default -> host.replace("-db-rw", "-db").replace("-kafka-bootstrap", "-kafka");
    };
  }
}
