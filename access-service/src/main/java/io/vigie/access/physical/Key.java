package io.vigie.access.physical;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.UUID;

import jakarta.persistence.Column;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;

import io.quarkus.hibernate.reactive.panache.PanacheEntityBase;
import io.smallrye.mutiny.Uni;
import io.vigie.access.person.Person;
import io.vigie.kernel.Aggregate;
import io.vigie.kernel.Ids;
import io.vigie.kernel.Journal;
import io.vigie.kernel.Problem;
import io.vigie.kernel.web.ETag;

/** One numbered copy of a key. It is in the safe, in somebody's hands, lost, or gone. */
@Entity
@Table(name = "physical_key")
public class Key extends PanacheEntityBase implements Aggregate {

  @Id private UUID id;
  @Version private long version;
  @Embedded private Journal journal = new Journal();
  private String code;
  private int copy;
  private UUID[] zones;

  @Enumerated(EnumType.STRING)
  private KeyState state;

  private UUID holder;

  @Column(name = "changed_by")
  private String changedBy;

  @Column(name = "changed_at")
  private Instant changedAt;

  protected Key() {}

  /** A copy that is in the safe, of a key that opens {@code zones}. */
  Key(String code, int copy, Collection<UUID> zones, String by, Instant at) {
    this.id = Ids.next();
    this.code = code;
    this.copy = copy;
    this.zones = new TreeSet<>(zones).toArray(UUID[]::new);
    become(KeyState.IN_SAFE, null, by, at);
  }

  /** The key, or 404. */
  static Uni<Key> require(UUID id) {
    return Key.<Key>findById(id)
        .onItem()
        .ifNull()
        .failWith(() -> Problem.notFound("No key has this id."));
  }

  /** The key in the version that the caller has read; 404, 412 or 428 otherwise. */
  static Uni<Key> require(UUID id, String ifMatch) {
    return require(id).invoke(key -> ETag.require(ifMatch, key.version));
  }

  KeyEvent registered() {
    return new KeyEvent.Registered(id, code, copy, List.of(zones), changedAt);
  }

  /** To {@code person}, who has a right on all that it opens, and is not who hands it out. */
  KeyEvent handOut(Person person, boolean mayEnter, String by, Instant at) {
    require(KeyState.IN_SAFE);
    if (person.isHolder(by)) {
      throw Problem.unprocessable("own-key", "Somebody else must hand you a key.");
    }
    if (!mayEnter) {
      throw Problem.unprocessable(
          "no-right", "This person has no right on every zone that the key opens (R6.4).");
    }
    become(KeyState.HANDED_OUT, person.id(), by, at);
    return new KeyEvent.HandedOut(id, holder, code, copy, at);
  }

  /** It is back in the safe: handed in, or found. */
  KeyEvent takeBack(String by, Instant at) {
    require(KeyState.HANDED_OUT, KeyState.LOST);
    UUID from = holder;
    become(KeyState.IN_SAFE, null, by, at);
    return new KeyEvent.Returned(id, from, code, copy, at);
  }

  KeyEvent lose(String by, Instant at) {
    require(KeyState.IN_SAFE, KeyState.HANDED_OUT);
    become(KeyState.LOST, holder, by, at);
    return new KeyEvent.Lost(id, holder, code, copy, List.of(zones), at);
  }

  /** It exists no more, or opens nothing any more: the locks were changed. */
  KeyEvent destroy(String reason, String by, Instant at) {
    require(KeyState.IN_SAFE, KeyState.LOST);
    become(KeyState.DESTROYED, null, by, at);
    return new KeyEvent.Destroyed(id, code, copy, reason, at);
  }

  private void become(KeyState to, UUID person, String by, Instant at) {
    state = to;
    holder = person;
    changedBy = by;
    changedAt = at;
  }

  private void require(KeyState... allowed) {
    if (!List.of(allowed).contains(state)) {
      throw Problem.conflict(
          "key-" + state.name().toLowerCase(Locale.ROOT).replace('_', '-'),
          "This needs a key that is " + List.of(allowed) + "; this one is " + state + ".");
    }
  }

  @Override
  public String kind() {
    return "key";
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
    return new State(code, copy, List.of(zones), state, holder, changedBy, changedAt);
  }

  long version() {
    return version;
  }

  /**
   * What others may know of a key; people are subjects and ids.
   *
   * @param holder who has it, or had it when it was lost; or null
   */
  public record State(
      String code,
      int copy,
      List<UUID> zones,
      KeyState state,
      UUID holder,
      String changedBy,
      Instant changedAt) {}
}
