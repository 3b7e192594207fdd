package io.vigie.audit.control;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.UriInfo;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import io.vigie.audit.control.Control.Text;
import io.vigie.audit.control.Rule.Attestation;
import io.vigie.audit.control.Rule.Decided;
import io.vigie.audit.control.Rule.Mappings;
import io.vigie.audit.control.Verdicts.Cause;
import io.vigie.audit.room.Rooms;
import io.vigie.kernel.web.Answer;
import io.vigie.kernel.web.Paging;
import io.vigie.kernel.web.Read;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jboss.resteasy.reactive.RestResponse;

import static io.vigie.kernel.security.Roles.AUDITOR;
import static io.vigie.kernel.security.Roles.CISO;
import static io.vigie.kernel.security.Roles.THIRD_PARTY_AUDITOR;

/**
 * The rules of the policy: what each asks and who or what decides it; of those that a query
 * decides, where they stand, on which objects they fail, since when. An auditor from outside has
 * the rules in scope of the audits that are open to them.
 */
@Path("/v1/controls")
@RolesAllowed({AUDITOR, THIRD_PARTY_AUDITOR, CISO})
public class ControlResource {

  /** Where a rule stands. */
  @Schema(name = "ControlState")
  enum State {
    /** Each object in scope keeps it. */
    GREEN,
    /** Some do not, each of them under an exception in force. */
    AMBER,
    /** Some do not, and not all of them under an exception in force. */
    RED,
    /** Nothing is in scope. */
    NOT_APPLICABLE
  }

  /**
   * A rule and where it stands. Who or what else decides is not computed: without a query there is
   * no state, and nothing is {@code current}.
   *
   * @param asks what must be so
   * @param owners the services that hold its evidence, the main one first
   * @param interval after which the rule itself is re-evaluated, ISO 8601
   * @param state null where no query decides, and until it is judged for the first time
   * @param since when it turned to this state; null as the state is
   * @param inScope how many objects are in scope; null as the state is
   * @param failing how many of them do not keep the rule; null as the state is
   * @param excepted how many of those are under an exception in force; null as the state is
   * @param attested who says so, where that decides; null where nobody does, or not any more
   * @param current whether that is the answer of the present query to all that was published until
   *     a minute ago; it is not for a while after the query changed or the log was succeeded, as
   *     long as the query fails, and while controls are behind
   * @param failure null where the query does not fail
   */
  record ControlView(
      String rule,
      int section,
      Text sectionTitle,
      Text title,
      Text asks,
      List<String> owners,
      Decided decided,
      String interval,
      Mappings mappings,
      State state,
      Instant since,
      Long inScope,
      Long failing,
      Long excepted,
      Attested attested,
      boolean current,
      Failure failure) {}

  /**
   * That somebody says of a rule that it holds, which no machine can know.
   *
   * @param id of the attestation
   * @param by the account of who does
   * @param until before when it counts
   */
  @Schema(name = "ControlAttested")
  record Attested(UUID id, String by, Instant at, Instant until) {}

  /**
   * That the query cannot be asked. It is tried again each minute.
   *
   * @param why what the database says, 500 characters at most
   */
  @Schema(name = "ControlFailure")
  record Failure(String why, Instant since) {}

  /**
   * @param provenBy the types of the events that are its evidence
   * @param tests the test classes that prove it; null where another way decides
   * @param attestation who attests it and for how long; null where another way decides
   * @param query the clause, as it is asked of the state of the objects; null where there is none
   * @param whys what the reasons of verdicts mean; null as the query is
   * @param notApplicable what it means that nothing is in scope; null as the query is
   */
  @Schema(name = "WholeControlView")
  record WholeView(
      ControlView control,
      List<String> provenBy,
      List<String> tests,
      Attestation attestation,
      String query,
      Map<String, Text> whys,
      Text notApplicable) {}

  /**
   * That an object need not keep a rule until {@code endsAt}.
   *
   * @param reason null, as {@code decidedBy} is, to an auditor from outside where the exception is
   *     of all that the rule asks for and not of the object
   * @param decidedBy who approved it
   */
  @Schema(name = "VerdictException")
  record ExceptionView(UUID id, String reason, String decidedBy, Instant endsAt) {}

