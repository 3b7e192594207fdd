package io.vigie.kernel.web;

import java.util.List;
import java.util.UUID;
import java.util.function.Function;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.UriInfo;

import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;

/**
 * Keyset paging, as a {@code @BeanParam}: pages in order of creation, each as cheap as the first,
 * and none skips or repeats an item because others come or go meanwhile.
 */
public class Paging {

  /** How many items at most, 1 to 200. */
  @QueryParam("limit")
  @DefaultValue("50")
  @Min(1)
  @Max(200)
  Integer limit;

  /** The id of the last item already seen. */
  @QueryParam("after")
  UUID after;

  @Context UriInfo uri;

  public UUID after() {
    return after;
  }

  /** How many rows to read: one more than a page, to know whether there is another. */
  public int probe() {
    return limit + 1;
  }

  /**
   * The page that {@code rows}, read with {@link #probe()}, make; with a {@code Link} to the next
   * one when there is one.
   */
  public <R, T> RestResponse<Answer.Page<T>> page(
      List<R> rows, Function<R, UUID> id, Function<R, T> view) {
    return page(
        uri, rows, limit, id, items -> new Answer.Page<>(items.stream().map(view).toList()));
  }

  /** The same for lists in another order: {@code place} is what a page of theirs begins after. */
  public static <R, P> RestResponse<P> page(
      UriInfo uri, List<R> rows, int limit, Function<R, ?> place, Function<List<R>, P> page) {
    boolean more = rows.size() > limit;
    List<R> items = more ? rows.subList(0, limit) : rows;
    ResponseBuilder<P> answer = ResponseBuilder.ok(page.apply(items));
    if (more) {
      String next =
          uri.getRequestUriBuilder()
              .replaceQueryParam("after", place.apply(items.get(limit - 1)))
              .build()
              .toString();
      answer.header("Link", "<" + next + ">; rel=\"next\"");
    }
    return answer.build();
  }
}
