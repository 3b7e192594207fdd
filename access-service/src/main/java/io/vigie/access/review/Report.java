package io.vigie.access.review;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import io.vigie.kernel.web.Csv;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** What was asked and answered in a campaign: a row for each answer, and for each item without. */
@ApplicationScoped
class Report {

  static final String HEADER =
      Csv.row(
          List.of(
              "item",
              "right",
              "serviceAccount",
              "clientAccess",
              "person",
              "givenName",
              "familyName",
              "asset",
              "entitlement",
              "sensitivity",
              "ground",
              "state",
              "rightState",
              "serviceAccountState",
              "clientAccessState",
              "stage",
              "decision",
              "reviewer",
              "decidedAt",
              "reason",
              "until",
              "delegate",
              "receipt"));

  /**
   * Null from {@code stage} on where nobody answered; {@code entitlement} names a program or a
   * client too.
   */
  record Row(
      UUID item,
      UUID right,
      UUID serviceAccount,
      UUID clientAccess,
      UUID person,
      String givenName,
      String familyName,
      UUID asset,
      String entitlement,
      String sensitivity,
      String ground,
      String state,
      String rightState,
      String serviceAccountState,
      String clientAccessState,
      Integer stage,
      String decision,
      String reviewer,
      Instant decidedAt,
      String reason,
      Instant until,
      UUID delegate,
      String receipt) {

    String csv() {
      return Csv.row(
          Arrays.asList(
              item,
              right,
              serviceAccount,
              clientAccess,
              person,
              givenName,
              familyName,
              asset,
              entitlement,
              sensitivity,
              ground,
              state,
              rightState,
              serviceAccountState,
              clientAccessState,
              stage,
              decision,
              reviewer,
              decidedAt,
              reason,
              until,
              delegate,
              receipt));
    }
  }

  private static final String ROWS =
      """
      select v.id, v.right_id, v.person_id, p.given_name, p.family_name, e.asset_id,
        coalesce(e.name, s.name, k.name) as name, e.sensitivity, r.ground, v.state, r.state as right_state,
        a.stage, a.verdict, a.answered_by, a.answered_at, a.reason, a.until_at, a.delegate_id,
        a.id as event_id, v.service_account_id, s.state as service_account_state,
        v.client_access_id, x.state as client_access_state
      from (select * from review where campaign_id = ?1 and id > ?2 %s order by id limit ?3) v
      left join access_right r on r.id = v.right_id
      left join service_account s on s.id = v.service_account_id
      left join client_access x on x.id = v.client_access_id
      left join client k on k.id = x.client_id
      join person p on p.id = v.person_id
      left join entitlement e on e.id = v.entitlement_id
      left join review_answer a on a.review_id = v.id
      order by v.id, a.id""";

  private final String receipts;

  Report(@ConfigProperty(name = "vigie.audit-url") String auditUrl) {
    this.receipts = auditUrl + "/v1/receipts/";
  }

  /** The rows of up to {@code limit} items behind {@code after}, in their order. */
  Uni<List<Row>> rows(UUID campaign, UUID after, int limit) {
    return read(ROWS.formatted(""), campaign, after, limit);
  }

  /** The same of items that were not simply certified. */
  Uni<List<Row>> exceptions(UUID campaign, UUID after, int limit) {
    return read(ROWS.formatted("and state <> 'CERTIFIED'"), campaign, after, limit);
  }

  String receipt(UUID event) {
    return event == null ? null : receipts + event;
  }

  private Uni<List<Row>> read(String sql, UUID campaign, UUID after, int limit) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(sql, Object[].class)
                    .setParameter(1, campaign)
                    .setParameter(2, after)
                    .setParameter(3, limit)
                    .getResultList())
        .map(rows -> rows.stream().map(this::row).toList());
  }

  private Row row(Object[] row) {
    return new Row(
        (UUID) row[0],
        (UUID) row[1],
        (UUID) row[19],
        (UUID) row[21],
        (UUID) row[2],
        (String) row[3],
        (String) row[4],
        (UUID) row[5],
        (String) row[6],
        (String) row[7],
        (String) row[8],
        (String) row[9],
        (String) row[10],
        (String) row[20],
        (String) row[22],
        row[11] == null ? null : ((Number) row[11]).intValue(),
        (String) row[12],
        (String) row[13],
        Rows.time(row[14]),
        (String) row[15],
        Rows.time(row[16]),
        (UUID) row[17],
        receipt((UUID) row[18]));
  }
}
