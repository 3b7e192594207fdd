package io.vigie.asset.document;

import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vigie.asset.inventory.Owned;
import io.vigie.asset.inventory.Reassignment;
import io.vigie.kernel.outbox.Outbox;

/** The documents that somebody who leaves answers for, but for those that are withdrawn. */
@ApplicationScoped
class OwnedDocuments implements Owned {

  private final Outbox outbox;

  OwnedDocuments(Outbox outbox) {
    this.outbox = outbox;
  }

  @Override
  public Uni<Void> reassign(UUID leaver, Reassignment request) {
    return Document.<Document>list(
            "sheet.owner = ?1 and reassignment.until is null and state <> ?2 order by id",
            leaver,
            DocumentState.WITHDRAWN)
        .onItem()
        .transformToMulti(documents -> Multi.createFrom().iterable(documents))
        .onItem()
        .transformToUniAndConcatenate(
            document -> outbox.append(document, document.requestReassignment(request)))
        .collect()
        .last()
        .replaceWithVoid();
  }
}
