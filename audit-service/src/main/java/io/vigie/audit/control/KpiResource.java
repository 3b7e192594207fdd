package io.vigie.audit.control;

import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import java.util.function.Function;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.UriInfo;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import io.vertx.pgclient.PgException;
import io.vigie.audit.control.Control.Text;
import io.vigie.audit.control.Kpi.Better;
import io.vigie.audit.control.Kpi.Level;
import io.vigie.audit.control.Kpi.Measure;
import io.vigie.audit.control.Kpi.Target;
import io.vigie.audit.control.Kpi.Unit;
import io.vigie.audit.log.HistoryReaders;
import io.vigie.kernel.Actor;
import io.vigie.kernel.DatabaseAway;
import io.vigie.kernel.Problem;
import io.vigie.kernel.web.Answer;
import io.vigie.kernel.web.Paging;
import io.vigie.kernel.web.Read;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.RestResponse;

import static io.vigie.kernel.security.Roles.AUDITOR;
import static io.vigie.kernel.security.Roles.CISO;
import static io.vigie.kernel.security.Roles.SYSADMIN;

/**
 * The figures of the dashboards (R15.2), computed when asked for from the objects that the log
 * tells of, and what is behind each. The CISO and auditors read all of them; system administrators
 * those of operations, which are of objects whose history they may read.
 */
@Path("/v1/kpis")
@RolesAllowed({AUDITOR, CISO, SYSADMIN})
public class KpiResource {

  /** Why there is no figure. */
  @Schema(name = "KpiUnknownWhy")
  enum Why {
    /** No amount behind it is known. */
    NOTHING,
    /** The database refuses the query, or it takes too long. */
    QUERY_FAILS,
    /** What the log tells of objects is still being put together. */
    LOG_UNREAD
  }

  /**
   * That a figure cannot be computed.
   *
   * @param says the same for people
   * @param failure what the database says, 500 characters at most; null for another reason
   */
  @Schema(name = "KpiUnknown")
  record Unknown(Why why, Text says, String failure) {}

  /**
   * A figure.
   *
   * @param measure what the amounts of the objects behind it come to
   * @param better which direction is good
   * @param target null where the policy sets none
   * @param value in {@code unit}, with two decimals at most; null where it cannot be computed
   * @param unknown why not; null where there is a value
   * @param objects how many are behind it; null where that cannot be computed
   * @param unmeasured how many of them have no amount, and are not in the value; null as {@code
   *     objects} is
   * @param at when it was computed
   * @param current whether all counts that was published until a minute before, by the present
   *     queries; it is not while controls are behind, or a rule's query fails that it is made of
   * @param history whether there is a series
   */
  record KpiView(
      String id,
      Level level,
      Text title,
      Text explanation,
      Unit unit,
      Measure measure,
      Better better,
      Target target,
      Double value,
      Unknown unknown,
      Long objects,
      Long unmeasured,
      Instant at,
      boolean current,
      boolean history) {}

  /**
   * @param query as it is asked of the state of objects
   * @param days the figure at the end of each day, of the last one now; null where the log cannot
   *     tell, or has not been read, and where the query fails
   */
  @Schema(name = "WholeKpiView")
  record WholeView(KpiView kpi, String query, List<DayView> days) {}

  /**
   * @param day in UTC
   * @param value null where no amount was known
   * @param objects how many were behind it
   */
  @Schema(name = "KpiDay")
  record DayView(LocalDate day, Double value, long objects) {}

  /**
   * An object behind a figure.
   *
   * @param kind of object; {@code rule} is a rule of the policy, {@code entry} one of the log
   * @param amount that it has in the figure; null where it is not known
   * @param whole of a share, what the amount is part of; null for others
   * @param entry the index of the log's entry that made it so; null where time or another query did
   * @param event the event that the entry is of, as receipts name it; null to who may not read what
   *     happened to its object
   */
  @Schema(name = "KpiObject")
  record BehindView(String kind, String id, Double amount, Double whole, Long entry, UUID event) {}

