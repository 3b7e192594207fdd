package io.vigie.access.directory;

import java.time.Instant;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

import jakarta.persistence.AttributeConverter;
import jakarta.persistence.Column;
import jakarta.persistence.Convert;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

import io.quarkus.hibernate.reactive.panache.PanacheEntityBase;
import io.smallrye.mutiny.Uni;
import org.hibernate.annotations.DynamicUpdate;

/** What Vigie last made of an account. What the account has beside it, somebody else gave. */
@Entity
@DynamicUpdate
@Table(name = "directory_account")
class KnownAccount extends PanacheEntityBase {

  /** Names as the lines of one column. */
  static class Names implements AttributeConverter<Set<String>, String> {
    @Override
    public String convertToDatabaseColumn(Set<String> names) {
      return String.join("\n", new TreeSet<>(names));
    }

    @Override
    public Set<String> convertToEntityAttribute(String column) {
      return column.isEmpty() ? Set.of() : Set.of(column.split("\n"));
    }
  }

  @Id private String account;

  @Column(name = "person_id")
  private UUID person;

  private boolean enabled;

  @Convert(converter = Names.class)
  private Set<String> roles;

  @Convert(converter = Names.class)
  private Set<String> groups;

  private String holder;

  @Column(name = "applied_at")
  private Instant appliedAt;

  protected KnownAccount() {}

  /** Nothing was made of it yet: it is open, as far as Vigie is concerned. */
  KnownAccount(String account, UUID person) {
    this.account = account;
    this.person = person;
    this.enabled = true;
    this.roles = Set.of();
    this.groups = Set.of();
  }

  /**
   * In a transaction: remembers an account that was made for somebody a moment ago. What it has
   * when it is looked at next was given here, by a service that died before it wrote that down.
   */
  static Uni<Void> remember(String account, UUID person, Instant at) {
    return KnownAccount.<KnownAccount>findById(account)
        .chain(
            known -> {
              KnownAccount made = new KnownAccount(account, person);
              made.appliedAt = at;
              return known == null ? made.persist() : Uni.createFrom().voidItem();
            })
        .replaceWithVoid();
  }

  /** Whether this is what was made of it for that person. */
  boolean isOf(UUID holder) {
    return person.equals(holder);
  }

  /** The account is somebody else's now: what was made of it for another does not count. */
  void handOver(UUID to) {
    person = to;
    enabled = true;
    roles = Set.of();
    groups = Set.of();
    holder = null;
  }

  /**
   * What was lost is taken.
   *
   * @param desired what the account must be, of which it may still lack something
   * @param stuck roles that it has all the same
   */
  void taken(DesiredAccount desired, Set<String> stuck, Instant at) {
    Set<String> left = new TreeSet<>(desired.roles());
    left.addAll(stuck);
    roles = kept(roles, left);
    groups = kept(groups, desired.groups());
    enabled = enabled && desired.enabled();
    appliedAt = at;
  }

  private static Set<String> kept(Set<String> names, Set<String> of) {
    Set<String> kept = new TreeSet<>(names);
    kept.retainAll(of);
    return kept;
  }

  /** It is all that it must be. */
  void settled(DesiredAccount desired, Instant at) {
    roles = desired.roles();
    groups = desired.groups();
    enabled = desired.enabled();
    holder = desired.holderDigest();
    appliedAt = at;
  }

  String account() {
    return account;
  }

  boolean enabled() {
    return enabled;
  }

  Set<String> roles() {
    return roles;
  }

  Set<String> groups() {
    return groups;
  }

  /** The digest of what people read of the holder; null where Vigie never set it. */
  String holder() {
    return holder;
  }

  Instant appliedAt() {
    return appliedAt;
  }
}
