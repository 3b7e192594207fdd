package io.vigie.access.person;

import java.time.Clock;
import java.util.List;
import java.util.UUID;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.HttpHeaders;

import io.quarkus.arc.All;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vigie.kernel.outbox.Outbox;
import io.vigie.kernel.web.Answer;
import io.vigie.kernel.web.Command;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jboss.resteasy.reactive.RestResponse;

import static io.vigie.kernel.security.Roles.CISO;

/** Somebody who left is forgotten (GDPR article 17), here and, by the event, in the log. */
@Path("/v1/people/{id}/erasure")
public class ErasureResource {

  /**
   * @param reason why; it stays in the log for ever, so it is to be told without names
   * @param reference the request that this answers
   */
  @Schema(name = "PersonErasure")
  record Erasure(
      @NotBlank @Size(max = 2_000) String reason, @NotBlank @Size(max = 200) String reference) {}

  private final List<Unsettled> unsettled;
  private final Outbox outbox;
  private final Clock clock;

  ErasureResource(@All List<Unsettled> unsettled, Outbox outbox, Clock clock) {
    this.unsettled = unsettled;
    this.outbox = outbox;
    this.clock = clock;
  }

  /**
   * Takes name, address, number and reason off somebody who left, and has their account deleted
   * from the directory and their payloads in the log made unreadable, which follow within a minute.
   * Of who was erased before, the answer is what is left, and nothing is done. 409 while they work
   * here, and while they have badges or keys of ours or findings about their account are open.
   */
  @POST
  @RolesAllowed(CISO)
  @Command
  public Uni<RestResponse<PersonView>> erase(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch, @NotNull @Valid Erasure body) {
    return Person.requireAlone(id, ifMatch)
        .call(this::requireSettled)
        .call(
            person ->
                outbox.append(
                    person, person.erase(body.reason(), body.reference(), clock.instant())))
        .map(person -> Answer.ok(PersonView.of(person, true), person.version()));
  }

  /** Nothing of those who are still here, or forgotten already: that is told otherwise. */
  private Uni<Void> requireSettled(Person person) {
    return person.leftAt() == null || person.erasedAt() != null
        ? Uni.createFrom().voidItem()
        : Multi.createFrom()
            .iterable(unsettled)
            .onItem()
            .transformToUniAndConcatenate(each -> each.requireNone(person.id()))
            .collect()
            .last()
            .replaceWithVoid();
  }
}
