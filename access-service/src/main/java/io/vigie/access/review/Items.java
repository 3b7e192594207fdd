package io.vigie.access.review;

import java.time.Clock;
import java.time.Instant;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

import jakarta.enterprise.context.ApplicationScoped;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import io.vigie.access.client.ClientAccessState;
import io.vigie.access.directory.DirectorySettings;
import io.vigie.access.entitlement.EntitlementType;
import io.vigie.access.entitlement.Ground;
import io.vigie.access.entitlement.RightState;
import io.vigie.access.entitlement.Sensitivity;
import io.vigie.access.person.ServiceAccountState;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Reads items, a page at a time, with all that a reviewer has to know. */
@ApplicationScoped
class Items {

  private static final Set<EntitlementType> PREMISES =
      EnumSet.of(EntitlementType.PHYSICAL_ZONE, EntitlementType.KEY, EntitlementType.BADGE);

  private static final String ITEMS =
      """
      select v.id, v.right_id, v.person_id, p.given_name, p.family_name, v.entitlement_id,
        coalesce(e.name, s.name, k.name) as name, e.type, e.asset_id, e.sensitivity, r.ground, r.profile_id,
        coalesce(r.requested_reason, s.purpose, x.reference) as reason,
        coalesce(r.valid_until, s.valid_until, x.valid_until) as valid_until, r.state as right_state,
        coalesce(r.certified_at, s.certified_at, x.certified_at) as certified_at,
        (select max(at) from last_sign_in where account = coalesce(s.subject, p.subject)) as signed_in_at,
        coalesce(r.decided_at, s.registered_at, x.decided_at) as given_at, v.stage, v.stages, v.reviewer_id,
        v.state, v.version, v.confirmed_at, v.service_account_id, s.state as service_account_state,
        v.client_access_id, x.state as client_access_state, v.certified_at as certified_here_at
      from review v
      left join access_right r on r.id = v.right_id
      left join service_account s on s.id = v.service_account_id
      left join client_access x on x.id = v.client_access_id
      left join client k on k.id = x.client_id
      join person p on p.id = v.person_id
      left join entitlement e on e.id = v.entitlement_id
      where v.campaign_id = :campaign and %s
      order by v.id limit :limit""";

  /** What is waiting for an answer, of what did not end meanwhile. */
  private static final String PENDING =
      """
      v.state = :state and coalesce(r.state, s.state, x.state) in ('APPROVED', 'ACTIVE', 'SUSPENDED')
      and coalesce(r.valid_until, s.valid_until, x.valid_until, 'infinity') > :now""";

  private static final String UNCONFIRMED =
      "v.id > :after and v.state = 'REVOKED' and v.confirmed_at is null and (%s)";

  private static final String RIGHTS = "v.right_id is not null and e.directory_kind is null";

  private static final String OWNED_RIGHTS =
      RIGHTS + " and e.owner_id = any(cast(cast(:owners as text[]) as uuid[]))";

  private static final String RIGHTS_AND_PROGRAMS =
      RIGHTS + " or v.service_account_id is not null and " + Confirmation.CLOSED_BY_HAND;

  private static final String CLOSED_BY_HAND =
      """
      select v.id, s.responsible_id from review v
      join service_account s on s.id = v.service_account_id
      where v.id = any(cast(cast(:ids as text[]) as uuid[])) and %s"""
          .formatted(Confirmation.CLOSED_BY_HAND);

  private final ReviewPolicy policy;
  private final DirectorySettings directory;
  private final Clock clock;
  private final String receipts;

  Items(
      ReviewPolicy policy,
      DirectorySettings directory,
      Clock clock,
      @ConfigProperty(name = "vigie.audit-url") String auditUrl) {
    this.policy = policy;
    this.directory = directory;
    this.clock = clock;
    this.receipts = auditUrl + "/v1/receipts/";
  }

  /** Whose items: everybody's, those of one person, or those of the access managers. */
  record Whose(boolean everybody, UUID reviewer) {
    static final Whose EVERYBODY = new Whose(true, null);
    static final Whose ACCESS_MANAGERS = new Whose(false, null);
  }

  /** A page behind {@code after}, which may be null; as may {@code state}. */
  Uni<List<Item>> page(UUID campaign, Whose whose, ReviewState state, UUID after, int limit) {
    StringBuilder where = new StringBuilder("v.id > :after");
    Map<String, Object> values = new HashMap<>();
    values.put("after", after == null ? new UUID(0, 0) : after);
    if (whose.reviewer() != null) {
      where.append(" and v.reviewer_id = :reviewer");
      values.put("reviewer", whose.reviewer());
    } else if (!whose.everybody()) {
      where.append(" and v.reviewer_id is null");
    }
    if (state != null) {
      where.append(" and ").append(state == ReviewState.PENDING ? PENDING : "v.state = :state");
      values.put("state", state.name());
    }
    if (state == ReviewState.PENDING) {
      values.put("now", Rows.utc(clock.instant()));
    }
    return read(campaign, where.toString(), values, limit);
  }

