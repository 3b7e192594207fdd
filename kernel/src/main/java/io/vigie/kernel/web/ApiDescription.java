package io.vigie.kernel.web;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.quarkus.smallrye.openapi.OpenApiFilter;
import io.vigie.kernel.Contracts;
import org.eclipse.microprofile.config.ConfigProvider;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.OASFilter;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.eclipse.microprofile.openapi.models.Operation;
import org.eclipse.microprofile.openapi.models.PathItem;
import org.eclipse.microprofile.openapi.models.headers.Header;
import org.eclipse.microprofile.openapi.models.media.Schema;
import org.eclipse.microprofile.openapi.models.responses.APIResponse;
import org.eclipse.microprofile.openapi.models.responses.APIResponses;

/**
 * Says in the API description, once for all operations, what a refusal looks like, who may call (as
 * {@code contracts/roles} has it), that a POST to a collection creates one of its members, and that
 * the answer to a change says where its receipt is.
 */
@OpenApiFilter(OpenApiFilter.RunStage.BUILD)
public class ApiDescription implements OASFilter {

  private static final String NAME = "Problem";

  @Override
  public Operation filterOperation(Operation operation) {
    if (operation.getResponses() == null) {
      operation.setResponses(OASFactory.createAPIResponses());
    }
    operation.getResponses().addAPIResponse("default", refusal());
    return operation;
  }

  @Override
  public PathItem filterPathItem(PathItem path) {
    Stream.of(path.getPOST(), path.getPUT(), path.getPATCH(), path.getDELETE())
        .filter(operation -> operation != null && operation.getResponses() != null)
        .flatMap(operation -> operation.getResponses().getAPIResponses().entrySet().stream())
        .filter(
            response -> response.getKey().matches("2\\d\\d") && !response.getKey().equals("202"))
        .forEach(response -> response.getValue().addHeader(Answer.RECEIPT, receipt()));
    return path;
  }

  @Override
  public void filterOpenAPI(OpenAPI api) {
    if (api.getComponents() == null) {
      api.setComponents(OASFactory.createComponents());
    }
    api.getComponents().addSchema(NAME, problem());
    JsonNode roles = roles();
    Map<String, PathItem> paths = api.getPaths().getPathItems();
    paths.forEach(
        (path, item) -> {
          item.getOperations()
              .forEach((method, operation) -> restrict(operation, roles.path(method + " " + path)));
          if (item.getPOST() != null && paths.containsKey(path + "/{id}")) {
            creates(item.getPOST().getResponses());
          }
        });
  }

  private static JsonNode roles() {
    String service = ConfigProvider.getConfig().getValue("vigie.name", String.class) + "-service";
    try (InputStream file =
        Contracts.class.getResourceAsStream("/vigie/contracts/roles/" + service + ".json")) {
      return file == null ? MissingNode.getInstance() : new ObjectMapper().readTree(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
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
    if (done != null) {
      responses.removeAPIResponse("200");
      responses.addAPIResponse("201", done.description("Created; Location says where it stands"));
    }
  }

  private static Header receipt() {
    return OASFactory.createHeader()
        .description("Where the log proves this change; 202 until it holds it")
        .schema(text("a URL"));
  }

  private static APIResponse refusal() {
    return OASFactory.createAPIResponse()
        .description("Refused; the problem's type says why and stays the same")
        .content(
            OASFactory.createContent()
                .addMediaType(
                    "application/problem+json",
                    OASFactory.createMediaType()
                        .schema(OASFactory.createSchema().ref("#/components/schemas/" + NAME))));
  }

  private static Schema problem() {
    Schema error =
        object().addProperty("field", text("what is wrong")).addProperty("message", text("why"));
    return object()
        .description("RFC 9457")
        .addProperty("type", text("urn:vigie:problem:<code>"))
        .addProperty("title", text("the kind of refusal, in words"))
        .addProperty("status", of(Schema.SchemaType.INTEGER))
        .addProperty("detail", text("what to do"))
        .addProperty("instance", text("the path"))
        .addProperty("errors", of(Schema.SchemaType.ARRAY).items(error));
  }

  private static Schema object() {
    return of(Schema.SchemaType.OBJECT);
  }

  private static Schema text(String description) {
    return of(Schema.SchemaType.STRING).description(description);
  }

  private static Schema of(Schema.SchemaType type) {
    return OASFactory.createSchema().addType(type);
  }
}
