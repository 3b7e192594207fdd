package io.vigie.audit.control;

import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

import jakarta.enterprise.context.ApplicationScoped;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import io.vigie.audit.checkpoint.Checkpoints;
import io.vigie.audit.checkpoint.Published;
import io.vigie.audit.control.ControlResource.ControlView;
import io.vigie.audit.control.Evidence.Found;
import io.vigie.audit.control.Evidence.Receipt;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** Where the policy stands now, and where the log proves it. */
@ApplicationScoped
class PolicyReport {

  /** More exceptions than these are not in a report. */
  static final int MOST_EXCEPTIONS = 1_000;

  /** Characters of a reason on a page. */
  private static final int MOST_REASON = 200;

  /**
   * The checkpoint that proves what is in the report.
   *
   * @param size of the log that was signed
   * @param root in hexadecimal
   */
  @Schema(name = "ReportCheckpoint")
  record Signed(long size, String root, String note) {}

  /**
   * @param object null where it counts for all
   * @param receipt of the approval; null while that is on its way to the log
   */
  record Excepted(
      UUID id, String object, String reason, String decidedBy, Instant endsAt, Receipt receipt) {

    /** The reason, or as much of it as a page has. */
    public String shortReason() {
      return reason.length() <= MOST_REASON ? reason : reason.substring(0, MOST_REASON) + "…";
    }
  }

  /**
   * @param receipt of its planning; null while that is on its way to the log
   */
  record Due(UUID id, Instant dueAt, boolean overdue, Receipt receipt) {}

  /**
   * @param receipt of it; null while that is on its way to the log
   */
  record Attested(UUID id, String by, Instant at, Instant until, Receipt receipt) {}

  /**
   * A rule.
   *
   * @param turn the entry that made it turn to its state; null where time or another query did
   * @param evidence among what is signed
   * @param due the re-evaluation that is open; null where none is
   * @param attested the attestation that counts; null where none does
   */
  record Line(
      ControlView control,
      Receipt turn,
      Found evidence,
      List<Excepted> exceptions,
      Due due,
      Attested attested) {}

  /**
   * @param signed null where the log has signed nothing yet
   * @param isWhole whether all exceptions are in it
   */
  record View(Instant at, Signed signed, boolean isWhole, List<Line> lines) {

    /** Section by section of the policy. */
    public Map<Integer, List<Line>> sections() {
      return lines.stream()
          .collect(
              Collectors.groupingBy(
                  line -> line.control().section(), TreeMap::new, Collectors.toList()));
    }

    /** How many rules stand so. */
    public long count(String state) {
      return lines.stream()
          .filter(line -> line.control().state() != null)
          .filter(line -> line.control().state().name().equals(state))
          .count();
    }
  }

  private static final String TURNS =
      """
      select r.rule, e.index, e.leaf from unnest($1::text[]) r (rule)
      cross join lateral (select event from control_turn t where t.rule = r.rule order by t.id desc limit 1) t
      join event_id i on i.id = t.event join entry e on e.index = i.index""";

  private static final String EXCEPTIONS =
      """
      select x.*, e.index, e.leaf from control_exception x left join lateral (
        select e.index, e.leaf from entry e
        where e.subject = 'control-exception/' || x.id and e.type = 'control-exception.approved.v1'
        order by e.index desc limit 1) e on true
      where x.stage = 'APPROVED' and x.ends_at > $1 order by x.rule, x.id limit $2""";

  private static final String DUE =
      """
      select r.*, r.due_at <= $1 as overdue, e.index, e.leaf from re_evaluation r left join lateral (
        select e.index, e.leaf from entry e
        where e.subject = 're-evaluation/' || r.id and e.type = 're-evaluation.planned.v1'
        order by e.index desc limit 1) e on true
      where r.stage = 'OPEN'""";

  private static final String ATTESTED =
      """
      select a.*, e.index, e.leaf from control_attestation a left join lateral (
        select e.index, e.leaf from entry e
        where e.subject = 'control-attestation/' || a.id and e.type = 'control-attestation.given.v1'
        order by e.index desc limit 1) e on true
      where a.ended_at is null and a.valid_until > $1""";

  private final ControlResource controls;
  private final Evidence evidence;
  private final Checkpoints checkpoints;
  private final Pool database;
  private final Clock clock;

  PolicyReport(
      ControlResource controls,
      Evidence evidence,
      Checkpoints checkpoints,
      Pool database,
      Clock clock) {
    this.controls = controls;
    this.evidence = evidence;
    this.checkpoints = checkpoints;
    this.database = database;
    this.clock = clock;
  }

