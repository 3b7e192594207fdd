package io.vigie.incident;

import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;

import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Actor;
import io.vigie.kernel.Problem;
import io.vigie.kernel.security.Roles;
import io.vigie.kernel.web.ETag;
import io.vigie.kernel.web.Filter;

/**
 * Which incidents the caller may know of: a restricted one is there for the accounts that it names
 * and for the CISO, and for nobody else.
 */
@ApplicationScoped
public class IncidentAccess {

  private static final String READABLE =
      "(restrictedTo is null or locate(:value, restrictedTo) > 0)";

  /** Holds for what belongs to an incident; {@code :value} is {@link #mark}. */
  private static final String OF_READABLE =
      """
      incident in (select i.id from Incident i
        where i.restrictedTo is null or locate(:value, i.restrictedTo) > 0)""";

  private static final String OF_READABLE_OR_NONE = "(incident is null or " + OF_READABLE + ")";

  private final Actor actor;

  IncidentAccess(Actor actor) {
    this.actor = actor;
  }

  /** The incident; 404 where there is none, or none for the caller. */
  public Uni<Incident> require(UUID id) {
    return Incident.require(id).invoke(this::requireOpenToCaller);
  }

  private void requireOpenToCaller(Incident incident) {
    if (!incident.isOpenTo(mark())) {
      throw Problem.notFound(Incident.UNKNOWN);
    }
  }

  /**
   * The incident, which nobody closes before this transaction ends; 404 as above, 409 where it is
   * closed.
   */
  public Uni<Incident> requireOpen(UUID id) {
    return Incident.<Incident>findById(id, LockModeType.PESSIMISTIC_READ)
        .onItem()
        .ifNull()
        .failWith(() -> Problem.notFound(Incident.UNKNOWN))
        .invoke(this::requireOpenToCaller)
        .invoke(Incident::requireOpen);
  }

  /** The incident in the version that the caller has read; 404, 412 or 428 otherwise. */
  public Uni<Incident> require(UUID id, String ifMatch) {
    return require(id).invoke(incident -> ETag.require(ifMatch, incident.version()));
  }

  /** Leaves incidents out that are not there for the caller. */
  Filter readable(Filter incidents) {
    return incidents.where(READABLE, mark());
  }

  /** Leaves out what belongs to incidents that are not there for the caller. */
  public Filter ofReadable(Filter belongings) {
    return belongings.where(OF_READABLE, mark());
  }

  /** Leaves out what belongs to incidents that are not there for the caller, and keeps the rest. */
  public Filter ofReadableOrNone(Filter belongings) {
    return belongings.where(OF_READABLE_OR_NONE, mark());
  }

  /** Leaves out what belongs to security events that became such incidents, and keeps the rest. */
  public Filter ofReadableReportOrNone(Filter belongings) {
    return belongings.where(
        """
        (securityEvent is null or securityEvent in (select e.id from SecurityEvent e
          where e.incident is null or e.%s))"""
            .formatted(OF_READABLE),
        mark());
  }

  /** Whether the incident, if there is one, is there for the caller. */
  public Uni<Boolean> isReadable(UUID incident) {
    return incident == null
        ? Uni.createFrom().item(true)
        : Incident.count("id = ?1 and " + readable(2), incident, mark()).map(found -> found > 0);
  }

  /**
   * Whether a security event is there for the caller: one that became an incident which is not is
   * nothing either, but to its reporter.
   */
  public Uni<Boolean> isReadable(SecurityEvent event) {
    SecurityEvent.State state = event.state();
    return state.reporter().equals(actor.id())
        ? Uni.createFrom().item(true)
        : isReadable(state.incident());
  }

  /** Fails with 404 where the incident, if there is one, is not there for the caller. */
  public Uni<Void> requireReadable(UUID incident) {
    return incident == null ? Uni.createFrom().voidItem() : require(incident).replaceWithVoid();
  }

  /** The security event; 404 where there is none, or none for the caller. */
  public Uni<SecurityEvent> requireEvent(UUID id) {
    return SecurityEvent.require(id)
        .call(
            event ->
                isReadable(event)
                    .invoke(
                        readable -> {
                          if (!readable) {
                            throw SecurityEvent.unknown();
                          }
                        }));
  }

  /** {@link #READABLE} with the {@link #mark} as the parameter of this number. */
  static String readable(int parameter) {
    return READABLE.replace(":value", "?" + parameter);
  }

  /** Holds for what belongs to an incident, with the {@link #mark} as that parameter. */
  public static String ofReadable(int parameter) {
    return OF_READABLE.replace(":value", "?" + parameter);
  }

  /** Holds for what belongs to an incident or to none, with the {@link #mark} as that parameter. */
  public static String ofReadableOrNone(int parameter) {
    return OF_READABLE_OR_NONE.replace(":value", "?" + parameter);
  }

  /** What stands in the list of accounts of every restricted incident that the caller may read. */
  public String mark() {
    return actor.hasRole(Roles.CISO) ? Incident.NEXT_ACCOUNT : Incident.account(actor.id());
  }
}
