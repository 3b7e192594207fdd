package io.vigie.audit.log;

import java.util.List;
import java.util.function.Function;
import java.util.function.ToLongFunction;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.UriInfo;

import io.vigie.kernel.web.Answer;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;

/**
 * Keyset paging over the log, as a {@code @BeanParam}: the key is the index, so every page costs
 * what the first one does.
 */
public class LogPaging {

  /** How many items at most, 1 to 200. */
  @QueryParam("limit")
  @DefaultValue("50")
  @Min(1)
  @Max(200)
  int limit;

  /** The index of the last item already seen. */
  @QueryParam("after")
  @Pattern(regexp = "[0-9]{1,18}", message = "is an index of the log")
  String after;

  @Context UriInfo uri;

  Long after() {
    return after == null ? null : Long.valueOf(after);
  }

  int limit() {
    return limit;
  }

  /** How many rows to read: one more than a page, to know whether there is another. */
  int probe() {
    return limit + 1;
  }

  /**
   * The page that rows read with {@link #probe()} make, with a {@code Link} to the next one when
   * there is one.
   */
  <R, T> RestResponse<Answer.Page<T>> page(
      List<R> rows, ToLongFunction<R> index, Function<R, T> view) {
    boolean more = rows.size() > limit;
    return page(more ? rows.subList(0, limit) : rows, more, index, view);
  }

  /** The page that these rows are, with a {@code Link} to the next one when there are more. */
  <R, T> RestResponse<Answer.Page<T>> page(
      List<R> items, boolean more, ToLongFunction<R> index, Function<R, T> view) {
    ResponseBuilder<Answer.Page<T>> answer =
        ResponseBuilder.ok(new Answer.Page<>(items.stream().map(view).toList()));
    if (more) {
      String next =
          uri.getRequestUriBuilder()
              .replaceQueryParam("after", index.applyAsLong(items.get(items.size() - 1)))
              .build()
              .toString();
      answer.header("Link", "<" + next + ">; rel=\"next\"");
    }
    return answer.build();
  }
}
