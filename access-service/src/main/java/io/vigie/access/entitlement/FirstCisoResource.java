package io.vigie.access.entitlement;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Email;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import io.vigie.access.person.Details;
import io.vigie.access.person.Newcomers;
import io.vigie.access.person.Person;
import io.vigie.access.person.PersonView;
import io.vigie.kernel.Actor;
import io.vigie.kernel.Ids;
import io.vigie.kernel.PolicyTable;
import io.vigie.kernel.Problem;
import io.vigie.kernel.outbox.Outbox;
import io.vigie.kernel.web.Answer;
import io.vigie.kernel.web.Command;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jboss.resteasy.reactive.RestResponse;

import static io.vigie.kernel.security.Roles.ACCESS_MANAGER;
import static io.vigie.kernel.security.Roles.CISO;
import static io.vigie.kernel.security.Roles.TOOL;

/** The first CISO of a platform that has nobody yet: {@code contracts/policy/first-ciso.json}. */
@Path("/v1/first-ciso")
public class FirstCisoResource {

  private static final int SHORTEST = 32;
  private static final int LONGEST = 200;
  private static final Duration A_YEAR = Duration.ofDays(365);
  private static final String REASON = "The operator makes the first CISO.";

  /**
   * @param token the operator's one-time token, {@code vigie.access.first-ciso-token}
   * @param subject the {@code sub} of their account; without it they get one, as everybody does
   */
  @Schema(name = "FirstCiso")
  record Appointment(
      @NotNull @Size(min = SHORTEST, max = LONGEST) String token,
      @NotBlank @Size(max = 100) String givenName,
      @NotBlank @Size(max = 100) String familyName,
      @NotNull @Email @Size(max = 254) String email,
      @Schema(format = "uuid") @org.hibernate.validator.constraints.UUID String subject) {

    private Details details(String businessProfile, Instant now) {
      return new Details(
          givenName,
          familyName,
          email,
          null,
          subject,
          null,
          businessProfile,
          null,
          null,
          null,
          LocalDate.ofInstant(now, ZoneOffset.UTC),
          null);
    }
  }

  private record Table(Map<String, String> profiles, Duration handOver) {}

  private final Table table = PolicyTable.read("first-ciso", Table.class);
  private final Optional<String> token;
  private final Newcomers newcomers;
  private final Recomputation recomputation;
  private final Outbox outbox;
  private final Actor actor;
  private final Clock clock;

  FirstCisoResource(
      @ConfigProperty(name = "vigie.access.first-ciso-token") Optional<String> token,
      Newcomers newcomers,
      Recomputation recomputation,
      Outbox outbox,
      Actor actor,
      Clock clock) {
    this.token = token;
    this.newcomers = newcomers;
    this.recomputation = recomputation;
    this.outbox = outbox;
    this.actor = actor;
    this.clock = clock;
  }

  /**
   * Registers the person, puts the roles of CISO and access manager into the catalogue, each in a
   * business profile, and gives both: the latter for as long as the policy says, in which they
   * register an access manager. 403 without the token that the operator set, or where none of 32
   * characters or more is set; 409 where there is, or ever was, a CISO.
   */
  @POST
  @RolesAllowed(TOOL)
  @Command
  public Uni<RestResponse<PersonView>> appoint(@NotNull @Valid Appointment body) {
    requireToken(body.token());
    Instant now = clock.instant();
    Act act = new Act(actor.id(), now, REASON);
    UUID platform = Ids.next(); // nobody could have registered it as an asset
    return takeOnce(now)
        .chain(() -> newcomers.register(body.details(table.profiles().get(CISO), now)))
        .call(person -> give(person, platform, CISO, null, act))
        .call(person -> give(person, platform, ACCESS_MANAGER, now.plus(table.handOver()), act))
        .call(person -> recomputation.of(List.of(person.id())))
        .map(
            person ->
                Answer.created(
                    "/v1/people/" + person.id(), PersonView.of(person, true), person.version()));
  }

  /** Whether it is closed or the token is wrong is one answer. */
  private void requireToken(String given) {
    if (token
        .filter(set -> set.length() >= SHORTEST)
        .filter(set -> MessageDigest.isEqual(bytes(set), bytes(given)))
        .isEmpty()) {
      throw Problem.forbidden("This takes the one-time token that the operator of Vigie set.");
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Whoever comes at the same time waits here until this is done, or undone. That somebody's
   * account got the role by hand is a finding.
   */
  private static Uni<Void> takeOnce(Instant now) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(
                        """
                        insert into first_ciso (made_at) select cast(?1 as timestamptz)
                        where not exists
                          (select from access_right r join entitlement e on e.id = r.entitlement_id
                           where e.directory_kind = 'ROLE' and e.directory_name = ?2
                             and r.state in ('APPROVED', 'SUSPENDED', 'REVOKED', 'EXPIRED'))
                        and not exists
                          (select from drift where kind = 'UNAPPROVED_ROLE' and what = ?2)
                        on conflict do nothing""")
                    .setParameter(1, now.atOffset(ZoneOffset.UTC))
                    .setParameter(2, CISO)
                    .executeUpdate())
        .invoke(
            made -> {
              if (made == 0) {
                throw Problem.conflict(
                    "ciso-exists",
                    "There is a CISO, or there was one: this is over for ever. Access managers give"
                        + " the role.");
              }
            })
        .replaceWithVoid();
  }

  /** The role, in a profile that gives it at once: there is nobody else yet to approve that. */
  private Uni<Void> give(Person person, UUID platform, String role, Instant until, Act act) {
    Terms terms =
        new Terms(
            null,
            person.id(),
            Sensitivity.PRIVILEGED,
            A_YEAR,
            new DirectoryObject(DirectoryObject.Kind.ROLE, role),
            null);
    Entitlement entitlement =
        new Entitlement(platform, role, EntitlementType.APPLICATION_ROLE, terms);
    BusinessProfile profile = new BusinessProfile(table.profiles().get(role), null);
    ProfileAssignment assignment =
        new ProfileAssignment(person.id(), profile.id(), null, until, act);
    return outbox
        .append(entitlement, entitlement.created(act.at()))
        .chain(
            () -> outbox.append(profile, profile.create(Set.of(entitlement.id()), Set.of(), act)))
        .chain(() -> outbox.append(assignment, assignment.made()));
  }
}
