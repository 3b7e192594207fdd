package io.vigie.access.review;

import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import io.vigie.access.entitlement.Ground;
import io.vigie.access.entitlement.RightState;
import io.vigie.access.person.ServiceAccountState;
import io.vigie.kernel.web.Answer;
import io.vigie.kernel.web.Paging;
import io.vigie.kernel.web.Read;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jboss.resteasy.reactive.RestResponse;

import static io.vigie.kernel.security.Roles.ACCESS_MANAGER;
import static io.vigie.kernel.security.Roles.AUDITOR;
import static io.vigie.kernel.security.Roles.CISO;

/** When somebody last said that rights and accounts of programs are needed (R4.7). */
@Path("/v1/certifications")
public class CertificationResource {

  /**
   * @param right null of the account of a program, as is all that rights alone have
   * @param serviceAccount the account of a program; null of a right
   * @param person who has the right, or answers for the account
   * @param account the subject of the holder's account, or of the program's; or null
   * @param lastCertifiedAt when a review kept it the last time or, where none did, it was approved
   *     or registered
   * @param dueAt when it has to be certified again
   * @param campaign that asks about it now, or null
   */
  @Schema(name = "RightCertification")
  record View(
      UUID right,
      UUID serviceAccount,
      UUID person,
      String account,
      UUID entitlement,
      UUID asset,
      Ground ground,
      RightState state,
      ServiceAccountState serviceAccountState,
      Instant lastCertifiedAt,
      Instant dueAt,
      boolean overdue,
      UUID campaign) {}

  private static final String RIGHTS =
      """
      select r.id, cast(null as uuid) as service_account_id, r.person_id, p.subject, r.entitlement_id, r.asset_id, r.ground,
        r.state, null as service_account_state,
        coalesce(r.certified_at, r.decided_at) as certified_at,
        coalesce(r.certified_at, r.decided_at) + cast(cast(:within as text) as interval) as due_at,
        (select c.id from review v join campaign c on c.id = v.campaign_id
         where v.right_id = r.id and v.state = 'PENDING' and c.state = 'OPEN' limit 1) as campaign_id
      from access_right r join person p on p.id = r.person_id
      where r.state in ('APPROVED', 'SUSPENDED')
        and (r.valid_until is null or r.valid_until > :now) and r.id > :after %s
      order by r.id limit :limit""";

  private static final String PROGRAMS =
      """
      select s.id, s.id as service_account_id, s.responsible_id, s.subject, cast(null as uuid),
        cast(null as uuid), null, null, s.state,
        coalesce(s.certified_at, s.registered_at) as certified_at,
        coalesce(s.certified_at, s.registered_at) + cast(cast(:within as text) as interval) as due_at,
        (select c.id from review v join campaign c on c.id = v.campaign_id
         where v.service_account_id = s.id and v.state = 'PENDING' and c.state = 'OPEN' limit 1) as campaign_id
      from service_account s
      where s.state <> 'ENDED' and (s.valid_until is null or s.valid_until > :now) and s.id > :after %s
      order by s.id limit :limit""";

  private static final String ALL =
      "select * from ((%s) union all (%s)) each order by id limit :limit";

  private final ReviewPolicy policy;
  private final Clock clock;

  CertificationResource(ReviewPolicy policy, Clock clock) {
    this.policy = policy;
    this.clock = clock;
  }

  /**
   * Rights in effect, and suspended ones, and accounts of programs, in order of request, grant or
   * registration.
   *
   * @param overdue those alone that were not certified within the time of the policy, or those that
   *     were
   */
  @GET
  @RolesAllowed({ACCESS_MANAGER, CISO, AUDITOR})
  @Read
  public Uni<RestResponse<Answer.Page<View>>> list(
      @QueryParam("person") UUID person,
      @QueryParam("overdue") Boolean overdue,
      @Valid @BeanParam Paging paging) {
    Instant now = clock.instant();
    Instant since = policy.certifiedSince(now);
    StringBuilder where = new StringBuilder();
    Map<String, Object> values = new HashMap<>();
    values.put("within", policy.certifiedWithin().toString());
    values.put("now", Rows.utc(now));
    values.put("after", paging.after() == null ? new UUID(0, 0) : paging.after());
    values.put("limit", paging.probe());
    if (person != null) {
      where.append(" and r.person_id = :person");
      values.put("person", person);
    }
    if (overdue != null) {
      where.append(" and coalesce(r.certified_at, r.decided_at) ");
      where.append(overdue ? "<= :since" : "> :since");
      values.put("since", Rows.utc(since));
    }
    return Panache.getSession()
        .chain(
            session -> {
              var query = session.createNativeQuery(sql(where.toString()), Object[].class);
              values.forEach(query::setParameter);
              return query.getResultList();
            })
        .map(rows -> paging.page(rows, row -> (UUID) row[0], row -> view(row, since)));
  }

  private static String sql(String where) {
    return ALL.formatted(
        RIGHTS.formatted(where),
        PROGRAMS.formatted(
            where
                .replace("r.person_id", "s.responsible_id")
                .replace("r.decided_at", "s.registered_at")
                .replace("r.certified_at", "s.certified_at")));
  }

  private static View view(Object[] row, Instant since) {
    Instant certifiedAt = Rows.time(row[9]);
    return new View(
        row[1] == null ? (UUID) row[0] : null,
        (UUID) row[1],
        (UUID) row[2],
        (String) row[3],
        (UUID) row[4],
        (UUID) row[5],
        Rows.named(Ground.class, row[6]),
        Rows.named(RightState.class, row[7]),
        Rows.named(ServiceAccountState.class, row[8]),
        certifiedAt,
        Rows.time(row[10]),
        !certifiedAt.isAfter(since),
        (UUID) row[11]);
  }
}
