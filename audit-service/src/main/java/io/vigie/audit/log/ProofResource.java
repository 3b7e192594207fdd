package io.vigie.audit.log;

import java.util.List;

import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;

import io.smallrye.mutiny.Uni;
import io.vigie.audit.merkle.MerkleTree;
import io.vigie.kernel.Problem;

import static io.vigie.kernel.security.Roles.AUDITOR;
import static io.vigie.kernel.security.Roles.CISO;

/** Proofs of RFC 9162 about the log's tree. */
@Path("/v1/log")
@RolesAllowed({AUDITOR, CISO})
public class ProofResource {

  /**
   * @param hashes from the leaf up, without the leaf and the root
   */
  record Inclusion(long index, long size, byte[] root, byte[] leafHash, List<byte[]> hashes) {}

  record Consistency(long from, long to, byte[] rootFrom, byte[] rootTo, List<byte[]> hashes) {}

  private final LogReader reader;

  ProofResource(LogReader reader) {
    this.reader = reader;
  }

  /**
   * That an entry stands at its index (RFC 9162 section 2.1.3).
   *
   * @param size the size of the tree to prove it for, by default the present one
   */
  @GET
  @Path("entries/{index}/proof")
  public Uni<Inclusion> inclusion(
      @PathParam("index") String index, @QueryParam("size") String size) {
    long leaf = Indexes.inPath(index);
    return reader
        .head()
        .chain(
            head -> {
              if (leaf >= head.size()) {
                throw Problem.notFound("The log has no entry with this index.");
              }
              long tree = Indexes.size("size", size, head.size(), head.size());
              if (leaf >= tree) {
                throw Problem.badRequest("The tree of this size does not have this entry yet.");
              }
              return reader
                  .hashes(MerkleTree.inclusion(leaf, tree))
                  .chain(
                      hashes ->
                          root(tree, head)
                              .chain(
                                  root ->
                                      leafHash(leaf)
                                          .map(
                                              hash ->
                                                  new Inclusion(leaf, tree, root, hash, hashes))));
            });
  }

  /**
   * That the tree of size {@code to}, by default the present one, extends the tree of size {@code
   * from} (RFC 9162 section 2.1.4).
   */
  @GET
  @Path("consistency")
  public Uni<Consistency> consistency(
      @QueryParam("from") String from, @QueryParam("to") String to) {
    return reader
        .head()
        .chain(
            head -> {
              long later = Indexes.size("to", to, head.size(), head.size());
              long earlier = Indexes.size("from", from, 0, later);
              return reader
                  .hashes(MerkleTree.consistency(earlier, later))
                  .chain(
                      hashes ->
                          root(earlier, head)
                              .chain(
                                  rootFrom ->
                                      root(later, head)
                                          .map(
                                              rootTo ->
                                                  new Consistency(
                                                      earlier, later, rootFrom, rootTo, hashes))));
            });
  }

  private Uni<byte[]> root(long size, Head head) {
    return size == head.size()
        ? Uni.createFrom().item(head.root())
        : reader.hashes(MerkleTree.root(size)).map(hashes -> hashes.get(0));
  }

  private Uni<byte[]> leafHash(long index) {
    return reader.find(new Search().where("index", "=", index), 1).map(rows -> rows.get(0).leaf());
  }
}
