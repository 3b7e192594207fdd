package io.vigie.asset.software;

import java.util.UUID;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

import io.quarkus.hibernate.reactive.panache.PanacheEntityBase;
import org.hibernate.annotations.Immutable;

/** That an asset holds a component: read only, from a view of the database. */
@Entity
@Immutable
@Table(name = "held_component")
class HeldComponent extends PanacheEntityBase {

  @Id private UUID id;

  @Column(name = "asset_id")
  private UUID asset;

  @Enumerated(EnumType.STRING)
  private Holdings.Source source;

  private String purl;
  private String type;
  private String namespace;
  private String name;
  private String version;

  UUID id() {
    return id;
  }

  ComponentResource.View view() {
    return new ComponentResource.View(
        id, asset, source, purl, type, namespace.isEmpty() ? null : namespace, name, version);
  }
}
