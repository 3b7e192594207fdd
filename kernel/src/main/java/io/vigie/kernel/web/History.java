package io.vigie.kernel.web;

import java.util.UUID;
import java.util.regex.Matcher;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.core.Vertx;
import io.vertx.mutiny.core.buffer.Buffer;
import io.vertx.mutiny.ext.web.client.HttpResponse;
import io.vertx.mutiny.ext.web.client.WebClient;
import io.vigie.kernel.Problem;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;

/**
 * An object's past. The log is its only record, so the question goes to audit-service, with the
 * caller's own token: who may not read the log there cannot read it here.
 */
@ApplicationScoped
public class History {

  private static final long TIMEOUT_MILLIS = 5_000;
  private static final java.util.regex.Pattern NEXT =
      java.util.regex.Pattern.compile("[?&]after=([0-9]+)");

  /** Which part of it, and who asks; as a {@code @BeanParam}. */
  public static class Query {

    /** How many events at most, 1 to 200. */
    @QueryParam("limit")
    @DefaultValue("50")
    @Min(1)
    @Max(200)
    Integer limit;

    /** The log index of the last event already seen. */
    @QueryParam("after")
    @Pattern(regexp = "[0-9]{1,18}", message = "is an index of the log")
    String after;

    @HeaderParam(HttpHeaders.AUTHORIZATION)
    String authorization;

    @Context UriInfo uri;
  }

  private final WebClient client;
  private final String audit;

  History(Vertx vertx, @ConfigProperty(name = "vigie.audit-url") String audit) {
    this.client = WebClient.create(vertx);
    this.audit = audit;
  }

  /**
   * A page of the object's events, oldest first, as audit-service answers it.
   *
   * @throws Problem 503 (as a failure of the Uni) when audit-service is away; 401 or 403 as it says
   */
  public Uni<RestResponse<String>> of(String kind, UUID id, Query query) {
    var request =
        client
            .getAbs("%s/v1/objects/%s/%s/history".formatted(audit, kind, id))
            .timeout(TIMEOUT_MILLIS)
            .putHeader("Authorization", query.authorization)
            .addQueryParam("limit", query.limit.toString());
    if (query.after != null) {
      request.addQueryParam("after", query.after);
    }
    return request
        .send()
        .onFailure()
        .transform(failure -> Problem.unavailable("The log cannot be read right now."))
        .map(answer -> answered(answer, query));
  }

  private static RestResponse<String> answered(HttpResponse<Buffer> answer, Query query) {
    switch (answer.statusCode()) {
      case 200 -> {}
      case 401 -> throw Problem.unauthenticated();
      case 403 -> throw Problem.forbidden("Your roles do not allow reading the log.");
      default -> throw Problem.unavailable("The log answered " + answer.statusCode() + ".");
    }
    ResponseBuilder<String> page =
        ResponseBuilder.ok(answer.bodyAsString(), MediaType.APPLICATION_JSON_TYPE);
    String link = answer.getHeader("Link");
    Matcher next = NEXT.matcher(link == null ? "" : link);
    if (next.find()) {
      String here =
          query
              .uri
              .getRequestUriBuilder()
              .replaceQueryParam("after", next.group(1))
              .build()
              .toString();
      page.header("Link", "<" + here + ">; rel=\"next\"");
    }
    return page.build();
  }
}
