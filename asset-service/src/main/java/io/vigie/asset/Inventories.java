package io.vigie.asset;

import jakarta.enterprise.context.ApplicationScoped;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Problem;
import io.vigie.kernel.Sha256;
import org.hibernate.reactive.mutiny.Mutiny;

/** The inventory documents of machines, beside the assets: an asset is read often, they are not. */
@ApplicationScoped
class Inventories {

  private final ObjectMapper json;

  Inventories(ObjectMapper json) {
    this.json = json;
  }

  /** Keeps {@code inventory} as the asset's present one; returns the SHA-256 of its document. */
  Uni<String> replace(Asset asset, Inventory inventory) {
    String document = write(inventory);
    return Panache.getSession()
        .call(Mutiny.Session::flush)
        .chain(
            session ->
                session
                    .createNativeQuery(
                        """
                        insert into inventory (asset_id, document) values (?1, ?2)
                        on conflict (asset_id) do update set document = excluded.document""")
                    .setParameter(1, asset.id())
                    .setParameter(2, document)
                    .executeUpdate())
        .replaceWith(() -> Sha256.hex(document));
  }

  /** The asset's present inventory, or 404. */
  Uni<Inventory> of(Asset asset) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(
                        "select document from inventory where asset_id = ?1", String.class)
                    .setParameter(1, asset.id())
                    .getSingleResultOrNull())
        .onItem()
        .ifNull()
        .failWith(() -> Problem.notFound("No inventory of this asset was taken yet."))
        .map(this::read);
  }

  private String write(Inventory inventory) {
    try {
      return json.writeValueAsString(inventory);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private Inventory read(String document) {
    try {
      return json.readValue(document, Inventory.class);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a stored inventory cannot be read", e);
    }
  }
}
