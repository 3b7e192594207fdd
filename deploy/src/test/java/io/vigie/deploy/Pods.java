package io.vigie.deploy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;

import static io.vigie.deploy.Manifests.each;
import static io.vigie.deploy.Manifests.name;
import static io.vigie.deploy.Manifests.ofKind;
import static io.vigie.deploy.Manifests.texts;

/**
 * The pods that an overlay comes to, by their labels, and which of them may speak with which. What
 * operators start has the labels that their documentation gives.
 */
final class Pods {
  private static final int KAFKA_CLIENTS = 9093;

  private final Map<String, Map<String, String>> labels = new HashMap<>();
  private final List<JsonNode> policies;
  private final JsonNode kafkaPeers;

  Pods(List<JsonNode> manifests) {
    for (JsonNode deployment : ofKind(manifests, "Deployment")) {
      Map<String, String> own = new HashMap<>();
      deployment
          .at("/spec/template/metadata/labels")
          .properties()
          .forEach(label -> own.put(label.getKey(), label.getValue().asText()));
      labels.put(name(deployment), own);
    }
    ofKind(manifests, "Cluster")
        .forEach(cluster -> labels.put(name(cluster), Map.of("cnpg.io/cluster", name(cluster))));
    ofKind(manifests, "Keycloak").forEach(sso -> labels.put(name(sso), Map.of("app", "keycloak")));
    for (JsonNode kafka : ofKind(manifests, "Kafka")) {
      for (String part : List.of("kafka", "entity-operator")) {
        labels.put(
            name(kafka) + "-" + part,
            Map.of("strimzi.io/cluster", name(kafka), "strimzi.io/name", name(kafka) + "-" + part));
      }
    }
    policies = ofKind(manifests, "NetworkPolicy");
    kafkaPeers = ofKind(manifests, "Kafka").get(0).at("/spec/kafka/listeners/0/networkPolicyPeers");
  }

  Set<String> names() {
    return labels.keySet();
  }

  /** Whether a selector takes any pod, and each value that it lists is some pod's. */
  boolean selects(JsonNode selector) {
    return labels.values().stream().anyMatch(pod -> matches(selector, pod))
        && each(selector.path("matchExpressions"))
            .allMatch(
                expression ->
                    each(expression.path("values"))
                        .allMatch(value -> has(expression.get("key").asText(), value.asText())));
  }

  private boolean has(String label, String value) {
    return labels.values().stream().anyMatch(pod -> value.equals(pod.get(label)));
  }

  /** Whether the one's policies let it open a connection to the other. */
  boolean mayGo(String from, String to, int port) {
    return rules(from, "egress").anyMatch(rule -> names(rule, "to", to, port));
  }

  /** Whether the other's policies let it in. */
  boolean mayCome(String from, String to, int port) {
    if (port == KAFKA_CLIENTS && to.endsWith("-kafka")) { // its operator's own policy
      return each(kafkaPeers).anyMatch(peer -> matchesPod(peer, from));
    }
    return rules(to, "ingress").anyMatch(rule -> names(rule, "from", from, port));
  }

  /** Every port that a policy names. */
  List<Integer> ports() {
    List<Integer> ports = new ArrayList<>(List.of(KAFKA_CLIENTS));
    policies.forEach(policy -> policy.findValues("port").forEach(port -> ports.add(port.asInt())));
    return ports.stream().distinct().toList();
  }

  /** Whether what it sends, or what it gets, is refused unless a policy names it. */
  boolean isClosed(String pod, String direction) {
    return policies.stream()
        .filter(policy -> matches(policy.at("/spec/podSelector"), labels.get(pod)))
        .anyMatch(policy -> texts(policy.at("/spec/policyTypes")).contains(direction));
  }

  private Stream<JsonNode> rules(String pod, String direction) {
    return policies.stream()
        .filter(policy -> matches(policy.at("/spec/podSelector"), labels.get(pod)))
        .flatMap(policy -> each(policy.at("/spec/" + direction)));
  }

  private boolean names(JsonNode rule, String side, String pod, int port) {
    boolean open =
        !rule.has("ports") || rule.get("ports").findValuesAsText("port").contains("" + port);
    return open && each(rule.path(side)).anyMatch(peer -> matchesPod(peer, pod));
  }

  /** A peer in another namespace, or an address, is none of the pods here. */
  private boolean matchesPod(JsonNode peer, String pod) {
    return peer.has("podSelector")
        && !peer.has("namespaceSelector")
        && matches(peer.get("podSelector"), labels.get(pod));
  }

  private static boolean matches(JsonNode selector, Map<String, String> labels) {
    List<String> required = new ArrayList<>();
    selector.path("matchLabels").fieldNames().forEachRemaining(required::add);
    return required.stream()
            .allMatch(
                label -> selector.get("matchLabels").get(label).asText().equals(labels.get(label)))
        && each(selector.path("matchExpressions"))
            .allMatch(expression -> matches(labels, expression));
  }

  private static boolean matches(Map<String, String> labels, JsonNode expression) {
    String value = labels.get(expression.get("key").asText());
    return switch (expression.get("operator").asText()) {
      case "Exists" -> value != null;
      case "In" -> texts(expression.get("values")).contains(value);
      default -> throw new IllegalArgumentException(expression.toString());
    };
  }
}
