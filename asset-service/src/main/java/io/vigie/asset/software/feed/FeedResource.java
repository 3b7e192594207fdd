package io.vigie.asset.software.feed;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;

import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Problem;
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

import static io.vigie.kernel.security.Roles.ASSET_MANAGER;
import static io.vigie.kernel.security.Roles.AUDITOR;
import static io.vigie.kernel.security.Roles.CISO;
import static io.vigie.kernel.security.Roles.STAFF;
import static io.vigie.kernel.security.Roles.SYSADMIN;
import static io.vigie.kernel.security.Roles.TOOL;

/** The feeds that are read, and whether they are. */
@Path("/v1/feeds")
public class FeedResource {

  /**
   * A feed to be read.
   *
   * @param url of an RSS or Atom document; for {@code CSAF} of the {@code changes.csv} of a
   *     directory, or of a ROLIE feed; for {@code OSV} of a {@code modified_id.csv}. Documents that
   *     these name lie on the same host
   * @param topic what it brings news of; left out, {@code THREATS}
   * @param format left out, {@code NEWS}
   */
  @Schema(name = "FeedRegistration")
  record Registration(
      @NotBlank @Size(max = 200) String name,
      @NotBlank @Size(max = 1_000) String url,
      FeedTopic topic,
      FeedFormat format) {

    Registration {
      topic = topic == null ? FeedTopic.THREATS : topic;
      format = format == null ? FeedFormat.NEWS : format;
    }
  }

  @Schema(name = "FeedEnding")
  record Ending(@NotBlank @Size(max = 2_000) String reason) {}

  /**
   * A feed.
   *
   * @param readAt when it was read last
   * @param onTime whether that is recent enough; always of one that ended
   * @param failure why the last reading failed; null where it did not
   */
  @Schema(name = "Feed")
  record View(
      UUID id,
      String name,
      String url,
      FeedTopic topic,
      FeedFormat format,
      Instant registeredAt,
      Instant endedAt,
      Instant readAt,
      boolean onTime,
      Instant failingSince,
      String failure,
      long version) {}

  private static final Map<String, String> SORTS =
      Map.of(
          "name", "lower(%sname)",
          "topic", "%stopic",
          "readAt", "%sreadAt",
          "failingSince", "%sfailingSince",
          "endedAt", "%sendedAt");

  private final FeedReader reader;
  private final FeedSettings settings;
  private final Outbox outbox;
  private final History history;
  private final Clock clock;

  FeedResource(
      FeedReader reader, FeedSettings settings, Outbox outbox, History history, Clock clock) {
    this.reader = reader;
    this.settings = settings;
    this.outbox = outbox;
    this.history = history;
    this.clock = clock;
  }

  /**
   * A feed, by its address; it is read from then on. What news say waits as notices, what an index
   * of advisories names is taken in, as if a tool brought it.
   */
  @POST
  @RolesAllowed(ASSET_MANAGER)
  @Command
  public Uni<RestResponse<View>> register(@NotNull @Valid Registration body) {
    requireAllowed(body.url());
    Feed feed = new Feed(body.name(), body.url(), body.topic(), body.format(), clock.instant());
    return outbox
        .append(feed, feed.registered())
        .map(done -> Answer.created("/v1/feeds/" + feed.id(), view(feed), feed.version()));
  }

  private void requireAllowed(String url) {
    String refusal;
    try {
      refusal = reader.refusal(new URI(url));
    } catch (URISyntaxException e) {
      refusal = "must be an https address";
    }
    if (refusal != null) {
      throw Problem.invalid(List.of(new Problem.FieldError("url", refusal)));
    }
  }

  /**
   * Feeds in order of registration.
   *
   * @param topic those of standards are the register of what the agency follows (R15.3)
   * @param onTime whether they were read on time (R11.9)
   */
  @GET
  @RolesAllowed({STAFF, TOOL})
  @Read
  public Uni<RestResponse<Answer.Page<View>>> list(
      @QueryParam("topic") FeedTopic topic,
      @QueryParam("ended") Boolean ended,
      @QueryParam("failing") Boolean failing,
      @QueryParam("onTime") Boolean onTime,
      @Valid @BeanParam Sorting sorting,
      @Valid @BeanParam Paging paging) {
    Filter filter = new Filter().equal("topic", topic).after(paging, sorting, Feed.class, SORTS);
    if (ended != null) {
      filter.where("endedAt is " + (ended ? "not null" : "null"));
    }
    if (failing != null) {
      filter.where("failingSince is " + (failing ? "not null" : "null"));
    }
    if (onTime != null) {
      filter.where(
          (onTime ? "not " : "") + "(endedAt is null and coalesce(readAt, registeredAt) < :late)");
      filter.parameters().put("late", clock.instant().minus(settings.lateAfter()));
    }
    return Feed.<Feed>find(filter.query(), filter.parameters())
        .range(0, paging.probe() - 1)
        .list()
        .map(feeds -> paging.page(feeds, Feed::id, this::view));
  }

  @GET
  @Path("{id}")
  @RolesAllowed({STAFF, TOOL})
  @Read
  public Uni<RestResponse<View>> get(UUID id) {
    return Feed.require(id).map(this::ok);
  }

  @POST
  @Path("{id}/ending")
  @RolesAllowed(ASSET_MANAGER)
  @Command
  public Uni<RestResponse<View>> end(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch, @NotNull @Valid Ending body) {
    return Feed.require(id, ifMatch)
        .call(feed -> outbox.append(feed, feed.end(body.reason(), clock.instant())))
        .map(this::ok);
  }

  /** What happened to the feed, from the log, with each event's index in it. */
  @GET
  @Path("{id}/history")
  @RolesAllowed({ASSET_MANAGER, SYSADMIN, CISO, AUDITOR})
  @Read
  public Uni<RestResponse<Answer.Page<History.Entry>>> history(
      UUID id, @Valid @BeanParam History.Query query) {
    return history.of("feed", id, query);
  }

  private View view(Feed feed) {
    Feed.State state = feed.state();
    return new View(
        feed.id(),
        state.name(),
        state.url(),
        state.topic(),
        state.format(),
        state.registeredAt(),
        state.endedAt(),
        feed.readAt(),
        feed.isEnded() || feed.isOnTime(settings.lateAfter(), clock.instant()),
        state.failingSince(),
        feed.failure(),
        feed.version());
  }

  private RestResponse<View> ok(Feed feed) {
    return Answer.ok(view(feed), feed.version());
  }
}
