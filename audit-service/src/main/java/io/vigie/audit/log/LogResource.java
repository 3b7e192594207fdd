package io.vigie.audit.log;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vigie.audit.checkpoint.Checkpoints;
import io.vigie.audit.intake.NumberRanges;
import io.vigie.audit.log.LogReader.Stored;
import io.vigie.audit.log.Search.Span;
import io.vigie.audit.room.Rooms;
import io.vigie.audit.search.Outcome;
import io.vigie.audit.tlog.Delivery;
import io.vigie.kernel.Problem;
import io.vigie.kernel.web.Answer;
import io.vigie.kernel.web.Read;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jboss.resteasy.reactive.RestResponse;

import static io.vigie.kernel.security.Roles.AUDITOR;
import static io.vigie.kernel.security.Roles.CISO;
import static io.vigie.kernel.security.Roles.THIRD_PARTY_AUDITOR;

/** What the log says; to an auditor from outside, what the audits cover that are open to them. */
@Path("/v1/log")
@RolesAllowed({AUDITOR, THIRD_PARTY_AUDITOR, CISO})
public class LogResource {

  private static final TypeReference<Map<String, String>> MEMBERS = new TypeReference<>() {};
  private static final int RUNS_SHOWN = 100;

  /**
   * @param first first number of a gapless run
   * @param last its last number
   */
  record Run(long first, long last) {}

  /**
   * @param subject the object whose events have these numbers; null where the source gave them
   * @param first first of the numbers that will not come
   * @param last the last one
   * @param reason what who acknowledged it said
   */
  record AcknowledgedView(
      String subject,
      long first,
      long last,
      String reason,
      String acknowledgedBy,
      Instant acknowledgedAt) {}

  /** One of them, and of which source. */
  private record Acknowledged(String source, AcknowledgedView view) {

    static Acknowledged of(Row row) {
      return new Acknowledged(
          row.getString("source"),
          new AcknowledgedView(
              row.getString("object"),
              row.getLong("first"),
              row.getLong("last"),
              row.getString("reason"),
              row.getString("acknowledged_by"),
              row.getOffsetDateTime("acknowledged_at").toInstant()));
    }
  }

  /**
   * @param announced the last number that the source said it has sent
   * @param missing how many of its numbers are not in the log, and not acknowledged
   * @param runs the numbers that are, the first {@value #RUNS_SHOWN} runs of them
   * @param acknowledged the gaps of which somebody said that they will not close, the first {@value
   *     #RUNS_SHOWN} of them, those among its own numbers before those of objects
   */
  record SourceView(
      String source,
      long last,
      long announced,
      long missing,
      List<Run> runs,
      List<AcknowledgedView> acknowledged,
      Instant heardAt) {}

  record LogView(
      String origin, long size, byte[] root, Instant updatedAt, List<SourceView> sources) {}

  /**
   * @param entry the members of the entry
   * @param leafHash {@code SHA-256(0x00 || canonical JSON of the entry)}
   */
  record EntryView(long index, Map<String, String> entry, byte[] leafHash) {}

  /**
   * @param canonical the entry's canonical JSON: its bytes are what the leaf hash covers
   * @param salt null, as {@code payload}, where it was erased
   */
  record WholeEntryView(
      long index,
      Map<String, String> entry,
      String canonical,
      byte[] leafHash,
      byte[] salt,
      byte[] payload) {}

  private final LogReader reader;
  private final Rooms rooms;
  private final Readings readings;
  private final ObjectMapper json;
  private final Delivery delivery;
  private final Checkpoints checkpoints;

  LogResource(
      LogReader reader,
      Rooms rooms,
      Readings readings,
      ObjectMapper json,
      Delivery delivery,
      Checkpoints checkpoints) {
    this.reader = reader;
    this.rooms = rooms;
    this.readings = readings;
    this.json = json;
    this.delivery = delivery;
    this.checkpoints = checkpoints;
  }

  /** How far the log is, and which of their numbers each source's events in it have. */
  @GET
  @RolesAllowed({AUDITOR, CISO})
  @Read(inSession = false)
  public Uni<LogView> log() {
    return reader
        .head()
        .chain(
            head ->
                sources()
                    .map(
                        sources ->
                            new LogView(
                                checkpoints.origin(),
                                head.size(),
                                head.root(),
                                head.updatedAt(),
                                sources)));
  }

  private Uni<List<SourceView>> sources() {
    return reader
        .rows(
            """
            select a.* from source s cross join lateral (
              select source, nullif(subject, '') as object, first, last, reason, acknowledged_by, acknowledged_at
              from gap_acknowledgement where source = s.name order by subject, first limit $1) a
            order by a.source, a.object nulls first, a.first""",
            List.of(RUNS_SHOWN),
            Acknowledged::of)
        .chain(
            acknowledged ->
                reader.rows(
                    """
                    select name, numbers::text, (numbers + acknowledged_numbers(name, ''))::text as settled,
                      announced, heard_at
                    from source order by name""",
                    List.of(),
                    row -> source(row, acknowledged)));
  }

