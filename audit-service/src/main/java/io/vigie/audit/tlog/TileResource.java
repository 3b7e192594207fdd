package io.vigie.audit.tlog;

import java.util.List;

import jakarta.annotation.security.PermitAll;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vigie.kernel.web.Read;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;

import static io.vigie.kernel.security.Roles.AUDITOR;
import static io.vigie.kernel.security.Roles.CISO;

/**
 * The read API of c2sp.org/tlog-tiles. Every part of a tile that some published tree had is served,
 * whether that tree got a checkpoint of its own or not, also when the tile is full by now. Hashes
 * are for everybody: they tell nothing of what they are hashes of.
 */
@Path("/log/tile")
public class TileResource {

  private static final String FOR_GOOD = "max-age=31536000, immutable";

  private final TileReader tiles;

  TileResource(TileReader tiles) {
    this.tiles = tiles;
  }

  /**
   * Hashes of the tree.
   *
   * @param level 0 to 63: its hashes are roots of subtrees of 256^level entries
   * @param tile index and width, {@code x001/x234/067} or {@code x001/x234/067.p/255}
   */
  @GET
  @Path("{level}/{tile: .+}")
  @PermitAll
  @Produces(MediaType.APPLICATION_OCTET_STREAM)
  @Read(inSession = false)
  public Uni<RestResponse<byte[]>> hashes(
      @PathParam("level") String level, @PathParam("tile") String tile) {
    return tiles
        .published(TilePath.tile(level, tile))
        .map(
            hashes -> {
              if (hashes == null) {
                throw TilePath.notFound();
              }
              return forGood("public", hashes);
            });
  }

  /**
   * Canonical entries, each after its length in two bytes, high one first. They hold metadata under
   * pseudonyms and no payload, so reading them leaves no event behind.
   *
   * @param tile as for a tile of level 0
   */
  @GET
  @Path("entries/{tile: .+}")
  @RolesAllowed({AUDITOR, CISO})
  @Produces(MediaType.APPLICATION_OCTET_STREAM)
  @Read(inSession = false)
  public Uni<RestResponse<byte[]>> entries(@PathParam("tile") String tile) {
    return tiles
        .entries(TilePath.tile("0", tile))
        .map(
            entries -> {
              if (entries.isEmpty()) {
                throw TilePath.notFound();
              }
              return forGood("private", bundle(entries));
            });
  }

  private static byte[] bundle(List<byte[]> entries) {
    Buffer bundle = Buffer.buffer();
    for (byte[] entry : entries) {
      if (entry.length > 0xFFFF) {
        throw new IllegalStateException("an entry is longer than any can be: the log was changed");
      }
      bundle.appendUnsignedShort(entry.length).appendBytes(entry);
    }
    return bundle.getBytes();
  }

  private static RestResponse<byte[]> forGood(String cache, byte[] content) {
    return ResponseBuilder.ok(content).header("Cache-Control", cache + ", " + FOR_GOOD).build();
  }
}
