package io.vigie.kernel.web;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.vigie.kernel.Problem;
import io.vigie.kernel.Problem.FieldError;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.models.Components;
import org.eclipse.microprofile.openapi.models.Operation;
import org.eclipse.microprofile.openapi.models.media.Schema;
import org.eclipse.microprofile.openapi.models.responses.APIResponse;

/** How each refusal looks in the API description: by one that a service really answers. */
final class ApiRefusals {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String SCHEMA = "Problem";
  private static final String REQUEST = "0198c0de-0000-7000-8000-000000000001";
  private static final Map<Integer, Problem> BY_STATUS = new LinkedHashMap<>();

  static {
    List.of(
            Problem.invalid(List.of(new FieldError("limit", "must be less than or equal to 200"))),
            Problem.unauthenticated(),
            Problems.ofStatus(403),
            Problems.ofStatus(404),
            Problem.conflict("already-exists", "There already is one with the same unique value."),
            Problem.stale(),
            Problem.tooLarge(1 << 20),
            Problems.ofStatus(415),
            Idempotency.reused(),
            Problem.preconditionRequired(),
            Problem.tooMany(20),
            Problem.unavailable("The database is away. Try again shortly."))
        .forEach(problem -> BY_STATUS.put(problem.status(), problem));
  }

  private ApiRefusals() {}

  /** Has the operation refer to those that it can answer with. */
  static void describe(String path, boolean isChange, Operation operation) {
    BY_STATUS
        .keySet()
        .forEach(
            status -> {
              String code = Integer.toString(status);
              operation
                  .getResponses()
                  .removeAPIResponse(code); // the framework's, which says nothing
              if (canAnswer(status, path, isChange, operation)) {
                operation
                    .getResponses()
                    .addAPIResponse(
                        code,
                        OASFactory.createAPIResponse()
                            .ref("#/components/responses/" + name(status)));
              }
            });
    operation
        .getResponses()
        .addAPIResponse(
            "default", OASFactory.createAPIResponse().ref("#/components/responses/" + SCHEMA));
  }

  private static boolean canAnswer(int status, String path, boolean isChange, Operation operation) {
    return switch (status) {
      case 401, 403 ->
          operation.getExtensions() == null
              || !List.of("public").equals(operation.getExtensions().get("x-roles"));
      case 404 -> path.contains("{") || !isChange && !isList(operation);
      case 409, 422 -> isChange;
      case 412, 428 ->
          operation.getParameters() != null
              && operation.getParameters().stream().anyMatch(p -> "If-Match".equals(p.getName()));
      case 413, 415 -> operation.getRequestBody() != null;
      default -> true;
    };
  }

  /** A list may be empty; what is read by itself may not be there. */
  private static boolean isList(Operation operation) {
    return operation.getParameters() != null
        && operation.getParameters().stream().anyMatch(p -> "limit".equals(p.getName()));
  }

  /** What the operations refer to. */
  static void define(Components components) {
    components.addSchema(SCHEMA, schema());
    components.addResponse(
        SCHEMA, response("Refused; the problem's type says why and stays the same", null));
    BY_STATUS.forEach(
        (status, problem) -> {
          APIResponse response = response(problem.title(), problem);
          if (problem.retryAfter() != null) {
            response.addHeader(
                "Retry-After", ApiDescription.header("Seconds after which to try again"));
          }
          if (status == 401) {
            response.addHeader("WWW-Authenticate", ApiDescription.header("Bearer"));
          }
          components.addResponse(name(status), response);
        });
  }

  private static String name(int status) {
    return SCHEMA + "-" + status;
  }

  private static APIResponse response(String description, Problem problem) {
    Problem example = problem == null ? Problems.ofStatus(500) : problem;
    return OASFactory.createAPIResponse()
        .description(description)
        .content(
            OASFactory.createContent()
                .addMediaType(
                    Problems.MEDIA_TYPE,
                    OASFactory.createMediaType()
                        .schema(OASFactory.createSchema().ref("#/components/schemas/" + SCHEMA))
                        .example(
                            JSON.convertValue(
                                Problems.document(example, "/v1/tasks", REQUEST), Object.class))));
  }

  private static Schema schema() {
    Schema error =
        object().addProperty("field", text("what is wrong")).addProperty("message", text("why"));
    return object()
        .description("RFC 9457")
        .addProperty("type", text("urn:vigie:problem:<code>"))
        .addProperty("title", text("the kind of refusal, in words"))
        .addProperty("status", of(Schema.SchemaType.INTEGER).format("int32"))
        .addProperty("detail", text("what to do"))
        .addProperty("instance", text("the path"))
        .addProperty("errors", of(Schema.SchemaType.ARRAY).items(error))
        .addProperty("requestId", text("X-Request-Id of the answer, by which the log knows it"));
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
