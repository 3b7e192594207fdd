package io.vigie.bench.envers;

import java.time.Instant;
import java.util.UUID;

import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.Id;
import jakarta.persistence.Index;
import jakarta.persistence.Table;
import jakarta.persistence.UniqueConstraint;
import jakarta.persistence.Version;

import org.hibernate.annotations.UuidGenerator;
import org.hibernate.envers.Audited;

import static org.hibernate.annotations.UuidGenerator.Style.VERSION_7;

/** The fields and indexes of an asset; each change leaves a revision. */
@Entity
@Audited
@Table(
    uniqueConstraints = @UniqueConstraint(columnNames = {"kind", "serialNumber"}),
    indexes = {@Index(columnList = "owner, id"), @Index(columnList = "state, id")})
public class Asset {

  @Id
  @GeneratedValue
  @UuidGenerator(style = VERSION_7)
  public UUID id;

  @Version public long version;
  public String name;
  public String kind;
  public String serialNumber;
  public boolean production;
  public String state;
  public UUID owner;
  public Instant reassignBy;
  public Integer availability;
  public Integer integrity;
  public Integer confidentiality;
  public Integer proof;
  public String inventoryDigest;
  public Instant inventoriedAt;
  public Instant registeredAt;
}
