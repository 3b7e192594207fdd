package io.vigie.kernel.web;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.UriInfo;

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
   * @param id made of the table and the row's primary key, to page on
   * @param row what stands in it, by column; ids of others stay ids
   * @param erased what an erasure of the person takes away of it; null where that is nothing
   * @param kept why what is left of it stays; null where nothing does
   */
  @Schema(name = "HeldRow")
  record Held(
      String id,
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
   * The rows that bear an id of somebody, table by table. That they were read, and under which ids,
   * goes into the log with each page.
   *
   * @param account ids of accounts that the person has or had
   * @param limit how many items at most, 1 to 200
   * @param after the id of the last item already seen
   */
  @GET
  @Path("{person}")
  @RolesAllowed(Roles.CISO)
  @Read(inSession = false)
  public Uni<RestResponse<Answer.Page<Held>>> held(
      UUID person,
      @QueryParam("account") @Size(max = 20) List<UUID> account,
      @QueryParam("limit") @DefaultValue("50") @Min(1) @Max(200) Integer limit,
      @QueryParam("after")
          @Pattern(regexp = "[A-Za-z0-9_-]{1,2000}", message = "is the id of a row")
          String after,
      @Context UriInfo uri) {
    List<UUID> ids = new ArrayList<>(account);
    ids.add(person);
    PersonDataRead reading = new PersonDataRead(Ids.next(), person, account, clock.instant());
    return Panache.withTransaction(
            () ->
                outbox
                    .appendFact("data-reading", person.toString(), actor.id(), reading)
                    .chain(() -> data.rows(ids, after, limit + 1)))
        .invoke(relay::wake)
        .map(rows -> Paging.page(uri, rows, limit, Held::id, Answer.Page::new));
  }
}
