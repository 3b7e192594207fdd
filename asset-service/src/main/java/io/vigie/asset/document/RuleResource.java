package io.vigie.asset.document;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;

import io.smallrye.mutiny.Uni;
import io.vigie.asset.policy.PolicyRules;
import io.vigie.kernel.web.Read;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

import static io.vigie.kernel.security.Roles.STAFF;

/** The rules of the policy, and the documents in force that serve each (R5.1, R5.2). */
@Path("/v1/policy-rules")
public class RuleResource {

  /**
   * @param number of the version in force
   * @param reviewDue by when it must be looked at again
   */
  @Schema(name = "DocumentOfRule")
  record Serving(
      UUID id,
      String titleFr,
      String titleEn,
      DocumentKind kind,
      Integer number,
      Instant reviewDue,
      boolean reviewOverdue) {

    static Serving of(Document document, Instant now) {
      Document.State state = document.state();
      return new Serving(
          document.id(),
          state.titleFr(),
          state.titleEn(),
          state.kind(),
          state.currentNumber(),
          state.reviewDue(),
          state.reviewDue().isBefore(now));
    }
  }

  /**
   * A rule.
   *
   * @param documentNeeded whether it names a procedure or the like
   * @param documented whether a document that is approved and in force serves it
   * @param reviewOverdue whether some of these are past their review date
   */
  @Schema(name = "PolicyRule")
  record View(
      String rule,
      boolean documentNeeded,
      boolean documented,
      boolean reviewOverdue,
      List<Serving> documents) {

    static View of(String rule, List<Document> inForce, Instant now) {
      List<Serving> serving =
          inForce.stream()
              .filter(document -> document.sheet().rules().contains(rule))
              .map(document -> Serving.of(document, now))
              .toList();
      return new View(
          rule,
          PolicyRules.needsDocument(rule),
          !serving.isEmpty(),
          serving.stream().anyMatch(Serving::reviewOverdue),
          serving);
    }
  }

  record AllRules(List<View> items) {}

  private final Clock clock;

  RuleResource(Clock clock) {
    this.clock = clock;
  }

  /**
   * All rules in the policy's order, as they are few. {@code documentNeeded=true&documented=false}:
   * those that lack a document; {@code reviewOverdue=true}: those with one past its review date.
   */
  @GET
  @RolesAllowed(STAFF)
  @Read
  public Uni<AllRules> list(
      @QueryParam("documentNeeded") Boolean documentNeeded,
      @QueryParam("documented") Boolean documented,
      @QueryParam("reviewOverdue") Boolean reviewOverdue) {
    Instant now = clock.instant();
    return Document.<Document>list("state = IN_FORCE order by id")
        .map(
            inForce ->
                new AllRules(
                    rules(inForce, now)
                        .filter(each -> fits(documentNeeded, each.documentNeeded()))
                        .filter(each -> fits(documented, each.documented()))
                        .filter(each -> fits(reviewOverdue, each.reviewOverdue()))
                        .toList()));
  }

  private static Stream<View> rules(List<Document> inForce, Instant now) {
    return PolicyRules.all().stream().map(rule -> View.of(rule, inForce, now));
  }

  private static boolean fits(Boolean wanted, boolean is) {
    return wanted == null || wanted == is;
  }
}
