package io.vigie.audit.log;

import java.util.List;

import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;

import io.smallrye.mutiny.Uni;
import io.vigie.audit.log.LogReader.Stored;
import io.vigie.audit.merkle.MerkleTree;
import io.vigie.audit.merkle.Proof;
import io.vigie.audit.room.Rooms;
import io.vigie.audit.tlog.Receipts;
import io.vigie.audit.tlog.Receipts.Found;
import io.vigie.audit.tlog.SignedTree;
import io.vigie.audit.tlog.TileReader;
import io.vigie.audit.tlog.TlogProof;
import io.vigie.kernel.Problem;
import io.vigie.kernel.web.Read;

import static io.vigie.kernel.security.Roles.AUDITOR;
import static io.vigie.kernel.security.Roles.CISO;
import static io.vigie.kernel.security.Roles.THIRD_PARTY_AUDITOR;

/** Proofs of RFC 9162 about trees that the log has signed, and what they extend. */
@Path("/v1/log")
@RolesAllowed({AUDITOR, THIRD_PARTY_AUDITOR, CISO})
public class ProofResource {

  /**
   * @param hashes from the leaf up, without the leaf and the root
   */
  record Inclusion(long index, long size, byte[] root, byte[] leafHash, List<byte[]> hashes) {}

  record Consistency(long from, long to, byte[] rootFrom, byte[] rootTo, List<byte[]> hashes) {}

  private final TileReader tiles;
  private final Receipts receipts;
  private final LogReader reader;
  private final Rooms rooms;
  private final Readings readings;

  ProofResource(
      TileReader tiles, Receipts receipts, LogReader reader, Rooms rooms, Readings readings) {
    this.tiles = tiles;
    this.receipts = receipts;
    this.reader = reader;
    this.rooms = rooms;
    this.readings = readings;
  }

  /**
   * That an entry stands at its index (RFC 9162 section 2.1.3).
   *
   * @param size the size of the tree to prove it for, by default that of the newest checkpoint
   */
  @GET
  @Path("entries/{index}/proof")
  @Read(inSession = false)
  public Uni<Inclusion> inclusion(
      @PathParam("index") String index, @QueryParam("size") String size) {
    long leaf = Indexes.inPath(index);
    return within(leaf)
        .chain(tiles::newest)
        .chain(
            newest -> {
              if (leaf >= newest.size()) {
                throw notPublished();
              }
              long tree = Indexes.size("size", size, newest.size(), newest.size());
              if (leaf >= tree) {
                throw Problem.badRequest("The tree of this size does not have this entry yet.");
              }
              return tiles
                  .hashes(
                      List.of(
                          MerkleTree.inclusion(leaf, tree),
                          MerkleTree.leaf(leaf, tree),
                          root(tree, newest)))
                  .map(
                      of ->
                          new Inclusion(
                              leaf, tree, root(of.get(2), newest), of.get(1).get(0), of.get(0)));
            });
  }

  /**
   * The same for the newest checkpoint, in one file (c2sp.org/tlog-proof) with the entry and, where
   * it was not erased, its payload: the extra data are the entry's bytes, a line feed, the salt, a
   * line feed and the payload, both in base64. That the payload was read goes into the log before
   * it is handed out.
   */
  @GET
  @Path("entries/{index}/tlog-proof")
  @Produces(TlogProof.MEDIA_TYPE)
  @Read(inSession = false)
  public Uni<String> tlogProof(@PathParam("index") String index) {
    long leaf = Indexes.inPath(index);
    return within(leaf)
        .chain(() -> receipts.ofIndex(leaf))
        .chain(
            found -> {
              if (found == null || !found.isPublished()) {
                throw notPublished();
              }
              return reader.whole(found.index()).chain(rows -> file(found, rows.get(0)));
            });
  }

  private Uni<Void> within(long index) {
    return rooms
        .reaches(index)
        .invoke(
            reaches -> {
              if (!reaches) {
                throw notPublished();
              }
            })
        .replaceWithVoid();
  }

  private Uni<String> file(Found found, Stored whole) {
    return whole.body() == null
        ? receipts.file(found)
        : receipts
            .file(found, whole.salt(), whole.body())
            .call(() -> readings.record(found.index(), found.index()));
  }

  /**
   * That the tree of size {@code to}, by default that of the newest checkpoint, extends the tree of
   * size {@code from} (RFC 9162 section 2.1.4).
   */
  @GET
  @Path("consistency")
  @Read(inSession = false)
  public Uni<Consistency> consistency(
      @QueryParam("from") String from, @QueryParam("to") String to) {
    return tiles
        .newest()
        .chain(
            newest -> {
              long later = Indexes.size("to", to, newest.size(), newest.size());
              long earlier = Indexes.size("from", from, 0, later);
              return tiles
                  .hashes(
                      List.of(
                          MerkleTree.consistency(earlier, later),
                          root(earlier, newest),
                          root(later, newest)))
                  .map(
                      of ->
                          new Consistency(
                              earlier,
                              later,
                              root(of.get(1), newest),
                              root(of.get(2), newest),
                              of.get(0)));
            });
  }

  /** What is signed is not computed: of the newest checkpoint's tree no hash is asked for. */
  private static Proof root(long size, SignedTree newest) {
    return MerkleTree.root(size == newest.size() ? 0 : size);
  }

  private static byte[] root(List<byte[]> computed, SignedTree newest) {
    return computed.isEmpty() ? newest.root() : computed.get(0);
  }

  private static Problem notPublished() {
    return Problem.notFound("The log has published no entry with this index.");
  }
}
