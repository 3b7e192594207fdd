package io.vigie.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import io.vigie.kernel.security.Roles;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Holds what a running service says of its API ({@code /q/openapi}) against what a caller needs to
 * know: of each operation its id, its roles, its headers, its refusals, and an example of each body
 * that keeps the body's schema and names every property of it. And against what the last release
 * said of it.
 */
public final class ApiDescription {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final SchemaValidatorsConfig WITH_FORMATS =
      SchemaValidatorsConfig.builder().formatAssertionsEnabled(true).build();

  private final JsonNode api;
  private final ObjectNode schemas;
  private final List<String> wrong = new ArrayList<>();

  private ApiDescription(JsonNode api) {
    this.api = api;
    this.schemas = api.at("/components/schemas").deepCopy();
    schemas.properties().stream()
        .filter(schema -> !schema.getKey().equals("Problem")) // most have no errors
        .forEach(schema -> requireEverything(schema.getValue()));
  }

  /** Checks the service under test; returns how many operations it has. */
  public static int check() {
    ApiDescription description = new ApiDescription(read());
    int operations = description.checkAll();
    assertEquals(List.of(), description.wrong);
    Promises.check(ServiceEnvironment.serviceName() + "-service", Promises.ofApi(description.api));
    return operations;
  }

  /** What the service under test says of its API. */
  static JsonNode read() {
    try {
      return JSON.readTree(
          Rest.as(Tokens.of(Roles.STAFF)).get("/q/openapi?format=json").asByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private int checkAll() {
    assertTrue(api.path("openapi").asText().startsWith("3.1"), "OpenAPI 3.1");
    schemas
        .fieldNames()
        .forEachRemaining(
            name -> require(!name.matches(".*\\d"), name + ": two schemas want one name"));
    Set<String> ids = new HashSet<>();
    int operations = 0;
    for (var path : api.get("paths").properties()) {
      for (var operation : path.getValue().properties()) {
        String name = operation.getKey().toUpperCase() + " " + path.getKey();
        String id = operation.getValue().path("operationId").asText();
        require(!id.isEmpty() && ids.add(id), name + ": no id of its own");
        check(name, operation.getValue());
        operations++;
      }
    }
    return operations;
  }

  private void check(String name, JsonNode operation) {
    JsonNode roles = operation.path("x-roles");
    JsonNode answers = operation.path("responses");
    boolean isOpen = roles.path(0).asText().equals(RoleMatrix.PUBLIC);
    boolean takesVersion = hasParameter(operation, "If-Match");
    boolean isChange = !name.startsWith("GET ");
    require(!roles.isEmpty(), name + ": no roles");
    require(
        hasParameter(operation, "Idempotency-Key") == name.startsWith("POST "),
        name + ": Idempotency-Key is of every POST");
    requireRefusals(name, answers, "400", "429", "503", "default");
    if (!isOpen) {
      requireRefusals(name, answers, "401", "403");
    }
    if (name.contains("{")) {
      requireRefusals(name, answers, "404");
    }
    if (isChange) {
      requireRefusals(name, answers, "409", "422");
    }
    if (takesVersion) {
      requireRefusals(name, answers, "412", "428");
    }
    if (operation.has("requestBody")) {
      checkBody(name + ": request", operation.at("/requestBody/content"));
      requireRefusals(name, answers, "413", "415");
    }
    int successes = 0;
    for (var answer : answers.properties()) {
      if (answer.getKey().startsWith("2")) {
        successes++;
        String what = name + ": " + answer.getKey();
        if (!answer.getKey().equals("202")) { // which may say all in its headers
          require(!answer.getValue().path("content").isEmpty(), what + ": no body");
        }
        checkBody(what, answer.getValue().path("content"));
        requireHeader(
            what, answer.getValue(), "Vigie-Receipt", isChange && !answer.getKey().equals("202"));
        requireHeader(what, answer.getValue(), "Location", answer.getKey().equals("201"));
        requireHeader(what, answer.getValue(), "Retry-After", answer.getKey().equals("202"));
        requireHeader(what, answer.getValue(), "Link", hasParameter(operation, "after"));
        requireHeader(what, answer.getValue(), "ETag", takesVersion);
      }
    }
    require(successes > 0, name + ": no successful answer");
  }

  private void checkBody(String what, JsonNode content) {
    for (var type : content.properties()) {
      if (type.getKey().matches("application/(octet-stream|zip|pdf)|image/.*")) {
        continue; // no text
      }
      JsonNode example = type.getValue().get("example");
      if (example == null) {
        wrong.add(what + " has no example");
      } else {
        violations(type.getValue().path("schema"), example)
            .forEach(violation -> wrong.add(what + ": the example: " + violation.getMessage()));
      }
    }
  }

  private void requireRefusals(String name, JsonNode answers, String... statuses) {
    for (String status : statuses) {
      JsonNode answer = api.at(answers.at("/" + status + "/$ref").asText("#").substring(1));
      JsonNode body = answer.at("/content/application~1problem+json");
      require(
          body.has("example")
              && violations(body.get("schema"), body.get("example")).isEmpty()
              && (status.equals("default") || body.at("/example/status").asText().equals(status)),
          name + ": no problem " + status);
    }
  }

  private void requireHeader(String what, JsonNode answer, String header, boolean isThere) {
    require(!isThere || answer.path("headers").has(header), what + ": no header " + header);
  }

  static boolean hasParameter(JsonNode operation, String name) {
    for (JsonNode parameter : operation.path("parameters")) {
      if (parameter.path("name").asText().equals(name)) {
        return true;
      }
    }
    return false;
  }

  private Set<ValidationMessage> violations(JsonNode schema, JsonNode example) {
    ObjectNode whole = schema.deepCopy();
    whole.putObject("components").set("schemas", schemas);
    return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
        .getSchema(whole, WITH_FORMATS)
        .validate(example);
  }

  /** So that an example without a property, or with one that is gone, keeps the schema no more. */
  private static void requireEverything(JsonNode schema) {
    if (schema.has("properties")) {
      ObjectNode object = (ObjectNode) schema;
      ArrayNode required = object.putArray("required");
      object.get("properties").fieldNames().forEachRemaining(required::add);
      object.put("additionalProperties", false);
    }
  }

  private void require(boolean holds, String otherwise) {
    if (!holds) {
      wrong.add(otherwise);
    }
  }
}