  /** A failure (503) where no key of the log signed its newest checkpoint. */
  Uni<View> now() {
    Instant now = clock.instant();
    return signed().chain(signed -> controls.views().chain(views -> view(now, signed, views)));
  }

  private Uni<View> view(Instant now, Signed signed, List<ControlView> views) {
    OffsetDateTime at = now.atOffset(ZoneOffset.UTC);
    List<String> rules = views.stream().map(ControlView::rule).toList();
    return evidence
        .among(rules, signed == null ? 0 : signed.size)
        .chain(found -> turns(rules).map(turns -> new Proofs(found, turns)))
        .chain(
            proofs ->
                rows(EXCEPTIONS, Tuple.of(at, MOST_EXCEPTIONS + 1))
                    .chain(
                        excepted ->
                            said(at)
                                .map(said -> view(now, signed, views, proofs, excepted, said))));
  }

  private record Proofs(Map<String, Found> evidence, Map<String, List<Receipt>> turns) {}

  /** What people are asked of rules, and what they said of them. */
  private record Said(Map<String, List<Due>> due, Map<String, List<Attested>> attested) {}

  private Uni<Said> said(OffsetDateTime at) {
    return byRule(DUE, Tuple.of(at), PolicyReport::due)
        .chain(
            due ->
                byRule(ATTESTED, Tuple.of(at), PolicyReport::attested)
                    .map(attested -> new Said(due, attested)));
  }

  private static View view(
      Instant now,
      Signed signed,
      List<ControlView> views,
      Proofs proofs,
      List<Row> excepted,
      Said said) {
    boolean isWhole = excepted.size() <= MOST_EXCEPTIONS;
    Map<String, List<Excepted>> exceptions =
        byRule(isWhole ? excepted : excepted.subList(0, MOST_EXCEPTIONS), PolicyReport::excepted);
    return new View(
        now,
        signed,
        isWhole,
        views.stream().map(view -> line(view, proofs, exceptions, said)).toList());
  }

  private static Line line(
      ControlView view, Proofs proofs, Map<String, List<Excepted>> exceptions, Said said) {
    String rule = view.rule();
    return new Line(
        view,
        first(proofs.turns.get(rule)),
        proofs.evidence.getOrDefault(rule, new Found(0, null)),
        exceptions.getOrDefault(rule, List.of()),
        first(said.due.get(rule)),
        first(said.attested.get(rule)));
  }

  private static <T> T first(List<T> items) {
    return items == null ? null : items.get(0);
  }

  private Uni<Signed> signed() {
    return database
        .query("select size, note from checkpoint order by size desc limit 1")
        .execute()
        .map(
            rows -> {
              if (rows.size() == 0) {
                return null;
              }
              Row row = rows.iterator().next();
              Published signed =
                  checkpoints.requireSigned(row.getLong("size"), row.getString("note"));
              return new Signed(
                  signed.size(), HexFormat.of().formatHex(signed.root()), signed.note());
            });
  }

  private Uni<Map<String, List<Receipt>>> turns(List<String> rules) {
    return byRule(TURNS, Tuple.of((Object) rules.toArray(String[]::new)), Receipt::of);
  }

  private <T> Uni<Map<String, List<T>>> byRule(String query, Tuple values, Function<Row, T> shape) {
    return rows(query, values).map(rows -> byRule(rows, shape));
  }

  private static <T> Map<String, List<T>> byRule(List<Row> rows, Function<Row, T> shape) {
    return rows.stream()
        .collect(
            Collectors.groupingBy(
                row -> row.getString("rule"), Collectors.mapping(shape, Collectors.toList())));
  }

  private Uni<List<Row>> rows(String query, Tuple values) {
    return database
        .preparedQuery(query)
        .execute(values)
        .map(
            rows -> {
              List<Row> list = new ArrayList<>(rows.size());
              rows.forEach(list::add);
              return list;
            });
  }

  private static Excepted excepted(Row row) {
    return new Excepted(
        row.getUUID("id"),
        row.getString("object"),
        row.getString("reason"),
        row.getString("decided_by"),
        row.getOffsetDateTime("ends_at").toInstant(),
        Receipt.of(row));
  }

  private static Attested attested(Row row) {
    return new Attested(
        row.getUUID("id"),
        row.getString("given_by"),
        row.getOffsetDateTime("given_at").toInstant(),
        row.getOffsetDateTime("valid_until").toInstant(),
        Receipt.of(row));
  }

  private static Due due(Row row) {
    return new Due(
        row.getUUID("id"),
        row.getOffsetDateTime("due_at").toInstant(),
        row.getBoolean("overdue"),
        Receipt.of(row));
  }
}
