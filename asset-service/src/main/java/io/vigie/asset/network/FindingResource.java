package io.vigie.asset.network;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.netty.util.NetUtil;
import io.smallrye.mutiny.Uni;
import io.vigie.asset.network.Traffic.Sighting;
import io.vigie.kernel.Problem;
import io.vigie.kernel.outbox.Outbox;
import io.vigie.kernel.web.Answer;
import io.vigie.kernel.web.Command;
import io.vigie.kernel.web.Filter;
import io.vigie.kernel.web.Paging;
import io.vigie.kernel.web.Read;
import io.vigie.kernel.web.Sorting;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.jboss.resteasy.reactive.RestResponse;

import static io.vigie.kernel.security.Roles.ASSET_MANAGER;
import static io.vigie.kernel.security.Roles.AUDITOR;
import static io.vigie.kernel.security.Roles.CISO;
import static io.vigie.kernel.security.Roles.SYSADMIN;
import static io.vigie.kernel.security.Roles.TOOL;

/** What was seen on the network, and what of it should not be. */
@Path("/v1")
public class FindingResource {

  private static final int MAX_LINES = 20_000;
  private static final int HIGHEST_PORT = 65_535;

  /** A time that is ahead by less counts as now. */
  private static final Duration CLOCKS_DIFFER = Duration.ofMinutes(5);

  record Dismissal(@NotBlank @Size(max = 2_000) String reason) {}

  @Schema(name = "NetworkFinding")
  record View(UUID id, @JsonUnwrapped Finding.State finding, long version) {
    static View of(Finding finding) {
      return new View(finding.id(), finding.state(), finding.version());
    }
  }

  private static final Map<String, String> SORTS =
      Map.of(
          "rule", "%srule",
          "protocol", "%sprotocol",
          "openedAt", "%sopenedAt",
          "closedAt", "%sclosedAt");

  private final Traffic traffic;
  private final Outbox outbox;
  private final ObjectMapper json;
  private final Clock clock;

  FindingResource(Traffic traffic, Outbox outbox, ObjectMapper json, Clock clock) {
    this.traffic = traffic;
    this.outbox = outbox;
    this.json = json;
    this.clock = clock;
  }

  /**
   * Takes what a firewall or flow exporter saw, up to 20,000 lines: source, destination, protocol
   * (TCP, UDP, ICMP), port of the destination (0 for ICMP), firstSeen, lastSeen, count. Clocks may
   * be ahead by five minutes. All or none.
   */
  @POST
  @Path("observed-flows")
  @RolesAllowed({ASSET_MANAGER, SYSADMIN, TOOL})
  @Consumes("application/x-ndjson")
  @Command
  @RequestBody(
      required = true,
      content =
          @Content(
              mediaType = "application/x-ndjson",
              schema = @Schema(type = SchemaType.STRING),
              example =
                  "one JSON object a line: source, destination, protocol, port, firstSeen, lastSeen,"
                      + " count"))
  public Uni<RestResponse<Traffic.Taken>> take(@NotNull byte[] body) {
    return traffic.take(sightings(body)).map(RestResponse::ok);
  }

  private List<Sighting> sightings(byte[] body) {
    List<Sighting> sightings = new ArrayList<>();
    Iterator<String> lines = new String(body, StandardCharsets.UTF_8).lines().iterator();
    while (lines.hasNext()) {
      String line = lines.next();
      if (!line.isBlank()) {
        if (sightings.size() == MAX_LINES) {
          throw Problem.badRequest("At most " + MAX_LINES + " lines are taken at once.");
        }
        sightings.add(sighting(line, sightings.size() + 1));
      }
    }
    return sightings;
  }

  private Sighting sighting(String line, int number) {
    try {
      Sighting told = json.readValue(line, Sighting.class);
      Instant now = clock.instant();
      if (told == null
          || told.protocol() == null
          || told.firstSeen() == null
          || told.lastSeen() == null
          || told.lastSeen().isBefore(told.firstSeen())
          || told.lastSeen().isAfter(now.plus(CLOCKS_DIFFER))
          || told.count() < 1
          || told.port() < 0
          || told.port() > HIGHEST_PORT
          || (told.port() == 0) != (told.protocol() == Flow.Protocol.ICMP)) {
        throw new IllegalArgumentException(line);
      }
      return new Sighting(
          address(told.source()),
          address(told.destination()),
          told.protocol(),
          told.port(),
          earlier(told.firstSeen(), now),
          earlier(told.lastSeen(), now),
          told.count());
    } catch (IOException | IllegalArgumentException e) {
      throw Problem.badRequest(
          "Line %d is no flow with addresses, protocol, port, times and a count. Nothing was taken."
              .formatted(number));
    }
  }

  private static Instant earlier(Instant one, Instant other) {
    return one.isBefore(other) ? one : other;
  }

  /** The address in its one form (RFC 5952); a name is none, and nobody is asked for it. */
  private static String address(String text) {
    InetAddress address = text == null ? null : NetUtil.createInetAddressFromIpAddressString(text);
    if (address == null) {
      throw new IllegalArgumentException(text);
    }
    return NetUtil.toAddressString(address);
  }

  @GET
  @Path("network-findings")
  @RolesAllowed({ASSET_MANAGER, SYSADMIN, CISO, AUDITOR})
  @Read
  public Uni<RestResponse<Answer.Page<View>>> list(
      @QueryParam("open") Boolean open,
      @QueryParam("rule") String rule,
      @QueryParam("fromZone") UUID fromZone,
      @QueryParam("toZone") UUID toZone,
      @QueryParam("toAsset") UUID toAsset,
      @Valid @BeanParam Sorting sorting,
      @Valid @BeanParam Paging paging) {
    Filter filter =
        new Filter()
            .equal("rule", rule)
            .equal("fromZone", fromZone)
            .equal("toZone", toZone)
            .equal("toAsset", toAsset)
            .after(paging, sorting, Finding.class, SORTS);
    if (open != null) {
      filter.where(open ? "closedAt is null" : "closedAt is not null");
    }
    return Finding.<Finding>find(filter.query(), filter.parameters())
        .range(0, paging.probe() - 1)
        .list()
        .map(findings -> paging.page(findings, Finding::id, View::of));
  }

  @GET
  @Path("network-findings/{id}")
  @RolesAllowed({ASSET_MANAGER, SYSADMIN, CISO, AUDITOR})
  @Read
  public Uni<RestResponse<View>> get(UUID id) {
    return Finding.require(id).map(finding -> Answer.ok(View.of(finding), finding.version()));
  }

  /** Somebody looked, and says why it is nothing. Seen again, it is found again. */
  @POST
  @Path("network-findings/{id}/dismissal")
  @RolesAllowed({ASSET_MANAGER, CISO})
  @Command
  public Uni<RestResponse<View>> dismiss(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch, @NotNull @Valid Dismissal body) {
    Instant now = clock.instant();
    return Finding.require(id, ifMatch)
        .call(
            finding ->
                outbox.append(finding, finding.close(Finding.End.DISMISSED, body.reason(), now)))
        .map(finding -> Answer.ok(View.of(finding), finding.version()));
  }
}
