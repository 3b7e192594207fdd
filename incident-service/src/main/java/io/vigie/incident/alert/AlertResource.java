package io.vigie.incident.alert;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.UriInfo;

import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Actor;
import io.vigie.kernel.outbox.Outbox;
import io.vigie.kernel.web.Answer;
import io.vigie.kernel.web.Command;
import io.vigie.kernel.web.Filter;
import io.vigie.kernel.web.History;
import io.vigie.kernel.web.Paging;
import io.vigie.kernel.web.Read;
import io.vigie.kernel.web.Sorting;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jboss.resteasy.reactive.RestResponse;

import static io.vigie.kernel.security.Roles.AUDITOR;
import static io.vigie.kernel.security.Roles.CISO;
import static io.vigie.kernel.security.Roles.RESPONDER;
import static io.vigie.kernel.security.Roles.SYSADMIN;

/** Alerts, and what responders and system administrators do about them. */
@Path("/v1/alerts")
public class AlertResource {

  private static final int LONGEST_GROUP = 500;

  @Schema(name = "AlertAcknowledgement")
  record Acknowledgement(@NotBlank @Size(max = 2_000) String note) {}

  @Schema(name = "AlertResolution")
  record Closing(@NotBlank @Size(max = 2_000) String note) {}

  /**
   * @param causeEvent the event of another service that it began with; null where monitoring told
   * @param causeSubject the object that this event is about, as {@code <kind>/<id>}
   * @param startedAt since when it is so, as its source says
   * @param detectedAfterSeconds from then until it was told here (R14.1)
   * @param firedAt since when it fires, or fired last
   * @param lastSeenAt when its source last said so
   * @param occurrences how often its source said so
   * @param flaps how often it came back soon after it was over
   * @param flapping its source's word does not resolve it at once any more
   * @param mails how many were asked for
   * @param nextMailAt null once it is resolved
   * @param heldBy the silence whose end mail waits for
   * @param group the terms that it has in common with others, with a blank between
   * @param escalations how many steps of the chain were told since it fired last
   * @param escalateAt when the next one is, unless somebody acknowledges it
   */
  @Schema(name = "Alert")
  record View(
      UUID id,
      AlertState state,
      String source,
      String rule,
      Severity severity,
      String fingerprint,
      Map<String, String> labels,
      String summary,
      String description,
      UUID asset,
      UUID causeEvent,
      String causeSubject,
      Instant startedAt,
      Instant receivedAt,
      long detectedAfterSeconds,
      Instant firedAt,
      Instant lastSeenAt,
      long occurrences,
      int flaps,
      boolean flapping,
      Instant acknowledgedAt,
      String acknowledgedBy,
      String acknowledgementNote,
      Instant resolvedAt,
      Resolution resolution,
      String resolvedBy,
      String resolutionNote,
      int mails,
      Instant nextMailAt,
      UUID heldBy,
      String group,
      int escalations,
      Instant escalateAt,
      long version) {

    static View of(Alert alert) {
      Alert.State state = alert.state();
      return new View(
          alert.id(),
          state.state(),
          state.source(),
          state.rule(),
          state.severity(),
          state.fingerprint(),
          alert.labels(),
          alert.summary(),
          alert.description(),
          state.asset(),
          state.causeEvent(),
          state.causeSubject(),
          state.startedAt(),
          state.receivedAt(),
          Duration.between(state.startedAt(), state.receivedAt()).toSeconds(),
          state.firedAt(),
          alert.lastSeenAt(),
          alert.occurrences(),
          alert.flaps(),
          state.flapping(),
          state.acknowledgedAt(),
          alert.acknowledgedBy(),
          alert.acknowledgementNote(),
          state.resolvedAt(),
          state.resolution(),
          alert.resolvedBy(),
          alert.resolutionNote(),
          alert.mails(),
          alert.nextMailAt(),
          alert.heldBy(),
          alert.groupKey(),
          alert.escalations(),
          alert.escalateAt(),
          alert.version());
    }
  }

  /**
   * What of a group is not over.
   *
   * @param severity the worst of its alerts
   * @param firing how many of them nobody looks after
   * @param since since when the first of them fires
   * @param lastSeenAt when a source last said so of one
   * @param mailedTogetherSince since when one mail tells of all of them; null where each has its
   *     own
   */
  @Schema(name = "AlertGroup")
  record GroupView(
      String group,
      Severity severity,
      long firing,
      long acknowledged,
      Instant since,
      Instant lastSeenAt,
      Instant mailedTogetherSince) {

    static GroupView of(AlertGroup group, List<AlertStorm> storms) {
      return new GroupView(
          group.key(),
          group.severity(),
          group.firing(),
          group.acknowledged(),
          group.since(),
          group.lastSeenAt(),
          storms.stream()
              .filter(storm -> storm.groupKey().equals(group.key()))
              .map(AlertStorm::since)
              .findFirst()
              .orElse(null));
    }
  }

  private static final Map<String, String> SORTS =
      Map.of(
          "summary", "lower(%ssummary)",
          "severity", Sorting.ranked("severity", Severity.values()),
          "state", "%sstate",
          "source", "%ssource",
          "rule", "%srule",
          "firedAt", "%sfiredAt");

