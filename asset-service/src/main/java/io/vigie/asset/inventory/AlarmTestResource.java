package io.vigie.asset.inventory;

import java.time.Clock;
import java.time.Instant;
import java.util.UUID;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.HttpHeaders;

import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Actor;
import io.vigie.kernel.outbox.Outbox;
import io.vigie.kernel.web.Answer;
import io.vigie.kernel.web.Command;
import io.vigie.kernel.web.Filter;
import io.vigie.kernel.web.Paging;
import io.vigie.kernel.web.Read;
import org.jboss.resteasy.reactive.RestResponse;

import static io.vigie.kernel.security.Roles.ASSET_MANAGER;
import static io.vigie.kernel.security.Roles.AUDITOR;
import static io.vigie.kernel.security.Roles.CISO;

/** When an alarm was tested, and how that came out (R6.1). The ETag is the asset's. */
@Path("/v1/assets/{asset}/alarm-tests")
public class AlarmTestResource {

  private final Outbox outbox;
  private final Actor actor;
  private final Clock clock;

  AlarmTestResource(Outbox outbox, Actor actor, Clock clock) {
    this.outbox = outbox;
    this.actor = actor;
    this.clock = clock;
  }

  /** Records what the caller tried. The latest test counts, and only one that passed. */
  @POST
  @RolesAllowed(ASSET_MANAGER)
  @Command
  public Uni<RestResponse<AlarmTest.View>> report(
      UUID asset,
      @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch,
      @NotNull @Valid AlarmTest.Report body) {
    Instant now = clock.instant();
    return Asset.require(asset, ifMatch)
        .chain(
            alarm -> {
              AssetEvent tested = alarm.test(body, now);
              AlarmTest test = new AlarmTest(asset, body, actor.id(), now);
              return test.persist()
                  .chain(() -> outbox.append(alarm, tested))
                  .map(
                      done ->
                          Answer.created(
                              "/v1/assets/" + asset + "/alarm-tests/" + test.id(),
                              test.view(alarm.version()),
                              alarm.version()));
            });
  }

  /** In the order in which they were recorded. */
  @GET
  @RolesAllowed({ASSET_MANAGER, CISO, AUDITOR})
  @Read
  public Uni<RestResponse<Answer.Page<AlarmTest.View>>> list(
      UUID asset, @Valid @BeanParam Paging paging) {
    Filter filter = new Filter().equal("asset", asset).after(paging);
    return Asset.require(asset)
        .chain(
            alarm ->
                AlarmTest.<AlarmTest>find(filter.query(), filter.parameters())
                    .range(0, paging.probe() - 1)
                    .list()
                    .map(
                        all ->
                            paging.page(all, AlarmTest::id, test -> test.view(alarm.version()))));
  }

  @GET
  @Path("{id}")
  @RolesAllowed({ASSET_MANAGER, CISO, AUDITOR})
  @Read
  public Uni<RestResponse<AlarmTest.View>> get(UUID asset, UUID id) {
    return Asset.require(asset)
        .chain(
            alarm ->
                AlarmTest.require(asset, id)
                    .map(test -> Answer.ok(test.view(alarm.version()), alarm.version())));
  }
}
