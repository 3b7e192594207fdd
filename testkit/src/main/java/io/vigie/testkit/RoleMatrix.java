package io.vigie.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.restassured.RestAssured;

import static java.net.http.HttpRequest.BodyPublishers.noBody;
import static java.net.http.HttpRequest.BodyPublishers.ofString;
import static org.junit.jupiter.api.Assertions.assertEquals;

/**
 * Walks every operation that a running service declares in its OpenAPI, and what it answers beside
 * its API, × every role, and nobody, against {@code contracts/roles/<service>.json}: operation →
 * the roles that may. Nobody gets 401, another role 403, an allowed role anything else.
 */
public final class RoleMatrix {

  /** In the matrix: open to callers without a token. */
  public static final String PUBLIC = "public";

  private static final List<String> ROLES =
      List.of(
          "staff",
          "asset-manager",
          "access-manager",
          "responder",
          "sysadmin",
          "ciso",
          "auditor",
          "internal-tool",
          "hr-import",
          "third-party-auditor");

  /** Of programs and of people from outside, who are not among the staff. */
  private static final Set<String> NOT_STAFF =
      Set.of("internal-tool", "hr-import", "third-party-auditor");

  private static final Set<String> SIGNED_IN = Set.copyOf(ROLES);

  /** What every service answers beside its API. */
  private static final Map<String, Set<String>> BESIDE_THE_API =
      Map.of(
          "GET /q/health", Set.of(PUBLIC),
          "GET /q/health/live", Set.of(PUBLIC),
          "GET /q/health/ready", Set.of(PUBLIC),
          "GET /q/health/well", Set.of(PUBLIC),
          "GET /q/metrics", Set.of("sysadmin", "internal-tool"),
          "GET /q/metrics/", Set.of("sysadmin", "internal-tool"),
          "GET /q/openapi", SIGNED_IN,
          "GET /q/openapi.json", SIGNED_IN,
          "GET /q/swagger-ui", Set.of(),
          "GET /q/anything", Set.of());

  /** Thousands of calls: on connections that are kept, and without what tests read of answers. */
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private RoleMatrix() {}

  /** Checks the service under test; returns how many calls that took. */
  public static int check(String service) {
    Map<String, Set<String>> declared = declared(service);
    JsonNode paths = ApiDescription.read().get("paths");
    assertEquals(
        declared.keySet(),
        operations(paths),
        "operations in contracts/roles/" + service + ".json and in the OpenAPI");
    declared.putAll(BESIDE_THE_API);
    List<String> wrong = new ArrayList<>();
    int calls = 0;
    for (Map.Entry<String, Set<String>> operation : declared.entrySet()) {
      Set<String> allowed = operation.getValue();
      int nobody = call(operation.getKey(), paths, null);
      calls++;
      if (allowed.contains(PUBLIC) == (nobody == 401)) {
        wrong.add(operation.getKey() + " without a token: " + nobody);
      }
      for (String role : ROLES) {
        int status = call(operation.getKey(), paths, tokenOf(role));
        calls++;
        boolean isAllowed =
            allowed.contains(role)
                || allowed.contains(PUBLIC)
                || (allowed.contains("staff") && !NOT_STAFF.contains(role));
        if (isAllowed == (status == 403) || status == 401 || status == 500) {
          wrong.add(operation.getKey() + " as " + role + ": " + status);
        }
      }
    }
    assertEquals(List.of(), wrong);
    return calls;
  }

  private static String tokenOf(String role) {
    return Tokens.of(UUID.nameUUIDFromBytes(role.getBytes()), role);
  }

  private static int call(String operation, JsonNode paths, String token) {
    String[] parts = operation.split(" ");
    Iterator<String> takes =
        paths
            .path(parts[1])
            .path(parts[0].toLowerCase(Locale.ROOT))
            .at("/requestBody/content")
            .fieldNames();
    String path = parts[1].replaceAll("\\{[^}]+}", UUID.randomUUID().toString());
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(RestAssured.baseURI + ":" + RestAssured.port + path))
            .header("Content-Type", takes.hasNext() ? takes.next() : "application/json")
            .method(parts[0], parts[0].equals("GET") ? noBody() : ofString("{}"));
    if (token != null) {
      request.header("Authorization", "Bearer " + token);
    }
    HttpResponse<Void> answer = answer(request.build(), BodyHandlers.discarding());
    if (answer.headers().firstValue("Vigie-Receipt").isEmpty()) {
      Receipts.requireNoChange(parts[0], path, answer.statusCode());
    }
    return answer.statusCode();
  }

  static <T> HttpResponse<T> answer(HttpRequest request, HttpResponse.BodyHandler<T> body) {
    try {
      return HTTP.send(request, body);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException("interrupted", e);
    }
  }

  private static Set<String> operations(JsonNode paths) {
    Set<String> operations = new TreeSet<>();
    paths
        .properties()
        .forEach(
            path ->
                path.getValue()
                    .fieldNames()
                    .forEachRemaining(
                        method -> operations.add(method.toUpperCase() + " " + path.getKey())));
    return operations;
  }

  private static Map<String, Set<String>> declared(String service) {
    Path file = Path.of(System.getProperty("vigie.root"), "contracts", "roles", service + ".json");
    try {
      Map<String, Set<String>> matrix =
          new ObjectMapper().readValue(file.toFile(), new TypeReference<>() {});
      return new TreeMap<>(matrix);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
