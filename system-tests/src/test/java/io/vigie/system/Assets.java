package io.vigie.system;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.LongStream;

import io.restassured.response.Response;
import org.awaitility.Awaitility;

import static org.junit.jupiter.api.Assertions.assertEquals;

/**
 * Writers that go on through faults as a careful client does, and the check of what is left: a
 * create is repeated under its idempotency key, a change after looking whether it took effect.
 */
final class Assets {

  /** Writes on one asset: its creation and so many changes of owner. */
  static final int WRITES_EACH = 5;

  private final Map<String, Integer> acknowledged = new ConcurrentHashMap<>();

  /** Writes {@code assets} assets, one after the other, {@value #WRITES_EACH} writes each. */
  void write(String service, int assets) {
    write(List.of(service), assets);
  }

  /** The same through several replicas: where one does not answer, the next one is asked. */
  void write(List<String> replicas, int assets) {
    for (int i = 0; i < assets; i++) {
      String id = create(replicas);
      for (int change = 1; change < WRITES_EACH; change++) {
        assignOwner(replicas, id, change);
      }
    }
  }

  /** How many writes were answered that they are done. */
  int acknowledged() {
    return acknowledged.values().stream().mapToInt(Integer::intValue).sum();
  }

  private String create(List<String> replicas) {
    String key = UUID.randomUUID().toString();
    Map<String, ?> body =
        Map.of("name", "crash-" + key, "kind", "SERVER", "serialNumber", key, "production", true);
    Response created =
        Platform.persist(
            replicas,
            replica ->
                Platform.at("asset-manager", replica)
                    .header("Idempotency-Key", key)
                    .body(body)
                    .post("/v1/assets"));
    String id = created.path("id");
    acknowledge(id);
    return id;
  }

  /** Brings the asset to version {@code target}, whether or not an attempt's answer was lost. */
  private void assignOwner(List<String> replicas, String id, int target) {
    Platform.persist(
        replicas,
        replica -> {
          Response change =
              Platform.at("asset-manager", replica)
                  .header("If-Match", "\"" + (target - 1) + "\"")
                  .body(Map.of("owner", UUID.randomUUID()))
                  .put("/v1/assets/" + id + "/owner");
          if (change.statusCode() == 412) {
            return Platform.at("asset-manager", replica).get("/v1/assets/" + id);
          }
          return change;
        });
    acknowledge(id);
  }

  private void acknowledge(String id) {
    acknowledged.merge(id, 1, Integer::sum);
  }

  /**
   * The log has, for each asset, exactly the events of its acknowledged writes, each once and in
   * their order.
   */
  void assertLoggedExactlyOnceInOrder() {
    acknowledged.forEach(
        (id, count) ->
            Awaitility.await("history of " + id)
                .atMost(Duration.ofMinutes(2))
                .pollDelay(Duration.ZERO)
                .ignoreExceptions()
                .untilAsserted(() -> assertHistory(id, count)));
  }

  /**
   * The log has, of each asset that was acknowledged, what the service has of it now: each version,
   * once and in order, and nothing of one that is not there.
   */
  void assertTheLogHasWhatTheServiceHas() {
    acknowledged
        .keySet()
        .forEach(
            id ->
                Awaitility.await("history of " + id)
                    .atMost(Duration.ofMinutes(2))
                    .ignoreExceptions()
                    .untilAsserted(() -> assertHistory(id, versions(id))));
  }

  /** How many versions the service knows of an asset: the first is 0. */
  private static int versions(String id) {
    Response asset = Platform.as("asset-manager", "asset").get("/v1/assets/" + id);
    return asset.statusCode() == 404
        ? 0
        : 1 + Integer.parseInt(asset.header("ETag").replace("\"", ""));
  }

  private static void assertHistory(String id, int events) {
    List<String> numbers =
        Platform.as("auditor", "audit")
            .get("/v1/objects/asset/" + id + "/history")
            .jsonPath()
            .getList("items.eventNumber", String.class);
    assertEquals(LongStream.rangeClosed(1, events).mapToObj(Long::toString).toList(), numbers, id);
  }
}