  private final AlertIntake intake;
  private final AlertMail mail;
  private final Outbox outbox;
  private final History history;
  private final Actor actor;
  private final Clock clock;

  AlertResource(
      AlertIntake intake,
      AlertMail mail,
      Outbox outbox,
      History history,
      Actor actor,
      Clock clock) {
    this.intake = intake;
    this.mail = mail;
    this.outbox = outbox;
    this.history = history;
    this.actor = actor;
    this.clock = clock;
  }

  /**
   * In order of arrival.
   *
   * @param open those that are not over, or those that are
   */
  @GET
  @RolesAllowed({RESPONDER, SYSADMIN, CISO, AUDITOR})
  @Read
  public Uni<RestResponse<Answer.Page<View>>> list(
      @QueryParam("state") AlertState state,
      @QueryParam("open") Boolean open,
      @QueryParam("severity") Severity severity,
      @QueryParam("source") @Size(max = Signal.NAME) String source,
      @QueryParam("rule") @Size(max = Signal.NAME) String rule,
      @QueryParam("asset") UUID asset,
      @QueryParam("fingerprint") @Pattern(regexp = "[0-9a-f]{64}") String fingerprint,
      @QueryParam("flapping") Boolean flapping,
      @QueryParam("group") @Size(max = LONGEST_GROUP) String group,
      @Valid @BeanParam Sorting sorting,
      @Valid @BeanParam Paging paging) {
    Filter filter =
        new Filter()
            .equal("state", state)
            .equal("severity", severity)
            .equal("source", source)
            .equal("rule", rule)
            .equal("asset", asset)
            .equal("fingerprint", fingerprint)
            .equal("flapping", flapping)
            .equal("groupKey", group)
            .after(paging, sorting, Alert.class, SORTS);
    if (open != null) {
      filter.where(open ? "state <> RESOLVED" : "state = RESOLVED");
    }
    return Alert.<Alert>find(filter.query(), filter.parameters())
        .range(0, paging.probe() - 1)
        .list()
        .map(alerts -> paging.page(alerts, Alert::id, View::of));
  }

  /**
   * Groups of alerts that are not over, counted, in the order of their names.
   *
   * @param severity only alerts that have it are counted
   * @param after the group that a page begins after
   */
  @GET
  @Path("groups")
  @RolesAllowed({RESPONDER, SYSADMIN, CISO, AUDITOR})
  @Read
  public Uni<RestResponse<Answer.Page<GroupView>>> groups(
      @QueryParam("source") @Size(max = Signal.NAME) String source,
      @QueryParam("severity") Severity severity,
      @QueryParam("limit") @DefaultValue("50") @Min(1) @Max(200) Integer limit,
      @QueryParam("after") @Size(max = LONGEST_GROUP) String after,
      @Context UriInfo uri) {
    return AlertGroup.page(source, severity, after, limit + 1)
        .chain(
            groups ->
                AlertStorm.of(groups.stream().map(AlertGroup::key).toList())
                    .map(
                        storms ->
                            Paging.page(
                                uri,
                                groups.stream().map(each -> GroupView.of(each, storms)).toList(),
                                limit,
                                GroupView::group,
                                Answer.Page::new)));
  }

  @GET
  @Path("{id}")
  @RolesAllowed({RESPONDER, SYSADMIN, CISO, AUDITOR})
  @Read
  public Uni<RestResponse<View>> get(UUID id) {
    return Alert.require(id).map(AlertResource::ok);
  }

  /** Somebody looks after it: mail comes less often. Where it comes back, that holds no more. */
  @POST
  @Path("{id}/acknowledgement")
  @RolesAllowed({RESPONDER, SYSADMIN})
  @Command
  public Uni<RestResponse<View>> acknowledge(
      UUID id,
      @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch,
      @NotNull @Valid Acknowledgement body) {
    return Alert.require(id, ifMatch)
        .call(
            alert ->
                outbox.append(
                    alert,
                    alert.acknowledge(actor.id(), body.note(), intake.policy(), clock.instant())))
        .map(AlertResource::ok);
  }

  /** It is over, for sources that do not say so. One that says otherwise fires it again. */
  @POST
  @Path("{id}/resolution")
  @RolesAllowed({RESPONDER, SYSADMIN})
  @Command
  public Uni<RestResponse<View>> resolve(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch, @NotNull @Valid Closing body) {
    return Alert.require(id, ifMatch)
        .call(
            alert -> {
              AlertEvent resolved = alert.resolve(actor.id(), body.note(), clock.instant());
              // The receipt is of the first event, and what is stored of the mail is in its
              // version.
              Uni<Void> mailed = mail.over(List.of(alert));
              return outbox.append(alert, resolved).chain(() -> mailed);
            })
        .map(AlertResource::ok);
  }

  /** What happened to it, from the log, with each event's index in it. */
  @GET
  @Path("{id}/history")
  @RolesAllowed({RESPONDER, SYSADMIN, CISO, AUDITOR})
  @Read
  public Uni<RestResponse<Answer.Page<History.Entry>>> history(
      UUID id, @Valid @BeanParam History.Query query) {
    return history.of("monitoring-alert", id, query);
  }

  private static RestResponse<View> ok(Alert alert) {
    return Answer.ok(View.of(alert), alert.version());
  }
}
