package io.vigie.kernel.web;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.smallrye.openapi.OpenApiFilter;
import org.eclipse.microprofile.config.ConfigProvider;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.OASFilter;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.eclipse.microprofile.openapi.models.Operation;
import org.eclipse.microprofile.openapi.models.PathItem;
import org.eclipse.microprofile.openapi.models.PathItem.HttpMethod;
import org.eclipse.microprofile.openapi.models.headers.Header;
import org.eclipse.microprofile.openapi.models.media.MediaType;
import org.eclipse.microprofile.openapi.models.media.Schema;
import org.eclipse.microprofile.openapi.models.parameters.Parameter;
import org.eclipse.microprofile.openapi.models.responses.APIResponse;
import org.eclipse.microprofile.openapi.models.responses.APIResponses;

/**
 * Says in the API description, once for all operations, what no annotation says: who may call (as
 * {@code contracts/roles} has it), which headers requests and answers have, how each refusal looks,
 * that a POST to a collection creates one of its members, defaults in their types, and an example
 * of each body (as {@code contracts/examples} has it).
 */
@OpenApiFilter(OpenApiFilter.RunStage.BUILD)
public class ApiDescription implements OASFilter {

  private static final String PAGE = "Page";
  private static final Set<HttpMethod> CHANGES =
      Set.of(HttpMethod.POST, HttpMethod.PUT, HttpMethod.PATCH, HttpMethod.DELETE);

  @Override
  public void filterOpenAPI(OpenAPI api) {
    if (api.getComponents() == null) {
      api.setComponents(OASFactory.createComponents());
    }
    String service = ConfigProvider.getConfig().getValue("vigie.name", String.class) + "-service";
    namePages(api);
    JsonNode roles = ApiExamples.read("roles/" + service);
    ApiExamples examples = ApiExamples.of(service, api);
    Map<String, PathItem> paths = api.getPaths().getPathItems();
    paths.forEach(
        (path, item) ->
            item.getOperations()
                .forEach(
                    (method, operation) -> {
                      if (operation.getResponses() == null) {
                        operation.setResponses(OASFactory.createAPIResponses());
                      }
                      if (method == HttpMethod.POST && paths.containsKey(path + "/{id}")) {
                        creates(operation.getResponses());
                      }
                      String name = method + " " + path;
                      typeDefaults(operation);
                      restrict(operation, roles.path(name));
                      describe(api, method, operation);
                      ApiRefusals.describe(path, CHANGES.contains(method), operation);
                      examples.describe(name, operation);
                    }));
    ApiRefusals.define(api.getComponents());
  }

  /**
   * After what is on it: {@code PageAsset}; pages of two kinds of views would be told by number.
   */
  private static void namePages(OpenAPI api) {
    Map<String, Schema> schemas = new TreeMap<>();
    Map<String, String> names = new HashMap<>();
    api.getComponents()
        .getSchemas()
        .forEach(
            (name, schema) -> {
              Schema items =
                  schema.getProperties() == null ? null : schema.getProperties().get("items");
              boolean isPage = name.startsWith(PAGE) && items != null && items.getItems() != null;
              String better = isPage ? PAGE + name(items.getItems().getRef()) : name;
              names.put(ApiExamples.REF + name, ApiExamples.REF + better);
              schemas.put(better, schema);
            });
    api.getComponents().setSchemas(schemas);
    api.getPaths().getPathItems().values().stream()
        .flatMap(path -> path.getOperations().values().stream())
        .filter(operation -> operation.getResponses() != null)
        .flatMap(operation -> operation.getResponses().getAPIResponses().values().stream())
        .filter(response -> response.getContent() != null)
        .flatMap(response -> response.getContent().getMediaTypes().values().stream())
        .map(MediaType::getSchema)
        .filter(schema -> schema != null && names.containsKey(schema.getRef()))
        .forEach(schema -> schema.setRef(names.get(schema.getRef())));
  }

