package io.vigie.console.audit;

import java.net.URI;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.Period;
import java.util.List;
import java.util.UUID;

import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

import io.quarkus.qute.TemplateInstance;
import io.smallrye.mutiny.Uni;
import io.vigie.console.page.Roles;
import io.vigie.console.page.Viewer;
import io.vigie.console.service.AuditRooms;
import io.vigie.console.service.AuditRooms.Audit;
import io.vigie.console.service.AuditRooms.AuditState;
import io.vigie.console.service.AuditRooms.EvidenceRequest;
import io.vigie.console.service.AuditRooms.Finding;
import io.vigie.console.service.AuditRooms.NewRequest;
import io.vigie.console.service.AuditRooms.RequestState;
import io.vigie.console.service.AuditRooms.Room;
import io.vigie.console.service.AuditRooms.RoomEntry;
import io.vigie.console.service.Items;
import org.eclipse.microprofile.rest.client.inject.RestClient;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.RestForm;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;

/** Audits, and what an auditor finds and asks for in the room of one. */
@Path("/audits")
@RolesAllowed({Roles.CISO, Roles.AUDITOR, Roles.THIRD_PARTY_AUDITOR})
@Produces(MediaType.TEXT_HTML)
public class AuditResource {

  /**
   * A request that waits for an answer.
   *
   * @param isLate whether it was due before now; as of a {@link Line}
   */
  record Waiting(EvidenceRequest request, boolean isLate) {}

  /**
   * A request in a room.
   *
   * @param entries those that its answer names
   */
  record Line(EvidenceRequest request, List<RoomEntry> entries, boolean isLate) {}

  /**
   * @param state which audits are shown; null for all
   * @param next what the next page of audits begins after; null where there is none
   * @param waiting for the CISO, what is to be answered; null where that is not known
   * @param nextWaiting what the next page of it begins after; null where there is none
   */
  record Audits(
      List<Audit> audits,
      List<AuditState> states,
      AuditState state,
      UUID next,
      List<Waiting> waiting,
      UUID nextWaiting)
      implements TemplateInstance {}

  /**
   * What somebody asks for.
   *
   * @param rule empty where it is about none; as is {@code object}
   * @param due a day, until whose end it should be answered
   * @param key made with the form: sent twice, it is asked for once
   */
  record Draft(
      @RestForm String text,
      @RestForm String rule,
      @RestForm String object,
      @RestForm String due,
      @RestForm String key) {}

  /**
   * @param room null where it does not answer; then {@code requests} is empty
   * @param findings null where they are not told
   * @param asks whether who looks may ask for evidence now
   * @param today the first day by which something can be due
   * @param receipt of what was asked for just now; null where that is not known
   * @param refusal null for a page that nothing was sent to
   */
  record AuditRoom(
      Audit audit,
      Room room,
      List<Finding> findings,
      List<Line> requests,
      boolean asks,
      Draft draft,
      LocalDate today,
      UUID receipt,
      Refusal refusal)
      implements TemplateInstance {}

  private static final Logger LOG = Logger.getLogger(AuditResource.class);

  /** No audit has more by far. */
  private static final int MOST_FINDINGS = 200;

  /** Unless the auditor says otherwise. */
  private static final Period TIME_TO_ANSWER = Period.ofWeeks(2);

  private final AuditRooms audits;
  private final Viewer viewer;
  private final Clock clock;

  AuditResource(@RestClient AuditRooms audits, Viewer viewer, Clock clock) {
    this.audits = audits;
    this.viewer = viewer;
    this.clock = clock;
  }

  /**
   * Audits as audit-service lets who looks see them; for the CISO, with what waits for an answer.
   *
   * @param after the last audit that was seen; null for the first page
   * @param afterRequest the last request that was seen; null for the first page
   */
  @GET
  public Uni<TemplateInstance> list(
      @RestQuery String state, @RestQuery UUID after, @RestQuery UUID afterRequest) {
    AuditState of = state(state);
    return Uni.combine()
        .all()
        .unis(audits.audits(of, after), waiting(afterRequest))
        .with(
            (found, waiting) ->
                new Audits(
                    found.getEntity().items(),
                    List.of(AuditState.values()),
                    of,
                    next(found, found.getEntity().items().stream().map(Audit::id).toList()),
                    waiting == null ? null : waiting(waiting.getEntity().items()),
                    waiting == null
                        ? null
                        : next(
                            waiting,
                            waiting.getEntity().items().stream()
                                .map(EvidenceRequest::id)
                                .toList())));
  }

  /** Null for any, and for one that there is not. */
  private static AuditState state(String name) {
    for (AuditState state : AuditState.values()) {
      if (state.name().equals(name)) {
        return state;
      }
    }
    return null;
  }

  private Uni<RestResponse<Items<EvidenceRequest>>> waiting(UUID after) {
    return viewer.isCiso()
        ? audits
            .requests(true, after)
            .onFailure()
            .invoke(failure -> LOG.warnf("audit-service does not say what waits: %s", failure))
            .onFailure()
            .recoverWithNull()
        : Uni.createFrom().nullItem();
  }