  /**
   * What was revoked, is nothing in the directory, and is not confirmed yet.
   *
   * @param owners who answers for what it was; null for all, programs too
   */
  Uni<List<Item>> unconfirmed(UUID campaign, List<UUID> owners, UUID after, int limit) {
    Map<String, Object> values = new HashMap<>();
    values.put("after", after == null ? new UUID(0, 0) : after);
    if (owners == null) {
      values.put("alone", isAlone());
    } else {
      values.put("owners", Scope.texts(owners));
    }
    return read(
        campaign,
        UNCONFIRMED.formatted(owners == null ? RIGHTS_AND_PROGRAMS : OWNED_RIGHTS),
        values,
        limit);
  }

  /** Those of these about programs that somebody closes by hand, each with who answers for it. */
  Uni<Map<UUID, UUID>> closedByHand(List<UUID> ids) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(CLOSED_BY_HAND, Object[].class)
                    .setParameter("ids", Scope.texts(ids))
                    .setParameter("alone", isAlone())
                    .getResultList())
        .map(
            rows ->
                rows.stream()
                    .collect(Collectors.toMap(row -> (UUID) row[0], row -> (UUID) row[1])));
  }

  private boolean isAlone() {
    return directory.kind() == DirectorySettings.Kind.NONE;
  }

  /** These, as they are now. */
  Uni<List<Item>> of(UUID campaign, List<UUID> ids) {
    return read(
        campaign,
        "v.id = any(cast(cast(:ids as text[]) as uuid[]))",
        Map.of("ids", Scope.texts(ids)),
        ids.size());
  }

  private Uni<List<Item>> read(UUID campaign, String where, Map<String, Object> values, int limit) {
    return Panache.getSession()
        .chain(
            session -> {
              var query =
                  session
                      .createNativeQuery(ITEMS.formatted(where), Object[].class)
                      .setParameter("campaign", campaign)
                      .setParameter("limit", limit);
              values.forEach(query::setParameter);
              return query.getResultList();
            })
        .chain(
            rows ->
                ReviewAnswer.<ReviewAnswer>list(
                        "review in ?1 order by at, id", rows.stream().map(row -> row[0]).toList())
                    .map(
                        answers -> {
                          var byReview =
                              answers.stream().collect(Collectors.groupingBy(a -> a.review));
                          Instant unusedSince = policy.unusedSince(clock.instant());
                          return rows.stream()
                              .map(
                                  row ->
                                      item(
                                          row,
                                          byReview.getOrDefault((UUID) row[0], List.of()),
                                          unusedSince))
                              .toList();
                        }));
  }

  private Item item(Object[] row, List<ReviewAnswer> answers, Instant unusedSince) {
    EntitlementType type = Rows.named(EntitlementType.class, row[7]);
    Instant signedIn = Rows.time(row[16]);
    boolean isUsed =
        signedIn != null && signedIn.isAfter(unusedSince)
            || Rows.time(row[17]).isAfter(unusedSince);
    return new Item(
        (UUID) row[0],
        (UUID) row[1],
        (UUID) row[24],
        (UUID) row[26],
        (UUID) row[2],
        (String) row[3],
        (String) row[4],
        (UUID) row[5],
        (String) row[6],
        type,
        (UUID) row[8],
        Rows.named(Sensitivity.class, row[9]),
        Rows.named(Ground.class, row[10]),
        (UUID) row[11],
        (String) row[12],
        Rows.time(row[13]),
        Rows.named(RightState.class, row[14]),
        Rows.named(ServiceAccountState.class, row[25]),
        Rows.named(ClientAccessState.class, row[27]),
        Rows.time(row[15]),
        signedIn,
        row[24] != null || type != null && PREMISES.contains(type) ? null : !isUsed,
        ((Number) row[18]).intValue(),
        ((Number) row[19]).intValue(),
        (UUID) row[20],
        ReviewState.valueOf((String) row[21]),
        Rows.time(row[28]),
        Rows.time(row[23]),
        answers.stream().map(this::given).toList(),
        ((Number) row[22]).longValue());
  }

  private Item.Given given(ReviewAnswer answer) {
    return new Item.Given(
        answer.stage,
        answer.verdict,
        answer.by,
        answer.at,
        answer.reason,
        answer.until,
        answer.delegate,
        receipts + answer.id);
  }
}