  /**
   * Entries in the order of the log, or the newest first. A page may have fewer entries than asked
   * for, or none, and yet a {@code Link} to the next: a search takes a bounded number of steps, and
   * goes on from where it came to.
   *
   * @param actor the subject of a token, {@code system:<service>} or {@code anonymous}
   * @param subject an object, as {@code <kind>/<id>}: its own events
   * @param object an object, as {@code <kind>/<id>}: its own events and those that refer to it
   * @param rule a rule of the policy: the events that prove it
   * @param outcome {@code success}, {@code refused} or {@code alert}
   * @param q words that all stand in the names and reasons that the event gives
   * @param from events that happened at this time or later
   * @param to events that happened before this time
   */
  @GET
  @Path("entries")
  @Read(inSession = false)
  public Uni<RestResponse<Answer.Page<EntryView>>> search(
      @QueryParam("actor") @Size(max = 1_000) String actor,
      @QueryParam("subject") @Size(max = 1_000) String subject,
      @QueryParam("object") @Size(max = 1_000) String object,
      @QueryParam("type") @Size(max = 1_000) String type,
      @QueryParam("source") @Size(max = 1_000) String source,
      @QueryParam("rule") @Size(max = 10) String rule,
      @QueryParam("from") Instant from,
      @QueryParam("to") Instant to,
      @QueryParam("outcome")
          @Pattern(regexp = "success|refused|alert", message = "is success, refused or alert")
          String outcome,
      @QueryParam("q") @Size(max = 200) String q,
      @Valid @BeanParam LogPaging paging) {
    Search search =
        new Search()
            .with("actor", actor)
            .with("subject", subject)
            .with("type", type)
            .with("source", source)
            .ofTypes(rule == null ? null : rooms.provenBy(rule))
            .about(object)
            .saying(q)
            .cameOut(Outcome.of(outcome))
            .during(from, to);
    Span asked = paging.span();
    return rooms
        .reach()
        .chain(
            reach ->
                reader
                    .during(reach.from(from), reach.to(to))
                    .map(asked::and)
                    .chain(
                        span ->
                            reader.find(search.within(reach), span, paging.up(), paging.limit())))
        .map(page -> paging.answer(page, this::view));
  }

  /** One entry with its payload. That it was read goes into the log too. */
  @GET
  @Path("entries/{index}")
  @Read(inSession = false)
  public Uni<WholeEntryView> get(@PathParam("index") String index) {
    long asked = Indexes.inPath(index);
    return rooms
        .reaches(asked)
        .chain(reaches -> reaches ? reader.whole(asked) : Uni.createFrom().item(List.<Stored>of()))
        .map(
            rows -> {
              if (rows.isEmpty()) {
                throw Problem.notFound("The log has no entry with this index.");
              }
              return rows.get(0);
            })
        .call(row -> readings.record(row.index(), row.index()))
        .map(this::wholeView);
  }

  /**
   * The entry of an event. 202 while it may still be on its way, 404 when it never was committed,
   * or was lost and somebody said so.
   */
  @GET
  @Path("entries/by-event/{eventId}")
  @APIResponse(
      responseCode = "200",
      description = "The event is in the log",
      content =
          @Content(
              mediaType = "application/json",
              schema = @Schema(implementation = EntryView.class)))
  @APIResponse(
      responseCode = "202",
      description = "It may be on its way: ask again after Retry-After")
  @Read(inSession = false)
  public Uni<RestResponse<EntryView>> ofEvent(@PathParam("eventId") UUID eventId) {
    return reader
        .indexOf(eventId)
        .chain(index -> index == null ? delivery.<EntryView>notLogged(eventId) : within(index));
  }

  private Uni<RestResponse<EntryView>> within(long index) {
    return rooms
        .reaches(index)
        .chain(
            reaches -> {
              if (!reaches) {
                throw Delivery.never();
              }
              return reader.at(index);
            })
        .map(rows -> RestResponse.ok(view(rows.get(0))));
  }

  private EntryView view(Stored row) {
    return new EntryView(row.index(), members(row), row.leaf());
  }

  private WholeEntryView wholeView(Stored row) {
    return new WholeEntryView(
        row.index(),
        members(row),
        new String(row.canonical(), StandardCharsets.UTF_8),
        row.leaf(),
        row.salt(),
        row.body());
  }

  private Map<String, String> members(Stored row) {
    try {
      return json.readValue(row.canonical(), MEMBERS);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "entry " + row.index() + " is no JSON any more: the log was changed", e);
    }
  }

  private static SourceView source(Row row, List<Acknowledged> acknowledged) {
    String name = row.getString("name");
    NumberRanges numbers = NumberRanges.parse(row.getString("numbers"));
    long announced = row.getLong("announced");
    return new SourceView(
        name,
        numbers.last(),
        announced,
        NumberRanges.parse(row.getString("settled")).missing(Math.max(announced, numbers.last())),
        numbers.runs().entrySet().stream()
            .limit(RUNS_SHOWN)
            .map(run -> new Run(run.getKey(), run.getValue()))
            .toList(),
        acknowledged.stream()
            .filter(gap -> gap.source.equals(name))
            .map(Acknowledged::view)
            .toList(),
        row.getOffsetDateTime("heard_at").toInstant());
  }
}
