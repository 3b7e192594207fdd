package io.vigie.incident.playbook;

import java.util.UUID;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

import io.quarkus.hibernate.reactive.panache.PanacheEntityBase;
import io.smallrye.mutiny.Uni;

import static io.vigie.kernel.Problem.unprocessable;

/** A document of asset-service that somebody else than its author approved, and nobody withdrew. */
@Entity
@Table(name = "document_in_force")
public class DocumentInForce extends PanacheEntityBase {

  @Id private UUID document;

  protected DocumentInForce() {}

  private DocumentInForce(UUID document) {
    this.document = document;
  }

  /** Holds where no document is named, or one that is in force; 422 otherwise. */
  static Uni<Void> require(UUID document) {
    return document == null
        ? Uni.createFrom().voidItem()
        : DocumentInForce.findById(document)
            .onItem()
            .ifNull()
            .failWith(
                () ->
                    unprocessable(
                        "playbook-document-not-in-force",
                        "No document with this id is in force. Have a version of it approved first."))
            .replaceWithVoid();
  }

  static Uni<Void> keep(UUID document) {
    return DocumentInForce.findById(document)
        .onItem()
        .ifNull()
        .switchTo(() -> new DocumentInForce(document).persist())
        .replaceWithVoid();
  }

  static Uni<Void> forget(UUID document) {
    return DocumentInForce.deleteById(document).replaceWithVoid();
  }
}
