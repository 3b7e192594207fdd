package io.vigie.asset.posture;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import io.vigie.asset.inventory.Asset;
import io.vigie.asset.inventory.AssetState;
import io.vigie.kernel.outbox.Outbox;
import org.hibernate.reactive.mutiny.Mutiny;

/**
 * Brings postures, their assets and their exemptions together. Each change locks the posture until
 * its transaction ends, so that reports, people and the clock come one after the other.
 */
@ApplicationScoped
public class Postures {

  private final PostureRules rules;
  private final Outbox outbox;
  private final Clock clock;

  Postures(PostureRules rules, Outbox outbox, Clock clock) {
    this.rules = rules;
    this.outbox = outbox;
    this.clock = clock;
  }

  /**
   * Keeps what a tool found out about a known asset, and judges it. What is not told stays as it
   * was known; an observation that is older than the known one changes nothing.
   *
   * @param at when it was so; a time to come counts as now
   */
  public Uni<Posture> observe(UUID asset, Facts facts, Instant at) {
    Instant now = clock.instant();
    return lock(asset)
        .call(
            posture ->
                posture.observe(facts, at.isAfter(now) ? now : at)
                    ? judge(posture)
                    : Uni.createFrom().voidItem());
  }

  /** Judges an asset that changed, or what it is exempt from. */
  Uni<Posture> judge(UUID asset) {
    return lock(asset).call(this::judge);
  }

  /** The posture has to be locked. */
  Uni<Void> judge(Posture posture) {
    return asNow(posture.id())
        .chain(
            asset ->
                Exemption.approvedFor(posture.id())
                    .chain(
                        exemptions ->
                            outbox.append(
                                posture,
                                posture.judge(rules, asset, scopes(exemptions), clock.instant()))));
  }

  private static Map<String, Exemption.Scope> scopes(List<Exemption> exemptions) {
    return exemptions.stream()
        .collect(Collectors.toMap(each -> each.state().rule(), Exemption::scope));
  }

  /** As it is now, whatever this session read of the asset before. */
  private static Uni<Subject> asNow(UUID asset) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createSelectionQuery(
                        """
                        select state, details.kind, details.production, details.attributes
                        from Asset where id = ?1""",
                        Object[].class)
                    .setParameter(1, asset)
                    .getSingleResult())
        .map(Postures::subject);
  }

  @SuppressWarnings("unchecked") // the converter of the column makes it
  private static Subject subject(Object[] row) {
    return new Subject(
        row[0] == AssetState.IN_SERVICE,
        (String) row[1],
        (boolean) row[2],
        (Map<String, Object>) row[3]);
  }

  /** The asset's posture, made if there is none, until the transaction ends nobody else's. */
  Uni<Posture> lock(UUID asset) {
    return Panache.getSession()
        .call(Mutiny.Session::flush)
        .chain(
            session ->
                session
                    .createNativeQuery(
                        """
                        insert into posture (id, version, event_number, published_state, asset_kind,
                          in_service, facts, declared_ports, standings, judged_by)
                        select id, 0, 0, '{}', kind, false, '{}', '{}', '{}', ''
                        from asset where id = ?1
                        on conflict do nothing""")
                    .setParameter(1, asset)
                    .executeUpdate())
        .chain(() -> Posture.<Posture>findById(asset, LockModeType.PESSIMISTIC_WRITE));
  }

  /** To look at; one of which nothing is known if there is none. */
  static Uni<Posture> of(Asset asset) {
    return Posture.<Posture>findById(asset.id())
        .map(
            posture -> posture == null ? new Posture(asset.id(), asset.details().kind()) : posture);
  }
}
