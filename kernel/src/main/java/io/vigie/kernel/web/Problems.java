package io.vigie.kernel.web;

import java.io.CharConversionException;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.OptimisticLockException;
import jakarta.validation.ConstraintViolation;
import jakarta.validation.ConstraintViolationException;
import jakarta.validation.Path;
import jakarta.ws.rs.WebApplicationException;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import io.quarkus.oidc.OIDCException;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.ForbiddenException;
import io.quarkus.security.UnauthorizedException;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.impl.HttpServerRequestInternal;
import io.vertx.ext.web.RoutingContext;
import io.vigie.kernel.Actor;
import io.vigie.kernel.DatabaseAway;
import io.vigie.kernel.Problem;
import io.vigie.kernel.Problem.FieldError;
import io.vigie.kernel.security.Refusals;
import org.hibernate.StaleStateException;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/**
 * Every failure as a problem document. What a person, a rule or a limit refused also becomes a
 * fact; what was asked for in the wrong way, which tools do all day, a line of the service's log. A
 * failure that nobody foresaw is a 500 that tells nothing of the inside.
 */
@ApplicationScoped
class Problems {

  private static final Logger LOG = Logger.getLogger(Problems.class);
  static final String MEDIA_TYPE = "application/problem+json";

  /** Refusals of these are facts. */
  private static final Set<Integer> FACTS = Set.of(401, 403, 408, 409, 413, 422);

  /** {@link RequestRate} has made one of it, which knows whose it is. */
  private static final int FACT_ALREADY = 429;

  /** Where Quarkus notes the path of the endpoint, for those who measure. */
  private static final String TEMPLATE = "UrlPathTemplate";

  /** The document, in the order in which RFC 9457 names its members. */
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  record Document(
      String type,
      String title,
      int status,
      String detail,
      String instance,
      List<FieldError> errors,
      String requestId) {}

  private final Refusals refusals;
  private final RequestRate rate;

  Problems(Refusals refusals, RequestRate rate) {
    this.refusals = refusals;
    this.rate = rate;
  }

  @ServerExceptionMapper
  Uni<RestResponse<Document>> problem(Problem problem, RoutingContext context) {
    return answer(problem, context);
  }

  @ServerExceptionMapper
  Uni<RestResponse<Document>> unauthenticated(
      UnauthorizedException failure, RoutingContext context) {
    return answer(Problem.unauthenticated(), context);
  }

  @ServerExceptionMapper
  Uni<RestResponse<Document>> notAuthentic(
      AuthenticationFailedException failure, RoutingContext context) {
    return answer(Problem.unauthenticated(), context);
  }

  /** A service that has not met Keycloak since it started, and cannot now, knows no token. */
  @ServerExceptionMapper
  Uni<RestResponse<Document>> notFoundOut(OIDCException failure, RoutingContext context) {
    LOG.warnf("it cannot be found out who asks: %s", failure.toString());
    return answer(
        Problem.unavailable(
            "It cannot be found out who asks: Keycloak is away. Try again shortly."),
        context);
  }

  @ServerExceptionMapper
  Uni<RestResponse<Document>> forbidden(ForbiddenException failure, RoutingContext context) {
    return answer(Problem.forbidden("Your roles do not allow this."), context);
  }

  @ServerExceptionMapper
  Uni<RestResponse<Document>> invalid(
      ConstraintViolationException failure, RoutingContext context) {
    return answer(
        Problem.invalid(
            failure.getConstraintViolations().stream()
                .map(violation -> new FieldError(field(violation), violation.getMessage()))
                .sorted(java.util.Comparator.comparing(FieldError::field))
                .toList()),
        context);
  }

  @ServerExceptionMapper
  Uni<RestResponse<Document>> misshapen(MismatchedInputException failure, RoutingContext context) {
    return answer(ofJson(failure), context);
  }

  /** A version that moved between the read and the write, found by the flush. */
  @ServerExceptionMapper({OptimisticLockException.class, StaleStateException.class})
  Uni<RestResponse<Document>> stale(Throwable failure, RoutingContext context) {
    return answer(Problem.stale(), context);
  }

  @ServerExceptionMapper
  Uni<RestResponse<Document>> duplicate(
      org.hibernate.exception.ConstraintViolationException failure, RoutingContext context) {
    if (failure.getKind()
        == org.hibernate.exception.ConstraintViolationException.ConstraintKind.UNIQUE) {
      return answer(
          Problem.conflict("already-exists", "There already is one with the same unique value."),
          context);
    }
    return unforeseen(failure, context);
  }

  @ServerExceptionMapper
  Uni<RestResponse<Document>> web(WebApplicationException failure, RoutingContext context) {
    if (failure.getCause() instanceof JacksonException json) {
      return answer(ofJson(json), context);
    }
    if (failure.getCause() instanceof Problem ofParameter) {
      return answer(ofParameter, context);
    }
    return answer(ofStatus(failure.getResponse().getStatus()), context);
  }

  @ServerExceptionMapper
  Uni<RestResponse<Document>> unforeseen(Throwable failure, RoutingContext context) {
    HttpServerRequest request = context.request();
    if (failure instanceof CharConversionException) {
      return answer(Problem.badRequest("The body is not UTF-8."), context);
    }
    if (DatabaseAway.is(failure)) {
      LOG.warnf("database away, or busy: %s", failure.toString());
      return answer(
          Problem.unavailable("The database is away, or busy with this. Try again shortly."),
          context);
    }
    if (DatabaseAway.gaveUp(failure)) {
      LOG.warnf(failure, "%s %s took the database too long", request.method(), request.path());
      return answer(
          Problem.unavailable("The database took too long with this. Try again shortly."), context);
    }
    LOG.errorf(failure, "%s %s failed", request.method(), request.path());
    return answer(ofStatus(500), context);
  }

