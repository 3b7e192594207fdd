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
import jakarta.ws.rs.core.UriInfo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.core.Vertx;
import io.vertx.mutiny.core.buffer.Buffer;
import io.vertx.mutiny.ext.web.client.HttpResponse;
import io.vertx.mutiny.ext.web.client.WebClient;
import io.vigie.kernel.Problem;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
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

  /**
   * An event of the object.
   *
   * @param index where the log has it
   * @param changes a merge patch (RFC 7396) of the object's public state; null where the event
   *     changed none, or its payload was erased
   * @param alert what the log found wrong with the event; null for a sound one
   */
  @Schema(name = "HistoryEntry")
  public record Entry(
      long index,
      String id,
      String type,
      String subject,
      String source,
      String actor,
      String time,
      Long eventNumber,
      @Schema(type = SchemaType.OBJECT, implementation = Object.class) JsonNode changes,
      String alert) {}

  private static final TypeReference<Answer.Page<Entry>> PAGE = new TypeReference<>() {};

  private final WebClient client;
  private final ObjectReader pages;
  private final String audit;

  History(Vertx vertx, ObjectMapper json, @ConfigProperty(name = "vigie.audit-url") String audit) {
    this.client = WebClient.create(vertx);
    this.pages = json.readerFor(PAGE).without(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
    this.audit = audit;
  }

  /**
   * A page of the object's events, oldest first.
   *
   * @throws Problem 503 (as a failure of the Uni) when audit-service is away; 401 or 403 as it says
   */
  public Uni<RestResponse<Answer.Page<Entry>>> of(String kind, UUID id, Query query) {
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

  private RestResponse<Answer.Page<Entry>> answered(HttpResponse<Buffer> answer, Query query) {
    switch (answer.statusCode()) {
      case 200 -> {}
      case 401 -> throw Problem.unauthenticated();
      case 403 -> throw Problem.forbidden("Your roles do not allow reading the log.");
      default -> throw Problem.unavailable("The log answered " + answer.statusCode() + ".");
    }
    ResponseBuilder<Answer.Page<Entry>> page = ResponseBuilder.ok(read(answer.bodyAsString()));
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

  private Answer.Page<Entry> read(String page) {
    try {
      return pages.readValue(page);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("the log's answer is no page of a history", e);
    }
  }
}
