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

  /** Of the version in force; null where nobody has told of it since that is kept. */
  private Integer number;

  protected DocumentInForce() {}

  private DocumentInForce(UUID document) {
    this.document = document;
  }

  /**
   * The number of the document's version in force, where one is named and the number is known; 422
   * where the document is not in force.
   */
  static Uni<Integer> require(UUID document) {
    return document == null
        ? Uni.createFrom().nullItem()
        : DocumentInForce.<DocumentInForce>findById(document)
            .onItem()
            .ifNull()
            .failWith(
                () ->
                    unprocessable(
                        "playbook-document-not-in-force",
                        "No document with this id is in force. Have a version of it approved first."))
            .map(known -> known.number);
  }

  static Uni<Void> keep(UUID document, Integer number) {
    return DocumentInForce.<DocumentInForce>findById(document)
        .onItem()
        .ifNull()
        .switchTo(() -> new DocumentInForce(document).persist())
        .invoke(known -> known.number = number)
        .replaceWithVoid();
  }

  static Uni<Void> forget(UUID document) {
    return DocumentInForce.deleteById(document).replaceWithVoid();
  }
}