  private Uni<RestResponse<Document>> answer(Problem problem, RoutingContext context) {
    HttpServerRequest request = context.request();
    if (problem.status() >= 500 || problem.status() == FACT_ALREADY) {
      return Uni.createFrom().item(response(problem, request));
    }
    return Caller.of(context)
        .onFailure(failure -> !(failure instanceof Problem))
        .recoverWithItem(Actor.ANONYMOUS)
        .chain(
            actor -> {
              Problem refusal =
                  actor.equals(Actor.ANONYMOUS)
                      ? rate.countNobody(context).orElse(problem)
                      : problem;
              return tell(actor, refusal, request).replaceWith(response(refusal, request));
            })
        .onFailure(Problem.class) // they had their requests of this minute
        .recoverWithItem(tooMany -> response((Problem) tooMany, request));
  }

  private Uni<Void> tell(String actor, Problem problem, HttpServerRequest request) {
    if (FACTS.contains(problem.status())) {
      return refusals.record(actor, problem, request);
    }
    if (problem.status() != FACT_ALREADY) {
      refusals.write(actor, problem, request.method() + " " + template(request));
    }
    return Uni.createFrom().voidItem();
  }

  /** The path as its endpoint declares it, if there is one: what stands in it is the caller's. */
  private static String template(HttpServerRequest request) {
    String template = ((HttpServerRequestInternal) request).context().getLocal(TEMPLATE);
    return template == null ? "-" : template;
  }

  static RestResponse<Document> response(Problem problem, HttpServerRequest request) {
    ResponseBuilder<Document> response =
        ResponseBuilder.<Document>create(problem.status())
            .entity(document(problem, request.path(), RequestId.of(request)))
            .type(MEDIA_TYPE);
    if (problem.retryAfter() != null) {
      response.header("Retry-After", problem.retryAfter());
    }
    if (problem.status() == 401) {
      response.header("WWW-Authenticate", "Bearer");
    }
    return response.build();
  }

  /** Answers a request that REST does not see. */
  static void answer(RoutingContext context, Problem problem, ObjectMapper json) {
    HttpServerResponse response =
        context.response().setStatusCode(problem.status()).putHeader("Content-Type", MEDIA_TYPE);
    if (problem.retryAfter() != null) {
      response.putHeader("Retry-After", problem.retryAfter().toString());
    }
    if (problem.status() == 401) {
      response.putHeader("WWW-Authenticate", "Bearer");
    }
    try {
      response.end(
          json.writeValueAsString(
              document(problem, context.request().path(), RequestId.of(context.request()))));
    } catch (JsonProcessingException e) {
      context.fail(e);
    }
  }

  static Document document(Problem problem, String path, String requestId) {
    return new Document(
        "urn:vigie:problem:" + problem.code(),
        problem.title(),
        problem.status(),
        problem.getMessage(),
        path,
        problem.errors(),
        requestId);
  }

  private static Problem ofJson(JacksonException failure) {
    if (failure instanceof JsonParseException) {
      return Problem.badRequest("The body is not JSON: " + failure.getOriginalMessage());
    }
    if (failure instanceof UnrecognizedPropertyException unknown) {
      return Problem.invalid(List.of(new FieldError(path(unknown), "is not a known property")));
    }
    if (failure instanceof JsonMappingException mapping) {
      return Problem.invalid(List.of(new FieldError(path(mapping), "has the wrong type or value")));
    }
    return Problem.badRequest("The body is not the JSON that is expected here.");
  }

  private static String path(JsonMappingException failure) {
    return failure.getPath().stream()
        .map(
            step -> step.getFieldName() == null ? "[" + step.getIndex() + "]" : step.getFieldName())
        .collect(Collectors.joining("."));
  }

  /** The path without the method's and the parameter's name: {@code classification.proof}. */
  private static String field(ConstraintViolation<?> violation) {
    List<String> steps =
        StreamSupport.stream(violation.getPropertyPath().spliterator(), false)
            .map(Path.Node::toString)
            .toList();
    return String.join(
        ".",
        steps.size() > 2
            ? steps.subList(2, steps.size())
            : steps.subList(steps.size() - 1, steps.size()));
  }

  static Problem ofStatus(int status) {
    return switch (status) {
      case 400 -> Problem.badRequest("The request cannot be understood.");
      case 401 -> Problem.unauthenticated();
      case 403 -> Problem.forbidden("Your roles do not allow this.");
      case 404 -> Problem.notFound("Check the path and the id.");
      case 405 ->
          Problem.status(405, "method-not-allowed", "Not this way", "See the API description.");
      case 406 ->
          Problem.status(406, "not-acceptable", "Not in that form", "Accept application/json.");
      case 415 ->
          Problem.status(
              415, "unsupported-media-type", "Not in that form", "Send application/json.");
      case 503 -> Problem.unavailable("Try again shortly.");
      default ->
          status >= 500
              ? Problem.status(
                  status,
                  "internal",
                  "Something failed here",
                  "Try again, under the same Idempotency-Key if there was one.")
              : Problem.status(status, "refused", "The request was refused", null);
    };
  }
}
