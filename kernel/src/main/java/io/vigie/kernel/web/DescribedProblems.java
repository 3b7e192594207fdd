package io.vigie.kernel.web;

import io.quarkus.smallrye.openapi.OpenApiFilter;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.OASFilter;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.eclipse.microprofile.openapi.models.Operation;
import org.eclipse.microprofile.openapi.models.media.Schema;
import org.eclipse.microprofile.openapi.models.responses.APIResponse;

/** Says in the API description, once for all operations, what a refusal looks like. */
@OpenApiFilter(OpenApiFilter.RunStage.BUILD)
public class DescribedProblems implements OASFilter {

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
  public void filterOpenAPI(OpenAPI api) {
    if (api.getComponents() == null) {
      api.setComponents(OASFactory.createComponents());
    }
    api.getComponents().addSchema(NAME, problem());
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
