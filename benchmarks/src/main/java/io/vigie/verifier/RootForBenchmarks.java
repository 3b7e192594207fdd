package io.vigie.verifier;

/** In this package because outside of the verifier nobody else computes a root of all entries. */
public final class RootForBenchmarks {

  private final TreeHash hash = new TreeHash();
  private final RootBuilder leaves = new RootBuilder(hash);

  /** The next entry, in the order of the log. */
  public void add(byte[] entry) {
    leaves.add(hash.leaf(entry));
  }

  /** The root of RFC 6962 over the entries added. */
  public byte[] root() {
    return leaves.root();
  }
}
