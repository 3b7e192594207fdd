package io.vigie.asset.software;

import java.util.UUID;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;

import org.hibernate.annotations.Immutable;

/** What an advisory is about, for questions: {@link AdvisoryIntake} writes it. */
@Entity
@Immutable
class Flaw {

  @Id private UUID id;

  @Column(name = "advisory_id")
  private UUID advisory;

  private String name;
}