  /**
   * @param why the reason, as {@code whys} of the control explains it
   * @param owner who answers for the object, by an id; null where nobody does
   * @param inCharge the role that is in charge where no object like this has an owner by its
   *     nature; null where one does, or should
   * @param exception the one in force under which it fails; null where there is none
   * @param since since when it holds or fails
   * @param turnsAt when it may be another although nothing happens; null for never
   * @param entry the index of the log's entry that made it so; null where time or another query did
   */
  record VerdictView(
      String kind,
      UUID id,
      boolean holds,
      String why,
      String owner,
      String inCharge,
      ExceptionView exception,
      Instant since,
      Instant turnsAt,
      Long entry) {}

  /**
   * @param inScope how many objects were in scope then
   * @param failing how many of them did not keep the rule
   * @param excepted how many of those were under an exception in force
   * @param entry the index of the log's entry that made it turn; null for another cause
   */
  @Schema(name = "ControlTurn")
  record TurnView(
      long number,
      State state,
      Instant at,
      Cause cause,
      Long entry,
      long inScope,
      long failing,
      long excepted) {}

  /**
   * @param holds null where the object left the scope
   * @param owner who answered for the object then, by an id; null where nobody did, and of a turn
   *     of before that was kept
   * @param exception the one under which it fails from then on; null where there is none
   * @param entry the index of the log's entry that made it turn; null for another cause
   */
  @Schema(name = "VerdictTurn")
  record VerdictTurnView(
      long number,
      String kind,
      Boolean holds,
      String why,
      String owner,
      UUID exception,
      Instant at,
      Cause cause,
      Long entry) {}

  /** Parameters: since when what is published may still be unread, and now. */
  private static final String STATES =
      """
      select rule, c.digest, c.state, c.since, c.in_scope, c.failing, c.excepted, f.why, f.since as fails_since,
        (select position from control_reading)
          >= (select coalesce(max(size), 0) from checkpoint where signed_at < $1) as is_read,
        a.id as attestation, a.given_by, a.given_at, a.valid_until
      from control c full join control_failure f using (rule)
      full join (
        select * from control_attestation where ended_at is null and valid_until > $2) a using (rule)""";

  /** Controls that are not further behind than that are not behind. */
  static final Duration DELAY = Duration.ofMinutes(1);

  private final Catalogue catalogue;
  private final Controls controls;
  private final Rooms rooms;
  private final Pool database;
  private final Clock clock;

  ControlResource(Catalogue catalogue, Controls controls, Rooms rooms, Pool database, Clock clock) {
    this.catalogue = catalogue;
    this.controls = controls;
    this.rooms = rooms;
    this.database = database;
    this.clock = clock;
  }

  /**
   * Every rule, in the order of the policy.
   *
   * @param state those that stand so
   * @param section those of this section of the policy
   * @param owner those of which this service holds evidence
   * @param decided those that are decided so
   */
  @GET
  @Read(inSession = false)
  public Uni<List<ControlView>> list(
      @QueryParam("state") State state,
      @QueryParam("section") @Min(1) @Max(99) Integer section,
      @QueryParam("owner")
          @Pattern(
              regexp = "asset|access|incident|backup|audit|platform",
              message = "is asset, access, incident, backup, audit or platform")
          String owner,
      @QueryParam("decided") Decided decided) {
    return rooms
        .reach()
        .chain(
            reach ->
                views()
                    .map(views -> views.stream().filter(view -> reach.hasRule(view.rule)).toList()))
        .map(
            views ->
                views.stream()
                    .filter(view -> state == null || view.state == state)
                    .filter(view -> section == null || view.section == section)
                    .filter(view -> owner == null || view.owners.contains(owner))
                    .filter(view -> decided == null || view.decided == decided)
                    .toList());
  }

  /** Every rule as it stands now, in the order of the policy. */
  Uni<List<ControlView>> views() {
    return database
        .preparedQuery(STATES)
        .execute(Tuple.of(unread(), now()))
        .map(
            rows -> {
              Map<String, Row> byRule = new HashMap<>();
              rows.forEach(row -> byRule.put(row.getString("rule"), row));
              return catalogue.all().stream()
                  .map(rule -> view(rule, byRule.get(rule.id())))
                  .toList();
            });
  }

