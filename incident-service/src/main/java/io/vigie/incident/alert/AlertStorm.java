package io.vigie.incident.alert;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.UUID;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.LockModeType;
import jakarta.persistence.Table;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.hibernate.reactive.panache.PanacheEntityBase;
import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Ids;
import org.hibernate.LockMode;

/**
 * A group of which so many alerts fire that mail tells of them together, until all of it is over.
 * What happens to its alerts is told by their events; that they are mailed together is no fact of
 * its own.
 */
@Entity
@Table(name = "alert_storm")
public class AlertStorm extends PanacheEntityBase {

  private static final String BEGIN =
      """
      insert into alert_storm (id, group_key, severity, since, mails, next_mail_at)
      values (?1, ?2, ?3, cast(?4 as timestamptz), 0, cast(?4 as timestamptz))
      on conflict (group_key) do nothing""";

  @Id private UUID id;

  @Column(name = "group_key")
  private String groupKey;

  /** The worst that mail told of. */
  @Enumerated(EnumType.STRING)
  private Severity severity;

  private Instant since;
  private int mails;

  @Column(name = "next_mail_at")
  private Instant nextMailAt;

  protected AlertStorm() {}

  /** Nothing where it is one already. */
  static Uni<Integer> begin(AlertGroup group, Instant now) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(BEGIN)
                    .setParameter(1, Ids.next())
                    .setParameter(2, group.key())
                    .setParameter(3, group.severity().name())
                    .setParameter(4, OffsetDateTime.ofInstant(now, ZoneOffset.UTC))
                    .executeUpdate());
  }

  /** Of these groups those that are told of together, locked. */
  static Uni<List<AlertStorm>> locked(Collection<String> groupKeys) {
    return AlertStorm.<AlertStorm>find("groupKey in ?1 order by groupKey", groupKeys)
        .withLock(LockModeType.PESSIMISTIC_WRITE)
        .list();
  }

  /** The same, to read. */
  static Uni<List<AlertStorm>> of(Collection<String> groupKeys) {
    return AlertStorm.list("groupKey in ?1", groupKeys);
  }

  /** Those of which everything is over, locked; what somebody else has locked is left out. */
  static Uni<List<AlertStorm>> over(int most) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createSelectionQuery(
                        """
                        from AlertStorm s where not exists
                          (select 1 from Alert a where a.groupKey = s.groupKey and a.state <> RESOLVED)
                        order by s.groupKey""",
                        AlertStorm.class)
                    .setMaxResults(most)
                    .setLockMode(LockMode.UPGRADE_SKIPLOCKED)
                    .getResultList());
  }

  boolean isDue(Instant now) {
    return !now.isBefore(nextMailAt);
  }

  /** A mail that tells of the group as it is goes out now; sets when the next one does. */
  void mail(AlertGroup group, AlertPolicy policy, Instant at) {
    mails++;
    Severity now = group.severity();
    severity = now.compareTo(severity) < 0 ? now : severity;
    nextMailAt = policy.nextMail(now, group.firing() == 0, at);
  }

  /** The key of the last mail that was asked for. */
  String mailKey() {
    return "alert-storm/" + id + "/" + mails;
  }

  /** The key of the mail that says that all of it is over. */
  String overKey() {
    return "alert-storm/" + id + "/over";
  }

  /** The key of what is told to whoever is at this step of the chain. */
  String escalationKey(int step) {
    return "alert-storm/" + id + "/escalation/" + step;
  }

  UUID id() {
    return id;
  }

  String groupKey() {
    return groupKey;
  }

  Severity severity() {
    return severity;
  }

  Instant since() {
    return since;
  }

  Instant nextMailAt() {
    return nextMailAt;
  }
}
