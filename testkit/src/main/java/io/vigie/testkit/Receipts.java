package io.vigie.testkit;

import java.util.Map;
import java.util.Set;

import io.restassured.filter.Filter;
import io.restassured.filter.FilterContext;
import io.restassured.response.Response;
import io.restassured.specification.FilterableRequestSpecification;
import io.restassured.specification.FilterableResponseSpecification;

/**
 * Sees to it, in every test of every service, that a change that succeeded is answered with where
 * the log proves it. An answer 202 may be without: what it promises has not happened yet, and is an
 * event of its own when it has.
 */
final class Receipts implements Filter {

  private static final Set<String> CHANGES = Set.of("POST", "PUT", "PATCH", "DELETE");
  private static final Set<Integer> DONE = Set.of(200, 201, 204);

  /** Paths whose answers may be without a receipt, and why. */
  private static final Map<String, String> EXCEPTIONS =
      Map.of("/test/.*", "endpoints of tests, which no service has");

  @Override
  public Response filter(
      FilterableRequestSpecification request,
      FilterableResponseSpecification expected,
      FilterContext context) {
    Response answer = context.next(request, expected);
    String path = request.getDerivedPath();
    if (CHANGES.contains(request.getMethod())
        && DONE.contains(answer.statusCode())
        && answer.header("Vigie-Receipt") == null
        && EXCEPTIONS.keySet().stream().noneMatch(path::matches)) {
      throw new AssertionError(
          "%s %s was answered %d without Vigie-Receipt"
              .formatted(request.getMethod(), path, answer.statusCode()));
    }
    return answer;
  }
}