  /**
   * How far what figures are made of is read.
   *
   * @param isWhole whether objects are kept as this version reads them, to the end of the log
   * @param isRead whether that end is not older than a minute
   * @param isJudged whether every rule is judged by its present query
   * @param begins the day of the log's first entry; null where it is empty
   */
  private record Standing(boolean isWhole, boolean isRead, boolean isJudged, LocalDate begins) {}

  private record Figure(Double value, Unknown unknown, Long objects, Long unmeasured) {}

  private static final Logger LOG = Logger.getLogger(KpiResource.class);

  /** Parameters: what controls read, and since when what is published may still be unread. */
  private static final String STANDING =
      """
      select r.reads = $1 and exists (select from control where digest <> '') as is_whole,
        r.position >= (select coalesce(max(size), 0) from checkpoint where signed_at < $2) as is_read,
        not exists (select from control where digest = '')
          and not exists (select from control_failure) as is_judged,
        (select (logged_at at time zone 'UTC')::date from entry order by index limit 1) as begins
      from control_reading r""";

  /** One moment for all that is asked, and nothing that a query could change. */
  private static final String BEGIN = "begin isolation level repeatable read read only";

  /**
   * As long as the database works on one figure at most: all of them together stay below what a
   * caller waits for (vigie.request-deadline).
   */
  private static final String FIGURE_TIME = "400ms";

  /**
   * The same for a series, or for a page of what is behind a figure: with the figure itself it
   * stays below what the console waits for, 4 s.
   */
  private static final String MORE_TIME = "3s";

  private static final int FAILURE = 500;

  private static final Text FAILS =
      new Text(
          "It cannot be asked of the database now; the other figures can",
          "La base de données ne peut y répondre pour l'instant ; les autres chiffres restent disponibles");
  private static final Text UNREAD =
      new Text(
          "What the log tells of objects is being put together; come back in some minutes",
          "L'état des objets est en cours de reconstitution depuis le journal ; revenez dans quelques minutes");

  private final Kpis kpis;
  private final Controls controls;
  private final Actor actor;
  private final HistoryReaders readers;
  private final Pool database;
  private final Clock clock;

  /** What failed and was told, until it is computed again. */
  private final Set<String> failing = ConcurrentHashMap.newKeySet();

  KpiResource(
      Kpis kpis,
      Controls controls,
      Actor actor,
      HistoryReaders readers,
      Pool database,
      Clock clock) {
    this.kpis = kpis;
    this.controls = controls;
    this.actor = actor;
    this.readers = readers;
    this.database = database;
    this.clock = clock;
  }

  /**
   * The figures that the caller may read, dashboard by dashboard.
   *
   * @param level those of one dashboard
   */
  @GET
  @Read(inSession = false)
  public Uni<List<KpiView>> list(@QueryParam("level") Level level) {
    if (level != null) {
      requireReader(level);
    }
    List<Kpi> asked =
        kpis.all().stream()
            .filter(kpi -> level == null || kpi.about().level() == level)
            .filter(kpi -> isReader(kpi.about().level()))
            .toList();
    Instant now = clock.instant();
    return reading(
        now,
        (connection, standing) ->
            Multi.createFrom()
                .iterable(asked)
                .onItem()
                .transformToUniAndConcatenate(kpi -> view(connection, standing, kpi, now))
                .collect()
                .asList());
  }

  /**
   * A figure with its query, and how it was at the end of each day.
   *
   * @param days how many days the series has, today included; it begins with the log at the
   *     earliest
   */
  @GET
  @Path("{id}")
  @Read(inSession = false)
  public Uni<WholeView> get(
      @PathParam("id") String id,
      @QueryParam("days") @DefaultValue("30") @Min(1) @Max(90) Integer days) {
    Kpi kpi = require(id);
    Instant now = clock.instant();
    return reading(
        now,
        (connection, standing) ->
            view(connection, standing, kpi, now)
                .chain(
                    view ->
                        series(connection, standing, kpi, now, days)
                            .map(series -> new WholeView(view, kpi.query(), series))));
  }

