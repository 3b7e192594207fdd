package io.vigie.bench.plain;

import java.time.Instant;
import java.util.UUID;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.Id;

import io.quarkus.hibernate.reactive.panache.PanacheEntityBase;
import org.hibernate.annotations.UuidGenerator;

import static org.hibernate.annotations.UuidGenerator.Style.VERSION_7;

/** A row of an outbox: what a transaction leaves for others to be told. */
@Entity
public class Fact extends PanacheEntityBase {

  @Id
  @GeneratedValue
  @UuidGenerator(style = VERSION_7)
  public UUID id;

  public String type;
  public UUID subject;

  @Column(columnDefinition = "text")
  public String payload;

  public String actor;
  public Instant occurredAt;
}
