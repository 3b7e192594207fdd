package io.vigie.testkit;

import java.util.Map;
import java.util.Set;

import io.restassured.filter.Filter;
import io.restassured.filter.FilterContext;
import io.restassured.response.Response;
import io.restassured.specification.FilterableRequestSpecification;
import io.restassured.specification.FilterableResponseSpecification;

import static java.util.Map.entry;

/**
 * Sees to it, in every test of every service, that a change that succeeded is answered with where
 * the log proves it. A request that left the object at the version that it named changed nothing.
 * An answer 202 may be without: what it promises is an event of its own, once it has happened.
 */
final class Receipts implements Filter {

  private static final Set<String> CHANGES = Set.of("POST", "PUT", "PATCH", "DELETE");
  private static final Set<Integer> DONE = Set.of(200, 201, 204);

  /** Method, path and status of further answers that may be without a receipt, and why. */
  private static final Map<String, String> EXCEPTIONS =
      Map.ofEntries(
          entry(
              "POST /v1/(plans/[^/]+/)?runs(/(restic|borg|bacula))? 200",
              "a run that was reported before: the first answer, a 201, has the receipt"),
          entry("POST /v1/heartbeats/[^/]+ 200", "a call of a job that did not fail before"),
          entry("POST /v1/inventories 200", "a report of what is known, or was rejected"),
          entry("PUT /v1/assets/[^/]+/bom 200", "the same document again, in whatever version"),
          entry("PUT /v1/assets/[^/]+/posture 200", "a report that breaks and restores no rule"),
          entry("POST /v1/observed-flows 200", "a report of what is known or declared"),
          entry("POST /v1/assets/import 200", "a table that was tried, or says what is known"),
          entry(
              "POST /v1/documents/[^/]+/acknowledgements 200",
              "who acknowledged the version before changes nothing: the first answer has the receipt"),
          entry("POST /v1/attendances/import 200", "a table that was tried, or says what is known"),
          entry("POST /v1/passages(/import)? 200", "passages of which none is wrong"),
          entry("POST /v1/people/import 200", "a table that was tried, or says what is known"),
          entry(
              "POST /v1/advisories 200",
              "an advisory that is known in this version or a newer one"),
          entry(
              "POST /v1/advisories/import 200", "a trial, or lines of which none changed anything"),
          entry(
              "POST /v1/alerts(/(alertmanager|wazuh|cloudevents|forms/[a-z-]+))? 200",
              "what is told again is counted, and no event"),
          entry("POST /v1/scans 200", "the last scan again"),
          entry(
              "POST /v1/(security-events|incidents)/[^/]+/attachments 200", "the same file again"),
          entry("POST /v1/restore-tests/reports 200", "a test that was reported before"),
          entry("POST /v1/runs/reports 200", "runs that were all reported before"),
          entry(
              "POST /v1/log/gap-acknowledgement 200",
              "a gap that was acknowledged before: the first answer has the receipt"),
          entry("POST /v1/prunings 200", "copies that were told before, or that no run made"),
          entry("[A-Z]+ /test/.*", "endpoints of tests, which no service has"));

  @Override
  public Response filter(
      FilterableRequestSpecification request,
      FilterableResponseSpecification expected,
      FilterContext context) {
    Response answer = context.next(request, expected);
    if (answer.header("Vigie-Receipt") == null && !isUnchanged(request, answer)) {
      requireNoChange(request.getMethod(), request.getDerivedPath(), answer.statusCode());
    }
    return answer;
  }

  /**
   * Of an answer without a receipt.
   *
   * @throws AssertionError when it says that something changed
   */
  static void requireNoChange(String method, String path, int status) {
    String exchange = "%s %s %d".formatted(method, path, status);
    if (CHANGES.contains(method)
        && DONE.contains(status)
        && EXCEPTIONS.keySet().stream().noneMatch(exchange::matches)) {
      throw new AssertionError(exchange + " has no Vigie-Receipt");
    }
  }

  private static boolean isUnchanged(FilterableRequestSpecification request, Response answer) {
    String version = request.getHeaders().getValue("If-Match");
    return version != null && version.equals(answer.header("ETag"));
  }
}
