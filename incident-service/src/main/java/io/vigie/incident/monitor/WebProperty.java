package io.vigie.incident.monitor;

import java.util.UUID;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

import io.quarkus.hibernate.reactive.panache.PanacheEntityBase;

/** A web property of the inventory, as far as asset-service told of it. */
@Entity
@Table(name = "web_property")
public class WebProperty extends PanacheEntityBase {

  @Id private UUID asset;
  private String name;
  private String url;

  @Column(name = "in_service")
  private boolean inService;

  protected WebProperty() {}

  WebProperty(UUID asset) {
    this.asset = asset;
  }

  /** What is null did not change. */
  void tell(String name, String url, String state) {
    this.name = name == null ? this.name : name;
    this.url = url == null ? this.url : url;
    this.inService = state == null ? inService : state.equals("IN_SERVICE");
  }

  UUID asset() {
    return asset;
  }

  String name() {
    return name;
  }

  /** Null where none was told. */
  String url() {
    return url;
  }

  boolean isInService() {
    return inService;
  }
}