  /**
   * The objects behind a figure, by id, each with its amount and the entry of the log that made it
   * so. Where time passes their amounts change from page to page, and no object is left out.
   *
   * @param amount those with this amount alone, such as 0 for what does not count in a share
   */
  @GET
  @Path("{id}/objects")
  @Read(inSession = false)
  public Uni<RestResponse<Answer.Page<BehindView>>> objects(
      @PathParam("id") String id,
      @QueryParam("amount") Integer amount,
      @QueryParam("limit") @DefaultValue("50") @Min(1) @Max(200) Integer limit,
      @QueryParam("after")
          @Pattern(regexp = "[0-9A-Za-z.-]{1,40}", message = "is where a Link leads")
          String after,
      @Context UriInfo uri) {
    Kpi kpi = require(id);
    Instant now = clock.instant();
    return reading(
        now,
        (connection, standing) ->
            standing.isWhole || kpi.about().reads().isEmpty()
                ? run(connection, "set local statement_timeout = '" + MORE_TIME + "'")
                    .chain(
                        () ->
                            rows(
                                connection,
                                kpi.behind(),
                                Tuple.of(
                                    utc(now),
                                    amount == null ? null : amount.doubleValue(),
                                    after,
                                    limit + 1,
                                    kinds()),
                                KpiResource::behind))
                    .onFailure(KpiResource::isRefused)
                    .transform(failure -> Problem.unavailable(FAILS.en() + "."))
                    .map(rows -> Paging.page(uri, rows, limit, BehindView::id, Answer.Page::new))
                : Uni.createFrom().failure(Problem.unavailable(UNREAD.en() + ".")));
  }

  private String[] kinds() {
    List<String> kinds = readers.kinds();
    return kinds == null ? null : kinds.toArray(String[]::new);
  }

  private boolean isReader(Level level) {
    return level == Level.OPERATIONAL || actor.hasRole(CISO) || actor.hasRole(AUDITOR);
  }

  private void requireReader(Level level) {
    if (!isReader(level)) {
      throw Problem.forbidden(
          "Strategic and steering figures are for the CISO and auditors. Ask for level=OPERATIONAL.");
    }
  }

  private Kpi require(String id) {
    Kpi kpi = kpis.require(id);
    requireReader(kpi.about().level());
    return kpi;
  }

  /**
   * The client's own transactions end with the first failure, whatever is undone to a savepoint.
   */
  private <T> Uni<T> reading(Instant now, BiFunction<SqlConnection, Standing, Uni<T>> work) {
    return database.withConnection(
        connection ->
            run(connection, BEGIN)
                .chain(() -> run(connection, "set local statement_timeout = '" + FIGURE_TIME + "'"))
                .chain(() -> standing(connection, now))
                .chain(standing -> work.apply(connection, standing))
                .call(() -> run(connection, "commit"))
                .onFailure()
                .call(() -> run(connection, "rollback")));
  }

  private static Uni<Void> run(SqlConnection connection, String statement) {
    return connection.query(statement).execute().replaceWithVoid();
  }

  private Uni<Standing> standing(SqlConnection connection, Instant now) {
    return connection
        .preparedQuery(STANDING)
        .execute(Tuple.of(controls.reading(), utc(now.minus(ControlResource.DELAY))))
        .map(
            rows -> {
              Row row = rows.iterator().next();
              return new Standing(
                  row.getBoolean("is_whole"),
                  row.getBoolean("is_read"),
                  row.getBoolean("is_judged"),
                  row.getLocalDate("begins"));
            });
  }

  private Uni<KpiView> view(SqlConnection connection, Standing standing, Kpi kpi, Instant now) {
    return figure(connection, standing, kpi, now)
        .map(
            figure ->
                new KpiView(
                    kpi.id(),
                    kpi.about().level(),
                    kpi.about().title(),
                    kpi.about().explanation(),
                    kpi.about().unit(),
                    kpi.about().measure(),
                    kpi.about().better(),
                    kpi.about().target(),
                    figure.value,
                    figure.unknown,
                    figure.objects,
                    figure.unmeasured,
                    now,
                    standing.isWhole
                        && standing.isRead
                        && (standing.isJudged || !kpi.about().rules())
                        && figure.objects != null,
                    kpi.about().history()));
  }

