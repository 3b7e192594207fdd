package io.vigie.kernel.web;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vigie.kernel.Contracts;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.eclipse.microprofile.openapi.models.Operation;
import org.eclipse.microprofile.openapi.models.media.Content;
import org.eclipse.microprofile.openapi.models.media.Schema;

/**
 * The examples of {@code contracts/examples/<service>.json} and those that every service has: by
 * the name of the schema that they are examples of, or, where an answer is no object, by operation
 * ({@code GET /log/vkey}). A page is a page of one such object.
 */
final class ApiExamples {

  private static final ObjectMapper JSON = new ObjectMapper();
  static final String REF = "#/components/schemas/";

  private final ObjectNode examples;
  private final OpenAPI api;

  private ApiExamples(ObjectNode examples, OpenAPI api) {
    this.examples = examples;
    this.api = api;
  }

  static ApiExamples of(String service, OpenAPI api) {
    ObjectNode examples = JSON.createObjectNode();
    for (String file : List.of("every-service", service)) {
      read("examples/" + file)
          .fields()
          .forEachRemaining(e -> examples.set(e.getKey(), e.getValue()));
    }
    return new ApiExamples(examples, api);
  }

  /** A contract file; nothing where there is none. */
  static JsonNode read(String file) {
    try (InputStream json =
        Contracts.class.getResourceAsStream("/vigie/contracts/" + file + ".json")) {
      return json == null ? JSON.createObjectNode() : JSON.readTree(json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void describe(String name, Operation operation) {
    if (operation.getRequestBody() != null) {
      describe(operation.getRequestBody().getContent(), null);
    }
    operation
        .getResponses()
        .getAPIResponses()
        .forEach(
            (status, response) -> {
              if (status.startsWith("2")) {
                describe(response.getContent(), examples.get(name));
              }
            });
  }

  private void describe(Content content, JsonNode own) {
    if (content != null) {
      content
          .getMediaTypes()
          .values()
          .forEach(
              type -> {
                JsonNode example = own == null ? example(type.getSchema()) : own;
                if (example != null) {
                  type.setExample(JSON.convertValue(example, Object.class));
                }
              });
    }
  }

  private JsonNode example(Schema schema) {
    if (schema == null) {
      return null;
    }
    if (schema.getRef() == null) {
      JsonNode item = example(schema.getItems());
      return item == null ? null : JSON.createArrayNode().add(item);
    }
    JsonNode example = examples.get(schema.getRef().replace(REF, ""));
    Schema referred = schema(api, schema);
    if (example != null || referred == null || referred.getProperties() == null) {
      return example;
    }
    Schema items = referred.getProperties().get("items");
    JsonNode page = items == null ? null : example(items);
    return page == null ? null : JSON.createObjectNode().set("items", page);
  }

  /** What the first form of a body is, behind its reference; null where nothing is known of it. */
  static Schema schema(OpenAPI api, Content content) {
    return content == null
        ? null
        : content.getMediaTypes().values().stream()
            .map(type -> type.getSchema())
            .filter(schema -> schema != null)
            .findFirst()
            .map(schema -> schema(api, schema))
            .orElse(null);
  }

  private static Schema schema(OpenAPI api, Schema schema) {
    Map<String, Schema> schemas = api.getComponents().getSchemas();
    return schema.getRef() == null || schemas == null
        ? schema
        : schemas.get(schema.getRef().replace(REF, ""));
  }
}
