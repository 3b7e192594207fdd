package io.vigie.asset.posture;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import io.vigie.asset.inventory.Kinds;
import io.vigie.kernel.web.Answer;
import io.vigie.kernel.web.Filter;
import io.vigie.kernel.web.Paging;
import io.vigie.kernel.web.Read;
import io.vigie.kernel.web.Sorting;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jboss.resteasy.reactive.RestResponse;

import static io.vigie.kernel.security.Roles.ASSET_MANAGER;
import static io.vigie.kernel.security.Roles.AUDITOR;
import static io.vigie.kernel.security.Roles.CISO;
import static io.vigie.kernel.security.Roles.SYSADMIN;

/** How well all assets in service are protected. */
@Path("/v1/postures")
public class PosturesResource {

  @Schema(name = "PostureSummary")
  record Summary(List<RuleSummary> rules) {}

  /**
   * A rule, and how many assets stand how with it.
   *
   * @param assets how many it judges: the sum of the others
   * @param compliant how many of them keep it
   */
  @Schema(name = "PostureRuleSummary")
  record RuleSummary(
      String rule,
      String policy,
      Kinds.Title title,
      List<String> kinds,
      long assets,
      long compliant,
      long inGrace,
      long breached,
      long exempt,
      long unknown) {}

  /** What {@link Standing#at} says, for all assets at once. */
  private static final String VERDICTS =
      """
      select rule, verdict, count(*) from (
        select each.key as rule,
          case
            when each.value ->> 'finding' = 'KEPT' then 'COMPLIANT'
            when each.value ->> 'finding' = 'UNKNOWN' then 'UNKNOWN'
            when cast(each.value ->> 'exemptUntil' as timestamptz) > ?1 then 'EXEMPT'
            when cast(each.value ->> 'graceUntil' as timestamptz) > ?1 then 'IN_GRACE'
            else 'BREACHED'
          end as verdict
        from posture, jsonb_each(cast(standings as jsonb)) as each(key, value)
        where in_service) as judged
      group by rule, verdict""";

  private static final String JUDGED = "cast(sql('? <> ''{}''', standings) as Boolean) = true";

  private static final String JUDGED_BY =
      "cast(sql('cast(? as jsonb) @> cast(cast(? as text) as jsonb)', standings, :value) as Boolean) = true";

  /** When an asset's breach of one rule counts, and whether that time has come. */
  private static final String COUNTS =
      "coalesce(cast(sql('cast(jsonb_extract_path_text(cast(? as jsonb), ''RULE'', ''countsFrom'') as timestamptz)"
          + " <= cast(cast(? as text) as timestamptz)', standings, :value) as Boolean), false) = ";

  private static final Map<String, String> SORTS = Map.of("kind", "%sassetKind");

  private final PostureRules rules;
  private final Kinds kinds;
  private final Clock clock;

  PosturesResource(PostureRules rules, Kinds kinds, Clock clock) {
    this.rules = rules;
    this.kinds = kinds;
    this.clock = clock;
  }

  /**
   * Assets in service that a rule judges.
   *
   * @param compliant those with no breach that counts, or with one; of the rule, where one is named
   * @param rule those that this rule judges
   */
  @GET
  @RolesAllowed({ASSET_MANAGER, SYSADMIN, CISO, AUDITOR})
  @Read
  public Uni<RestResponse<Answer.Page<PostureView>>> list(
      @QueryParam("compliant") Boolean compliant,
      @QueryParam("rule") String rule,
      @QueryParam("kind") String kind,
      @Valid @BeanParam Sorting sorting,
      @Valid @BeanParam Paging paging) {
    rules.require(rule);
    kinds.require(kind);
    Instant now = clock.instant();
    Filter filter =
        new Filter()
            .where("inService = true and " + JUDGED)
            .equal("assetKind", kind)
            .where(JUDGED_BY, rule == null ? null : "{\"" + rule + "\":{}}")
            .after(paging, sorting, Posture.class, SORTS);
    if (compliant != null) {
      if (rule != null) {
        filter.where(COUNTS.replace("RULE", rule) + !compliant, now.toString());
      } else {
        filter.where(
            compliant ? "(countsFrom is null or countsFrom > :value)" : "countsFrom <= :value",
            now);
      }
    }
    return Posture.<Posture>find(filter.query(), filter.parameters())
        .range(0, paging.probe() - 1)
        .list()
        .map(
            postures ->
                paging.page(postures, Posture::id, posture -> PostureView.of(posture, rules, now)));
  }

  /** Of each rule, how many assets keep it and how the others stand with it. */
  @GET
  @Path("summary")
  @RolesAllowed({ASSET_MANAGER, SYSADMIN, CISO, AUDITOR})
  @Read
  public Uni<Summary> summary() {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(VERDICTS, Object[].class)
                    .setParameter(1, clock.instant().atOffset(ZoneOffset.UTC))
                    .getResultList())
        .map(this::summary);
  }

  private Summary summary(List<Object[]> rows) {
    Map<String, Map<Verdict, Long>> counts = new HashMap<>();
    for (Object[] row : rows) {
      counts
          .computeIfAbsent((String) row[0], rule -> new EnumMap<>(Verdict.class))
          .put(Verdict.valueOf((String) row[1]), ((Number) row[2]).longValue());
    }
    return new Summary(
        rules.all().entrySet().stream()
            .map(
                rule ->
                    summary(
                        rule.getKey(),
                        rule.getValue(),
                        counts.getOrDefault(rule.getKey(), Map.of())))
            .toList());
  }

  private static RuleSummary summary(String id, Rule rule, Map<Verdict, Long> counts) {
    return new RuleSummary(
        id,
        rule.policy(),
        rule.title(),
        rule.kinds(),
        counts.values().stream().mapToLong(Long::longValue).sum(),
        counts.getOrDefault(Verdict.COMPLIANT, 0L),
        counts.getOrDefault(Verdict.IN_GRACE, 0L),
        counts.getOrDefault(Verdict.BREACHED, 0L),
        counts.getOrDefault(Verdict.EXEMPT, 0L),
        counts.getOrDefault(Verdict.UNKNOWN, 0L));
  }
}