  /** A query that fails costs its own figure alone. */
  private Uni<Figure> figure(SqlConnection connection, Standing standing, Kpi kpi, Instant now) {
    if (!standing.isWhole && !kpi.about().reads().isEmpty()) {
      return Uni.createFrom().item(unknown(Why.LOG_UNREAD, UNREAD, null));
    }
    return apart(
            connection,
            connection.preparedQuery(kpi.figure()).execute(Tuple.of(utc(now))),
            "figure " + kpi.id())
        .map(rows -> figure(kpi, rows.iterator().next()))
        .onFailure(KpiResource::isRefused)
        .recoverWithItem(failure -> unknown(Why.QUERY_FAILS, FAILS, failure.getMessage()));
  }

  private static Figure figure(Kpi kpi, Row row) {
    Double value = value(kpi, row);
    return new Figure(
        value,
        value == null ? new Unknown(Why.NOTHING, kpi.about().nothing(), null) : null,
        row.getLong("objects"),
        row.getLong("unmeasured"));
  }

  private static Double value(Kpi kpi, Row row) {
    Double value = row.getDouble("value");
    return value == null && kpi.about().nothing() == null ? Double.valueOf(0) : value;
  }

  private static Figure unknown(Why why, Text says, String failure) {
    return new Figure(
        null,
        new Unknown(
            why,
            says,
            failure == null ? null : failure.substring(0, Math.min(FAILURE, failure.length()))),
        null,
        null);
  }

  private Uni<List<DayView>> series(
      SqlConnection connection, Standing standing, Kpi kpi, Instant now, int days) {
    LocalDate begins = standing.begins;
    if (!kpi.about().history()
        || begins == null
        || !standing.isWhole && !kpi.about().reads().isEmpty()) {
      return Uni.createFrom().nullItem();
    }
    LocalDate first = utc(now).toLocalDate().minusDays(days - 1L);
    return run(connection, "set local statement_timeout = '" + MORE_TIME + "'")
        .chain(
            () ->
                apart(
                    connection,
                    rows(
                        connection,
                        kpi.series(),
                        Tuple.of(utc(now), begins.isAfter(first) ? begins : first),
                        row ->
                            new DayView(
                                row.getLocalDate("day"), value(kpi, row), row.getLong("objects"))),
                    "series of " + kpi.id()))
        .onFailure(KpiResource::isRefused)
        .recoverWithNull();
  }

  /** What fails is undone by itself, and told once. */
  private <T> Uni<T> apart(SqlConnection connection, Uni<T> work, String what) {
    return run(connection, "savepoint apart")
        .chain(() -> work)
        .call(() -> run(connection, "release savepoint apart"))
        .invoke(() -> failing.remove(what))
        .onFailure(KpiResource::isRefused)
        .call(
            failure -> {
              if (failing.add(what)) {
                LOG.errorf("The query of %s fails: %s", what, failure.getMessage());
              }
              return run(connection, "rollback to savepoint apart");
            });
  }

  private static boolean isRefused(Throwable failure) {
    return failure instanceof PgException && !DatabaseAway.is(failure);
  }

  private static <T> Uni<List<T>> rows(
      SqlConnection connection, String query, Tuple parameters, Function<Row, T> view) {
    return connection
        .preparedQuery(query)
        .execute(parameters)
        .map(
            rows -> {
              List<T> views = new ArrayList<>();
              rows.forEach(row -> views.add(view.apply(row)));
              return views;
            });
  }

  private static BehindView behind(Row row) {
    return new BehindView(
        row.getString("kind"),
        row.getString("id"),
        row.getDouble("amount"),
        row.getDouble("whole"),
        row.getLong("entry"),
        row.getUUID("event"));
  }

  private static OffsetDateTime utc(Instant time) {
    return time.atOffset(ZoneOffset.UTC);
  }
}