  private static String name(String ref) {
    return ref.substring(ref.lastIndexOf('/') + 1);
  }

  /** The framework gives each default as the text of its annotation, whatever its type. */
  private static void typeDefaults(Operation operation) {
    if (operation.getParameters() == null) {
      return;
    }
    for (Parameter parameter : operation.getParameters()) {
      Schema schema = parameter.getSchema();
      if (schema != null
          && schema.getType() != null
          && schema.getDefaultValue() instanceof String text) {
        if (schema.getType().contains(Schema.SchemaType.INTEGER)) {
          schema.setDefaultValue(Integer.valueOf(text));
        } else if (schema.getType().contains(Schema.SchemaType.BOOLEAN)) {
          schema.setDefaultValue(Boolean.valueOf(text));
        }
      }
    }
  }

  private static void restrict(Operation operation, JsonNode roles) {
    if (roles.isArray()) {
      List<String> names = new ArrayList<>();
      roles.forEach(role -> names.add(role.textValue()));
      operation.addExtension("x-roles", names);
    }
  }

  private static void creates(APIResponses responses) {
    APIResponse done = responses.getAPIResponse("200");
    if (done != null && responses.getAPIResponse("201") == null) {
      responses.removeAPIResponse("200");
      responses.addAPIResponse("201", done.description("Created; Location says where it stands"));
    }
  }

  private static void describe(OpenAPI api, HttpMethod method, Operation operation) {
    Parameter ifMatch = parameter(operation, "If-Match");
    if (ifMatch != null) {
      ifMatch.description("The ETag of what is changed, as it was read").setExample("\"3\"");
    }
    if (method == HttpMethod.POST) {
      operation.addParameter(idempotencyKey());
    }
    operation
        .getResponses()
        .getAPIResponses()
        .forEach(
            (status, response) -> {
              if (!status.startsWith("2")) {
                return;
              }
              if (CHANGES.contains(method) && !status.equals("202")) {
                response.addHeader(
                    Answer.RECEIPT, header("Where the log proves this change; 202 until it does"));
              }
              if (method == HttpMethod.POST) {
                response.addHeader(
                    "Idempotent-Replayed", header("true: this is the first answer, again"));
              }
              if (status.equals("201")) {
                response.addHeader("Location", header("Where it stands"));
              }
              if (status.equals("202")) {
                response.addHeader("Retry-After", header("Seconds after which to ask again"));
              }
              if (hasVersion(api, response)) {
                response.addHeader("ETag", header("Its version, for If-Match"));
              }
              if (parameter(operation, "after") != null) {
                response.addHeader(
                    "Link", header("<address>; rel=\"next\": where there is another page"));
              }
            });
  }

  private static Parameter parameter(Operation operation, String name) {
    return operation.getParameters() == null
        ? null
        : operation.getParameters().stream()
            .filter(parameter -> name.equals(parameter.getName()))
            .findFirst()
            .orElse(null);
  }

  private static Parameter idempotencyKey() {
    return OASFactory.createParameter()
        .name("Idempotency-Key")
        .in(Parameter.In.HEADER)
        .description(
            "Repeated under the same key within "
                + Idempotency.KEEP_HOURS
                + " hours, the request gets its first answer and has no second effect")
        .schema(text().minLength(1).maxLength(Idempotency.MAX_KEY_LENGTH))
        .example("0190b6f4-5a3e-7c1d-9e2f-3a4b5c6d7e8f");
  }

  /** An object that is changed by its version says it in its body, too. */
  private static boolean hasVersion(OpenAPI api, APIResponse response) {
    Schema schema = ApiExamples.schema(api, response.getContent());
    return schema != null
        && schema.getProperties() != null
        && schema.getProperties().containsKey("version");
  }

  static Header header(String description) {
    return OASFactory.createHeader().description(description).schema(text());
  }

  private static Schema text() {
    return OASFactory.createSchema().addType(Schema.SchemaType.STRING);
  }
}
