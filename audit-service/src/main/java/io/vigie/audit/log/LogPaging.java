package io.vigie.audit.log;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.UriInfo;

import io.vigie.audit.log.LogReader.Page;
import io.vigie.audit.log.LogReader.Stored;
import io.vigie.audit.log.Search.Span;
import io.vigie.kernel.Problem;
import io.vigie.kernel.Problem.FieldError;
import io.vigie.kernel.web.Answer;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;

/**
 * Keyset paging over the log, as a {@code @BeanParam}, both ways: the key is the index, so every
 * page costs what the first one does.
 */
public class LogPaging {

  private static final String INDEX = "[0-9]{1,18}";

  /** How many items at most, 1 to 200. */
  @QueryParam("limit")
  @DefaultValue("50")
  @Min(1)
  @Max(200)
  int limit;

  /** The page that follows the item with this index. */
  @QueryParam("after")
  @Pattern(regexp = INDEX, message = "is an index of the log")
  String after;

  /** The page that precedes the item with this index. */
  @QueryParam("before")
  @Pattern(regexp = INDEX, message = "is an index of the log")
  String before;

  /** {@code asc}, the order of the log, or {@code desc}, the newest first. */
  @QueryParam("order")
  @DefaultValue("asc")
  @Pattern(regexp = "asc|desc", message = "is asc or desc")
  String order;

  @Context UriInfo uri;

  int limit() {
    return limit;
  }

  /** Whether the page is read in the order of the log; a preceding page is read backwards. */
  boolean up() {
    return order.equals("asc") == (before == null);
  }

  /**
   * The indexes that the page is looked for in.
   *
   * @throws Problem 400 when both sides of the page are named
   */
  Span span() {
    if (after != null && before != null) {
      throw Problem.invalid(List.of(new FieldError("before", "does not go with after")));
    }
    String cursor = after == null ? before : after;
    if (cursor == null) {
      return new Span(0, Long.MAX_VALUE);
    }
    long index = Long.parseLong(cursor);
    return up() ? new Span(index + 1, Long.MAX_VALUE) : new Span(0, index);
  }

  /**
   * The answer that a page is, with a {@code Link} to the next one and to the previous one where
   * there may be any.
   */
  <T> RestResponse<Answer.Page<T>> answer(Page page, Function<Stored, T> view) {
    List<Stored> items = new ArrayList<>(page.entries());
    if (before != null) {
      Collections.reverse(items);
    }
    ResponseBuilder<Answer.Page<T>> answer =
        ResponseBuilder.ok(new Answer.Page<>(items.stream().map(view).toList()));
    Long last = items.isEmpty() ? null : items.get(items.size() - 1).index();
    Long first = items.isEmpty() ? null : items.get(0).index();
    Long next = before == null ? page.goesOnFrom() : last;
    Long previous = before == null ? (after == null ? null : first) : page.goesOnFrom();
    List<String> links = new ArrayList<>();
    if (next != null) {
      links.add(link("next", "after", "before", next));
    }
    if (previous != null) {
      links.add(link("prev", "before", "after", previous));
    }
    links.forEach(link -> answer.header("Link", link));
    return answer.build();
  }

  private String link(String relation, String cursor, String other, long index) {
    return "<"
        + uri.getRequestUriBuilder()
            .replaceQueryParam(other)
            .replaceQueryParam(cursor, index)
            .build()
        + ">; rel=\""
        + relation
        + "\"";
  }
}
