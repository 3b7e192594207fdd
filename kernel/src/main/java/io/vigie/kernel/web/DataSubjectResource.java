package io.vigie.kernel.web;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Actor;
import io.vigie.kernel.Ids;
import io.vigie.kernel.outbox.Outbox;
import io.vigie.kernel.outbox.Relay;
import io.vigie.kernel.security.Roles;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jboss.resteasy.reactive.RestResponse;

/** What this service holds of somebody (GDPR article 15), in one shape in every service. */
@Path("/v1/data-subjects")
public class DataSubjectResource {

  /**
   * Why a row is kept although its person was erased.
   *
   * @param legal the articles
   * @param until when it ends
   */
  @Schema(name = "WhyKept")
  record Kept(String because, String legal, String until) {}

  /**
   * A row of the database that names somebody by an id.
   *
   * @param id made of what stands in it, to page on: it is another one when the row changes
   * @param row what stands in it, by column; ids of others stay ids
   * @param erased what an erasure of the person takes away of it; null where that is nothing
   * @param kept why what is left of it stays; null where nothing does
   */
  @Schema(name = "HeldRow")
  record Held(
      UUID id,
      String table,
      @Schema(type = SchemaType.OBJECT, implementation = Object.class) JsonNode row,
      String erased,
      Kept kept) {}

  private final HeldData data;
  private final Outbox outbox;
  private final Relay relay;
  private final Actor actor;
  private final Clock clock;

  DataSubjectResource(HeldData data, Outbox outbox, Relay relay, Actor actor, Clock clock) {
    this.data = data;
    this.outbox = outbox;
    this.relay = relay;
    this.actor = actor;
    this.clock = clock;
  }

  /**
   * The rows that bear an id of somebody, in no order of theirs. That they were read, and under
   * which ids, goes into the log with each page.
   *
   * @param account ids of accounts that the person has or had
   */
  @GET
  @Path("{person}")
  @RolesAllowed(Roles.CISO)
  @Read(inSession = false)
  public Uni<RestResponse<Answer.Page<Held>>> held(
      UUID person,
      @QueryParam("account") @Size(max = 20) List<UUID> account,
      @Valid @BeanParam Paging paging) {
    List<UUID> ids = new ArrayList<>(account);
    ids.add(person);
    PersonDataRead reading = new PersonDataRead(Ids.next(), person, account, clock.instant());
    return Panache.withTransaction(
            () ->
                outbox
                    .appendFact("data-reading", person.toString(), actor.id(), reading)
                    .chain(() -> data.rows(ids, paging)))
        .invoke(relay::wake)
        .map(rows -> paging.page(rows, Held::id, Function.identity()));
  }
}
