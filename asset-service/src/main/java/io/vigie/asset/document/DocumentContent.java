package io.vigie.asset.document;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.hibernate.reactive.panache.PanacheEntityBase;
import io.smallrye.mutiny.Uni;
import org.hibernate.annotations.Immutable;

/** A content by its SHA-256: the same bytes are kept once, whoever submits them how often. */
@Entity
@Immutable
@Table(name = "document_content")
public class DocumentContent extends PanacheEntityBase {

  @Id private String sha256;
  private byte[] content;

  protected DocumentContent() {}

  static Uni<Void> keep(String sha256, byte[] content) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(
                        """
                        insert into document_content (sha256, content) values (?1, ?2)
                        on conflict do nothing\
                        """)
                    .setParameter(1, sha256)
                    .setParameter(2, content)
                    .executeUpdate())
        .replaceWithVoid();
  }

  /** What was kept under this digest. */
  static Uni<byte[]> of(String sha256) {
    return DocumentContent.<DocumentContent>findById(sha256).map(kept -> kept.content);
  }
}
