package io.vigie.kernel.web;

import java.io.CharConversionException;
import java.util.List;
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
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.ForbiddenException;
import io.quarkus.security.UnauthorizedException;
import io.quarkus.security.identity.CurrentIdentityAssociation;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
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
 * Every failure as a problem document. What a person or a rule refused (401, 403, 409, 422) also
 * becomes a fact; a failure that nobody foresaw is a 500 that tells nothing of the inside.
 */
@ApplicationScoped
class Problems {

  private static final Logger LOG = Logger.getLogger(Problems.class);
  static final String MEDIA_TYPE = "application/problem+json";

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
  private final CurrentIdentityAssociation identity;
  private final RequestRate rate;

  Problems(Refusals refusals, CurrentIdentityAssociation identity, RequestRate rate) {
    this.refusals = refusals;
    this.identity = identity;
    this.rate = rate;
  }

  @ServerExceptionMapper
  Uni<RestResponse<Document>> problem(Problem problem, HttpServerRequest request) {
    return answer(problem, request);
  }

  @ServerExceptionMapper
  Uni<RestResponse<Document>> unauthenticated(
      UnauthorizedException failure, HttpServerRequest request) {
    return answer(Problem.unauthenticated(), request);
  }

  @ServerExceptionMapper
  Uni<RestResponse<Document>> notAuthentic(
      AuthenticationFailedException failure, HttpServerRequest request) {
    return answer(rate.countAddress(request).orElseGet(Problem::unauthenticated), request);
  }

  @ServerExceptionMapper
  Uni<RestResponse<Document>> forbidden(ForbiddenException failure, HttpServerRequest request) {
    return answer(Problem.forbidden("Your roles do not allow this."), request);
  }

  @ServerExceptionMapper
  Uni<RestResponse<Document>> invalid(
      ConstraintViolationException failure, HttpServerRequest request) {
    return answer(
        Problem.invalid(
            failure.getConstraintViolations().stream()
                .map(violation -> new FieldError(field(violation), violation.getMessage()))
                .sorted(java.util.Comparator.comparing(FieldError::field))
                .toList()),
        request);
  }

  @ServerExceptionMapper
  Uni<RestResponse<Document>> misshapen(
      MismatchedInputException failure, HttpServerRequest request) {
    return answer(ofJson(failure), request);
  }

  /** A version that moved between the read and the write, found by the flush. */
  @ServerExceptionMapper({OptimisticLockException.class, StaleStateException.class})
  Uni<RestResponse<Document>> stale(Throwable failure, HttpServerRequest request) {
    return answer(Problem.stale(), request);
  }

  @ServerExceptionMapper
  Uni<RestResponse<Document>> duplicate(
      org.hibernate.exception.ConstraintViolationException failure, HttpServerRequest request) {
    if (failure.getKind()
        == org.hibernate.exception.ConstraintViolationException.ConstraintKind.UNIQUE) {
      return answer(
          Problem.conflict("already-exists", "There already is one with the same unique value."),
          request);
    }
    return unforeseen(failure, request);
  }

  @ServerExceptionMapper
  Uni<RestResponse<Document>> web(WebApplicationException failure, HttpServerRequest request) {
    if (failure.getCause() instanceof JacksonException json) {
      return answer(ofJson(json), request);
    }
    if (failure.getCause() instanceof Problem ofParameter) {
      return answer(ofParameter, request);
    }
    return answer(ofStatus(failure.getResponse().getStatus()), request);
  }

  @ServerExceptionMapper
  Uni<RestResponse<Document>> unforeseen(Throwable failure, HttpServerRequest request) {
    if (failure instanceof CharConversionException) {
      return answer(Problem.badRequest("The body is not UTF-8."), request);
    }
    if (DatabaseAway.is(failure)) {
      LOG.warnf("database away, or busy: %s", failure.toString());
      return answer(
          Problem.unavailable("The database is away, or busy with this. Try again shortly."),
          request);
    }
    if (DatabaseAway.gaveUp(failure)) {
      LOG.warnf(failure, "%s %s took the database too long", request.method(), request.path());
      return answer(
          Problem.unavailable("The database took too long with this. Try again shortly."), request);
    }
    LOG.errorf(failure, "%s %s failed", request.method(), request.path());
    return answer(ofStatus(500), request);
  }

  private Uni<RestResponse<Document>> answer(Problem problem, HttpServerRequest request) {
    RestResponse<Document> response = response(problem, request);
    return switch (problem.status()) {
      case 401, 403, 409, 422 ->
          actor()
              .chain(
                  actor ->
                      refusals.record(
                          actor,
                          problem.status(),
                          problem.code(),
                          request.method().name(),
                          request.path(),
                          request.remoteAddress().hostAddress()))
              .replaceWith(response);
      default -> Uni.createFrom().item(response);
    };
  }

  /** Authentication is lazy; an invalid token leaves nobody to name. */
  private Uni<String> actor() {
    return identity
        .getDeferredIdentity()
        .map(Actor::of)
        .onFailure()
        .recoverWithItem(Actor.ANONYMOUS);
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
