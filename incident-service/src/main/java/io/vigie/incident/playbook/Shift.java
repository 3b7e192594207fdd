package io.vigie.incident.playbook;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

import jakarta.persistence.Column;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;

import io.quarkus.hibernate.reactive.panache.PanacheEntityBase;
import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Aggregate;
import io.vigie.kernel.Ids;
import io.vigie.kernel.Journal;
import io.vigie.kernel.Problem;
import io.vigie.kernel.web.ETag;

import static io.vigie.kernel.Problem.conflict;

/** That somebody is on call for a time. No two overlap. */
@Entity
@Table(name = "rota")
public class Shift extends PanacheEntityBase implements Aggregate {

  /** Whoever follows is looked for in as many shifts. */
  private static final int LOOK_AHEAD = 50;

  /** A time for which nobody is on call. */
  record Gap(Instant from, Instant until) {}

  @Id private UUID id;
  @Version private long version;
  @Embedded private Journal journal = new Journal();

  /** A subject. */
  private String person;

  @Column(name = "starts_at")
  private Instant startsAt;

  @Column(name = "ends_at")
  private Instant endsAt;

  @Column(name = "withdrawn_at")
  private Instant withdrawnAt;

  @Column(name = "withdrawal_reason")
  private String withdrawalReason;

  protected Shift() {}

  Shift(String person, Instant startsAt, Instant endsAt) {
    this.id = Ids.next();
    this.person = person;
    this.startsAt = startsAt;
    this.endsAt = endsAt;
  }

  /** The shift, or 404. */
  static Uni<Shift> require(UUID id) {
    return Shift.<Shift>findById(id)
        .onItem()
        .ifNull()
        .failWith(() -> Problem.notFound("The rota has no entry of this id."));
  }

  /** The shift in the version that the caller has read; 404, 412 or 428 otherwise. */
  static Uni<Shift> require(UUID id, String ifMatch) {
    return require(id).invoke(shift -> ETag.require(ifMatch, shift.version));
  }

  /**
   * That of whoever is on call then, or was: what was withdrawn took place until it was. Null where
   * nobody is.
   */
  static Uni<Shift> at(Instant time) {
    return Shift.<Shift>find(
            """
            startsAt <= ?1 and endsAt > ?1 and (withdrawnAt is null or withdrawnAt > ?1)
            order by withdrawnAt nulls first""",
            time)
        .firstResult();
  }

  /**
   * The accounts, as subjects, of whoever is on call then and of those who follow, each once, in
   * their order; empty where nobody is on call.
   *
   * @param most how many
   */
  public static Uni<List<String>> onCall(Instant time, int most) {
    return Shift.<Shift>find("withdrawnAt is null and endsAt > ?1 order by startsAt", time)
        .range(0, LOOK_AHEAD - 1)
        .list()
        .map(
            shifts ->
                shifts.isEmpty() || shifts.get(0).startsAt.isAfter(time)
                    ? List.of()
                    : shifts.stream().map(shift -> shift.person).distinct().limit(most).toList());
  }

  /** Those that have a part between these times, in their order. */
  static Uni<List<Shift>> between(Instant from, Instant until) {
    return Shift.<Shift>list(
        "withdrawnAt is null and startsAt < ?1 and endsAt > ?2 order by startsAt", until, from);
  }

  /** When the last one that is over ended; null where none is. */
  static Uni<Instant> lastEnd(Instant now) {
    return Shift.<Shift>find("withdrawnAt is null and endsAt <= ?1 order by endsAt desc", now)
        .firstResult()
        .map(shift -> shift == null ? null : shift.endsAt);
  }

  /** What these leave open between the two times; they are in order and do not overlap. */
  static List<Gap> gaps(List<Shift> shifts, Instant from, Instant until) {
    List<Gap> gaps = new ArrayList<>();
    Instant covered = from;
    for (Shift shift : shifts) {
      if (shift.startsAt.isAfter(covered)) {
        gaps.add(new Gap(covered, shift.startsAt));
      }
      covered = shift.endsAt;
    }
    if (covered.isBefore(until)) {
      gaps.add(new Gap(covered, until));
    }
    return gaps;
  }

  RotaEvent planned(Instant at) {
    return new RotaEvent.Planned(id, person, startsAt, endsAt, at);
  }

  /** It does not take place; what is over stays. */
  RotaEvent withdraw(String reason, Instant at) {
    if (withdrawnAt != null || !endsAt.isAfter(at)) {
      throw conflict("rota-over", "It is over, or was withdrawn already.");
    }
    withdrawnAt = at;
    withdrawalReason = reason;
    return new RotaEvent.Withdrawn(id, person, at);
  }

  @Override
  public String kind() {
    return "rota";
  }

  @Override
  public UUID id() {
    return id;
  }

  @Override
  public Journal journal() {
    return journal;
  }

  @Override
  public State state() {
    return new State(person, startsAt, endsAt, withdrawnAt);
  }

  /** Null unless it was withdrawn. */
  String withdrawalReason() {
    return withdrawalReason;
  }

  long version() {
    return version;
  }

  /** What others may know of it; the person is a subject. */
  public record State(String person, Instant from, Instant until, Instant withdrawnAt) {}
}