  private List<Waiting> waiting(List<EvidenceRequest> requests) {
    Instant now = clock.instant();
    return requests.stream()
        .map(request -> new Waiting(request, request.dueAt().isBefore(now)))
        .toList();
  }

  private static UUID next(RestResponse<?> answer, List<UUID> shown) {
    return answer.getHeaderString("Link") == null || shown.isEmpty()
        ? null
        : shown.get(shown.size() - 1);
  }

  /**
   * The room of an audit.
   *
   * @param receipt of what was asked for just now; null for nothing
   */
  @GET
  @Path("{id}")
  public Uni<TemplateInstance> room(@RestPath UUID id, @RestQuery UUID receipt) {
    Draft draft =
        new Draft(
            "", "", "", today().plus(TIME_TO_ANSWER).toString(), UUID.randomUUID().toString());
    return page(id, draft, receipt, null).map(page -> page);
  }

  private Uni<AuditRoom> page(UUID id, Draft draft, UUID receipt, Refusal refusal) {
    return Uni.combine()
        .all()
        .unis(audits.audit(id), told(audits.room(id)), told(audits.findings(id, MOST_FINDINGS)))
        .with(
            (audit, room, findings) ->
                new AuditRoom(
                    audit,
                    room,
                    findings == null ? null : findings.items(),
                    lines(room),
                    asks(audit),
                    draft,
                    today(),
                    receipt,
                    refusal));
  }

  private List<Line> lines(Room room) {
    Instant now = clock.instant();
    return room == null
        ? List.of()
        : room.requests().stream()
            .map(
                each ->
                    new Line(
                        each.request(),
                        each.entries(),
                        each.request().state() == RequestState.ASKED
                            && each.request().dueAt().isBefore(now)))
            .toList();
  }

  /** Null where there is one and yet it does not answer, as when counting takes too long. */
  private static <T> Uni<T> told(Uni<T> part) {
    return part.onFailure(failure -> Refusal.of(failure) != null)
        .invoke(failure -> LOG.warnf("A part of a room does not answer: %s", failure))
        .onFailure(failure -> Refusal.of(failure) != null)
        .recoverWithNull();
  }

  private boolean asks(Audit audit) {
    Instant now = clock.instant();
    return audit.state() == AuditState.BEGUN
        && audit.auditor().equals(viewer.account())
        && !now.isBefore(audit.periodFrom())
        && now.isBefore(audit.periodUntil());
  }

  private LocalDate today() {
    return LocalDate.ofInstant(clock.instant(), viewer.zone());
  }

  /** Asks for evidence. */
  @POST
  @Path("{id}")
  public Uni<RestResponse<Object>> ask(@RestPath UUID id, @BeanParam Draft draft) {
    Instant due = endOf(draft.due());
    if (isBlank(draft.text()) || isBlank(draft.key())) {
      return again(id, draft, Refusal.of(Refusal.Why.INCOMPLETE));
    }
    if (due == null) {
      return again(id, draft, Refusal.of(Refusal.Why.BAD_DAY));
    }
    return audits
        .ask(
            draft.key(),
            new NewRequest(
                id, orNull(draft.rule()), orNull(draft.object()), typed(draft.text()), due))
        .map(asked -> done("/audits/" + id, asked))
        .onFailure(failure -> Refusal.of(failure) != null)
        .recoverWithUni(failure -> again(id, draft, Refusal.of(failure)));
  }

  /** Null for what is no day. */
  private Instant endOf(String day) {
    try {
      return day == null
          ? null
          : LocalDate.parse(day).atTime(LocalTime.of(23, 59)).atZone(viewer.zone()).toInstant();
    } catch (DateTimeException e) {
      return null;
    }
  }

  private Uni<RestResponse<Object>> again(UUID id, Draft draft, Refusal refusal) {
    return page(id, draft, null, refusal).map(page -> html(refusal, page));
  }

  static boolean isBlank(String text) {
    return text == null || text.isBlank();
  }

  static String orNull(String text) {
    return isBlank(text) ? null : text.strip();
  }

  /** A browser counts the end of a line once, and sends it as two. */
  static String typed(String text) {
    return text.replace("\r\n", "\n").strip();
  }

  /** To the page where it shows, with its receipt. */
  static RestResponse<Object> done(String path, RestResponse<?> answer) {
    String receipt = answer.getHeaderString("Vigie-Receipt");
    return ResponseBuilder.<Object>seeOther(
            URI.create(path + (receipt == null ? "" : "?receipt=" + receipt.replaceAll(".*/", ""))))
        .build();
  }

  static RestResponse<Object> html(Refusal refusal, Object page) {
    return ResponseBuilder.<Object>create(refusal.status())
        .entity(page)
        .type(MediaType.TEXT_HTML_TYPE)
        .build();
  }
}
