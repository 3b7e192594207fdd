package io.vigie.incident;

import java.util.Collection;
import java.util.List;
import java.util.UUID;

import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

import io.quarkus.hibernate.reactive.panache.PanacheEntityBase;
import io.smallrye.mutiny.Uni;

/** An asset, client or person that an incident can affect, as another service told last. */
@Entity
@Table(name = "affectable")
public class Affectable extends PanacheEntityBase {

  @Id private UUID id;

  @Enumerated(EnumType.STRING)
  private AffectedAsKnown.Type type;

  private String kind;
  private String name;

  protected Affectable() {}

  private Affectable(UUID id, AffectedAsKnown.Type type) {
    this.id = id;
    this.type = type;
  }

  /** Those of these that there are, as they are known now. */
  static Uni<List<AffectedAsKnown>> of(Collection<UUID> ids) {
    return Affectable.<Affectable>list("id in ?1", ids)
        .map(
            known ->
                known.stream()
                    .map(one -> new AffectedAsKnown(one.id, one.type, one.kind, one.name))
                    .toList());
  }

  /**
   * @param kind null where it is not told now, as name
   */
  static Uni<Void> keep(UUID id, AffectedAsKnown.Type type, String kind, String name) {
    return Affectable.<Affectable>findById(id)
        .map(known -> known == null ? new Affectable(id, type) : known)
        .chain(
            known -> {
              known.kind = kind == null ? known.kind : kind;
              known.name = name == null ? known.name : name;
              return known.persist();
            })
        .replaceWithVoid();
  }
}
