package io.vigie.access.client;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;

import io.smallrye.mutiny.Uni;
import io.vigie.access.person.Person;
import io.vigie.kernel.Actor;
import io.vigie.kernel.Problem;
import io.vigie.kernel.web.Read;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

import static io.vigie.kernel.security.Roles.ACCESS_MANAGER;
import static io.vigie.kernel.security.Roles.AUDITOR;
import static io.vigie.kernel.security.Roles.CISO;
import static io.vigie.kernel.security.Roles.STAFF;
import static io.vigie.kernel.security.Roles.SYSADMIN;
import static io.vigie.kernel.security.Roles.TOOL;

/** The question that whatever guards a client's data asks before it lets somebody in (R10.3). */
@Path("/v1/clients/{id}/permission")
public class PermissionResource {

  /**
   * @param person null where the account is nobody's
   * @param at when this held
   * @param access the one that allows it longest; null, as what follows, where none does
   */
  @Schema(name = "ClientPermission")
  record Permission(
      UUID client,
      UUID person,
      Instant at,
      boolean allowed,
      UUID access,
      Purpose purpose,
      Instant validUntil) {}

  private final Actor actor;
  private final Clock clock;

  PermissionResource(Actor actor, Clock clock) {
    this.actor = actor;
    this.clock = clock;
  }

  /**
   * Whether a person may touch the client's data at this moment: the person with this id, or who
   * has this account; the caller where neither is named. Staff ask for themselves; tools, access
   * managers, sysadmins, the CISO and auditors for anybody.
   *
   * @param account the {@code sub} of its tokens
   */
  @GET
  @RolesAllowed({STAFF, TOOL})
  @Read
  public Uni<Permission> ask(
      UUID id,
      @QueryParam("person") UUID person,
      @QueryParam("account") @Size(min = 1, max = 255) String account) {
    if (person != null && account != null) {
      throw Problem.badRequest("Name a person or an account, not both.");
    }
    return Client.require(id)
        .chain(
            client ->
                (person == null ? holderOf(account) : known(person))
                    .chain(asked -> permission(client, asked)));
  }

  /** The id of the person, null where there is none. */
  private Uni<UUID> holderOf(String account) {
    String subject = account == null ? actor.id() : account;
    if (!subject.equals(actor.id())) {
      requireMayAskForOthers();
    }
    return Person.withSubject(subject)
        .map(people -> people.stream().map(Person::id).findFirst().orElse(null));
  }

  private Uni<UUID> known(UUID person) {
    return Person.withSubject(actor.id())
        .invoke(
            own -> {
              if (own.stream().noneMatch(me -> me.id().equals(person))) {
                requireMayAskForOthers();
              }
            })
        .replaceWith(person);
  }

  private void requireMayAskForOthers() {
    if (Stream.of(TOOL, ACCESS_MANAGER, SYSADMIN, CISO, AUDITOR).noneMatch(actor::hasRole)) {
      throw Problem.forbidden("Ask for yourself.");
    }
  }

  private Uni<Permission> permission(Client client, UUID person) {
    Instant now = clock.instant();
    return approved(client, person)
        .map(
            accesses ->
                accesses.stream()
                    .filter(access -> access.isEffective(client, now))
                    .findFirst()
                    .map(
                        access ->
                            new Permission(
                                client.id(),
                                person,
                                now,
                                true,
                                access.id(),
                                access.purpose(),
                                access.state().validUntil()))
                    .orElse(new Permission(client.id(), person, now, false, null, null, null)));
  }

  /** The longest first; none of nobody. */
  private static Uni<List<ClientAccess>> approved(Client client, UUID person) {
    return ClientAccess.list(
        "client = ?1 and person = ?2 and state = APPROVED order by period.validUntil desc, id",
        client.id(),
        person);
  }
}
