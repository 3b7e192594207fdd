package io.vigie.audit.control;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import io.vigie.audit.audit.EvidenceRequest;
import io.vigie.audit.control.ControlResource.ControlView;
import io.vigie.audit.control.Evidence.Covered;
import io.vigie.audit.control.Evidence.Found;
import io.vigie.audit.control.Evidence.Receipt;
import io.vigie.audit.room.Rooms;
import io.vigie.audit.room.Scope;
import io.vigie.kernel.web.Read;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

import static io.vigie.kernel.security.Roles.AUDITOR;
import static io.vigie.kernel.security.Roles.CISO;
import static io.vigie.kernel.security.Roles.THIRD_PARTY_AUDITOR;

/** Where an auditor finds what they came for: the rules of their audit, and the evidence. */
@Path("/v1/audits/{id}/room")
public class RoomResource {

  /**
   * What lies in the room of an audit.
   *
   * @param clients whom what is done must be done for; empty for all of them
   * @param periodFrom events that happened at this time or later
   * @param periodUntil events that happened before this time
   * @param at when it was so
   * @param evidence how many entries of the log the audit covers, up to 10,000
   * @param entries where they are found
   * @param controls the rules in scope, in the order of the policy; none where clients alone are
   * @param requests the evidence that was asked for, in that order, up to 200
   * @param pack where what the answers name is had in one archive, with the proofs
   */
  @Schema(name = "AuditRoom")
  record RoomView(
      UUID audit,
      String title,
      List<String> rules,
      List<UUID> clients,
      Instant periodFrom,
      Instant periodUntil,
      Instant at,
      long evidence,
      String entries,
      List<RuleView> controls,
      List<RequestView> requests,
      String pack) {}

  /**
   * A rule in scope.
   *
   * @param control where it stands, for all objects, whoever they belong to
   * @param evidence how many of the entries prove it, up to 10,000
   * @param last the last of them; null where there is none
   */
  @Schema(name = "AuditRoomControl")
  record RuleView(ControlView control, long evidence, String entries, EntryView last) {}

  /**
   * An entry of the log.
   *
   * @param entry where it is read
   * @param proof where it is had with the proof that it is in the log
   */
  @Schema(name = "AuditRoomEntry")
  record EntryView(long index, byte[] leafHash, String entry, String proof) {}

  /**
   * Evidence that was asked for.
   *
   * @param entries those that its answer names, with their proofs
   */
  @Schema(name = "AuditRoomRequest")
  record RequestView(EvidenceRequest.View request, List<EntryView> entries) {}

  private static final String ENTRIES = "/v1/log/entries";

  private final Rooms rooms;
  private final ControlResource controls;
  private final Evidence evidence;
  private final Clock clock;

  RoomResource(Rooms rooms, ControlResource controls, Evidence evidence, Clock clock) {
    this.rooms = rooms;
    this.controls = controls;
    this.evidence = evidence;
    this.clock = clock;
  }

  /**
   * The rules that an audit has in its scope, as they stand now, what the log has of evidence in
   * its period, and the evidence that was asked for, with its answers. For its auditor while it is
   * open, and for the CISO; an auditor from outside who follows the links reads what the audit
   * covers and no more.
   */
  @GET
  @RolesAllowed({AUDITOR, THIRD_PARTY_AUDITOR, CISO})
  @Read(inSession = false)
  public Uni<RoomView> room(@PathParam("id") UUID id) {
    return rooms
        .scope(id)
        .chain(
            scope ->
                evidence
                    .in(scope)
                    .chain(
                        covered ->
                            requests(scope)
                                .chain(
                                    requests ->
                                        controls
                                            .views()
                                            .map(views -> view(scope, covered, views, requests)))));
  }

  /** In a session that ends before another connection is asked for. */
  private Uni<List<RequestView>> requests(Scope scope) {
    return Panache.withSession(() -> EvidenceRequest.of(scope.audit()))
        .chain(
            requests ->
                evidence
                    .of(
                        scope,
                        requests.stream().flatMap(request -> request.entries().stream()).toList())
                    .map(
                        receipts ->
                            requests.stream().map(request -> view(request, receipts)).toList()));
  }

  private static RequestView view(EvidenceRequest.View request, Map<Long, Receipt> receipts) {
    return new RequestView(
        request,
        request.entries().stream()
            .map(receipts::get)
            .filter(Objects::nonNull)
            .map(RoomResource::view)
            .toList());
  }

  private RoomView view(
      Scope scope, Covered covered, List<ControlView> views, List<RequestView> requests) {
    String period = "from=" + scope.from() + "&to=" + scope.until();
    return new RoomView(
        scope.audit(),
        scope.title(),
        scope.rules(),
        scope.clients(),
        scope.from(),
        scope.until(),
        clock.instant(),
        covered.count(),
        ENTRIES + "?" + period,
        views.stream()
            .filter(view -> scope.rules().contains(view.rule()))
            .map(
                view ->
                    view(
                        view,
                        period,
                        covered.byRule().getOrDefault(view.rule(), new Found(0, null))))
            .toList(),
        requests,
        "/v1/log/evidence?audit=" + scope.audit());
  }

  private static RuleView view(ControlView control, String period, Found found) {
    return new RuleView(
        control,
        found.count(),
        ENTRIES + "?rule=" + control.rule() + "&" + period,
        found.last() == null ? null : view(found.last()));
  }

  private static EntryView view(Receipt entry) {
    String path = ENTRIES + "/" + entry.index();
    return new EntryView(entry.index(), entry.leafHash(), path, path + "/tlog-proof");
  }
}