  private OffsetDateTime now() {
    return clock.instant().atOffset(ZoneOffset.UTC);
  }

  private OffsetDateTime unread() {
    return now().minus(DELAY);
  }

  /** A rule, with what proves it, and its query. */
  @GET
  @Path("{rule}")
  @Read(inSession = false)
  public Uni<WholeView> get(@PathParam("rule") String id) {
    Rule rule = catalogue.require(id);
    Optional<Control> control = controls.find(id);
    return rooms
        .reach()
        .invoke(reach -> reach.require(id))
        .chain(
            () ->
                database
                    .preparedQuery(STATES + " where rule = $3")
                    .execute(Tuple.of(unread(), now(), id)))
        .map(
            rows ->
                new WholeView(
                    view(rule, rows.size() == 0 ? null : rows.iterator().next()),
                    rule.provenBy(),
                    rule.tests(),
                    rule.attestation(),
                    control.map(Control::query).orElse(null),
                    control.map(each -> each.watch().whys()).orElse(null),
                    control.map(each -> each.watch().notApplicable()).orElse(null)));
  }

  /**
   * The objects in scope of a rule.
   *
   * @param holds those that keep it, or those that do not
   */
  @GET
  @Path("{rule}/objects")
  @Read(inSession = false)
  public Uni<RestResponse<Answer.Page<VerdictView>>> objects(
      @PathParam("rule") String rule,
      @QueryParam("holds") Boolean holds,
      @Valid @BeanParam Paging paging) {
    controls.require(rule);
    String inCharge = catalogue.require(rule).inCharge();
    return rooms
        .reach()
        .chain(
            reach -> {
              List<Object> values =
                  new ArrayList<>(
                      Arrays.asList(rule, holds, paging.after(), paging.probe(), reach.isWhole()));
              return rows(
                  """
                  select v.*, e.index as entry, x.ends_at,
                    case when $5::boolean or x.object is not null then x.reason end as reason,
                    case when $5::boolean or x.object is not null then x.decided_by end as decided_by
                  from verdict v
                  left join event_id e on e.id = v.event left join control_exception x on x.id = v.exception
                  where v.rule = $1 and ($2::boolean is null or v.holds = $2) and ($3::uuid is null or v.id > $3)
                    and %s
                  order by v.id limit $4"""
                      .formatted(reach.objectSql(rule, "v.kind || '/' || v.id", values)),
                  Tuple.tuple(values),
                  row -> verdict(row, inCharge));
            })
        .map(verdicts -> paging.page(verdicts, VerdictView::id, verdict -> verdict));
  }

  /**
   * When a rule turned, in that order. An auditor from outside has the turns in the periods of the
   * audits that are open to them.
   */
  @GET
  @Path("{rule}/history")
  @Read(inSession = false)
  public Uni<RestResponse<Answer.Page<TurnView>>> history(
      @PathParam("rule") String rule,
      @QueryParam("limit") @DefaultValue("50") @Min(1) @Max(200) Integer limit,
      @QueryParam("after") @Pattern(regexp = "[0-9]{1,18}", message = "is where a Link leads")
          String after,
      @Context UriInfo uri) {
    controls.require(rule);
    return rooms
        .reach()
        .chain(
            reach -> {
              List<Object> values = new ArrayList<>(List.of(rule, number(after), limit + 1));
              return rows(
                  """
                  select t.*, e.index as entry from control_turn t left join event_id e on e.id = t.event
                  where t.rule = $1 and t.id > $2 and %s order by t.id limit $3"""
                      .formatted(reach.turnSql(rule, "t", null, values)),
                  Tuple.tuple(values),
                  ControlResource::turn);
            })
        .map(turns -> Paging.page(uri, turns, limit, TurnView::number, Answer.Page::new));
  }

