package io.vigie.console.register;

import java.time.Clock;
import java.time.Instant;
import java.util.List;

import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.mutiny.Uni;
import io.vigie.console.page.Roles;
import io.vigie.console.register.Services.Answer;

/** Which zones of the network may talk to which. */
@Path("/network")
@RolesAllowed(Roles.STAFF)
@Produces(MediaType.TEXT_HTML)
public class NetworkResource {

  record Way(String id, String what) {}

  record Zone(String id, String name) {}

  /**
   * A line of the matrix.
   *
   * @param ways to each zone of the columns
   */
  record From(Zone zone, List<List<Way>> ways) {}

  /**
   * @param to the zones of the columns
   * @param quiet how many zones no flow leaves or reaches
   * @param isCut whether there is more than is shown
   */
  record Matrix(List<Zone> to, List<From> lines, long quiet, boolean isCut)
      implements TemplateInstance {}

  /** A table of more cannot be read; the register of flows has all. */
  private static final int MOST = 40;

  private final Services services;
  private final Clock clock;

  NetworkResource(Services services, Clock clock) {
    this.services = services;
    this.clock = clock;
  }

  @GET
  public Uni<TemplateInstance> matrix() {
    return Uni.combine()
        .all()
        .unis(
            services.get("asset", "/v1/zones?retired=false&limit=200"),
            services.get("asset", "/v1/flows?stage=APPROVED&limit=200"))
        .asTuple()
        .map(both -> matrix(both.getItem1(), both.getItem2()));
  }

  private Matrix matrix(Answer zones, Answer flows) {
    if (!zones.isOk() || !flows.isOk()) {
      throw new NotFoundException();
    }
    List<Zone> all =
        zones.items().stream()
            .map(zone -> new Zone(zone.path("id").asText(), zone.path("name").asText()))
            .toList();
    List<JsonNode> inForce = flows.items().stream().filter(this::isInForce).toList();
    List<Zone> from = touched(all, inForce, "fromZone");
    List<Zone> to = touched(all, inForce, "toZone");
    List<Zone> shownFrom = from.subList(0, Math.min(MOST, from.size()));
    List<Zone> shownTo = to.subList(0, Math.min(MOST, to.size()));
    return new Matrix(
        shownTo,
        shownFrom.stream()
            .map(
                zone ->
                    new From(
                        zone, shownTo.stream().map(other -> ways(inForce, zone, other)).toList()))
            .toList(),
        all.stream().filter(zone -> !from.contains(zone) && !to.contains(zone)).count(),
        zones.next() != null || flows.next() != null || from.size() > MOST || to.size() > MOST);
  }

  /** An exception stays approved when it is over, and allows nothing any more. */
  private boolean isInForce(JsonNode flow) {
    JsonNode end = flow.path("validUntil");
    return !end.isTextual() || Instant.parse(end.asText()).isAfter(clock.instant());
  }

  private static List<Zone> touched(List<Zone> zones, List<JsonNode> flows, String end) {
    return zones.stream()
        .filter(zone -> flows.stream().anyMatch(flow -> zone.id().equals(flow.path(end).asText())))
        .toList();
  }

  private static List<Way> ways(List<JsonNode> flows, Zone from, Zone to) {
    return flows.stream()
        .filter(flow -> flow.path("fromZone").asText().equals(from.id()))
        .filter(flow -> flow.path("toZone").asText().equals(to.id()))
        .map(
            flow ->
                new Way(
                    flow.path("id").asText(),
                    (flow.path("protocol").asText() + " " + flow.path("ports").asText()).strip()))
        .toList();
  }
}