  /**
   * When an object turned as to a rule, in that order. An auditor from outside has the turns in the
   * periods of the audits that are open to them.
   */
  @GET
  @Path("{rule}/objects/{id}/history")
  @Read(inSession = false)
  public Uni<RestResponse<Answer.Page<VerdictTurnView>>> objectHistory(
      @PathParam("rule") String rule,
      @PathParam("id") UUID id,
      @QueryParam("limit") @DefaultValue("50") @Min(1) @Max(200) Integer limit,
      @QueryParam("after") @Pattern(regexp = "[0-9]{1,18}", message = "is where a Link leads")
          String after,
      @Context UriInfo uri) {
    controls.require(rule);
    return rooms
        .reach()
        .chain(
            reach -> {
              List<Object> values = new ArrayList<>(List.of(rule, id, number(after), limit + 1));
              return rows(
                  """
                  select t.*, e.index as entry from verdict_turn t left join event_id e on e.id = t.event
                  where t.rule = $1 and t.object = $2 and t.id > $3 and %s order by t.id limit $4"""
                      .formatted(reach.turnSql(rule, "t", "t.kind || '/' || t.object", values)),
                  Tuple.tuple(values),
                  ControlResource::verdictTurn);
            })
        .map(turns -> Paging.page(uri, turns, limit, VerdictTurnView::number, Answer.Page::new));
  }

  private <T> Uni<List<T>> rows(String query, Tuple parameters, Function<Row, T> view) {
    return database
        .preparedQuery(query)
        .execute(parameters)
        .map(
            rows -> {
              List<T> views = new ArrayList<>();
              rows.forEach(row -> views.add(view.apply(row)));
              return views;
            });
  }

  private static long number(String after) {
    return after == null ? 0 : Long.parseLong(after);
  }

  /** A state that was kept for a query that is not there any more is none. */
  private ControlView view(Rule rule, Row kept) {
    Optional<Control> control = controls.find(rule.id());
    Row row = control.isPresent() ? kept : null;
    return new ControlView(
        rule.id(),
        rule.section(),
        catalogue.sectionOf(rule),
        rule.title(),
        rule.asks(),
        rule.owners(),
        rule.decided(),
        rule.interval(),
        rule.mappings(),
        row == null ? null : state(row),
        row == null ? null : instant(row, "since"),
        row == null ? null : row.getLong("in_scope"),
        row == null ? null : row.getLong("failing"),
        row == null ? null : row.getLong("excepted"),
        rule.attestation() == null || kept == null ? null : attested(kept),
        row != null
            && row.getBoolean("is_read")
            && control.get().digest().equals(row.getString("digest")),
        row == null ? null : failure(row));
  }

  private static Attested attested(Row row) {
    String by = row.getString("given_by");
    return by == null
        ? null
        : new Attested(
            row.getUUID("attestation"), by, instant(row, "given_at"), instant(row, "valid_until"));
  }

  private static State state(Row row) {
    String state = row.getString("state");
    return state == null ? null : State.valueOf(state);
  }

  private static Failure failure(Row row) {
    String why = row.getString("why");
    return why == null ? null : new Failure(why, instant(row, "fails_since"));
  }

  private static VerdictView verdict(Row row, String inCharge) {
    String owner = row.getString("owner");
    return new VerdictView(
        row.getString("kind"),
        row.getUUID("id"),
        row.getBoolean("holds"),
        row.getString("why"),
        owner,
        owner == null ? inCharge : null,
        exception(row),
        instant(row, "since"),
        instant(row, "turns_at"),
        row.getLong("entry"));
  }

  private static ExceptionView exception(Row row) {
    UUID id = row.getUUID("exception");
    return id == null
        ? null
        : new ExceptionView(
            id, row.getString("reason"), row.getString("decided_by"), instant(row, "ends_at"));
  }

  private static TurnView turn(Row row) {
    return new TurnView(
        row.getLong("id"),
        state(row),
        instant(row, "at"),
        Cause.valueOf(row.getString("cause")),
        row.getLong("entry"),
        row.getLong("in_scope"),
        row.getLong("failing"),
        row.getLong("excepted"));
  }

  private static VerdictTurnView verdictTurn(Row row) {
    return new VerdictTurnView(
        row.getLong("id"),
        row.getString("kind"),
        row.getBoolean("holds"),
        row.getString("why"),
        row.getString("owner"),
        row.getUUID("exception"),
        instant(row, "at"),
        Cause.valueOf(row.getString("cause")),
        row.getLong("entry"));
  }

  private static Instant instant(Row row, String column) {
    OffsetDateTime time = row.getOffsetDateTime(column);
    return time == null ? null : time.toInstant();
  }
}
