package io.vigie.backup.copy;

/** Copies that runs made and that are still there, as far as anybody has told. */
public final class KeptCopies {

  /**
   * That of a {@code backup_run r}, in SQL: two people have not deleted it, and nobody has proven
   * since it was made that all copies of the asset are gone.
   */
  public static final String STILL_THERE =
      """
      not exists (select from backup_deletion gone
        where gone.run = r.id and gone.state = 'COMPLETED')
      and not exists (select from retention_decision gone
        where gone.asset = r.asset and gone.proven_at > r.started_at)""";

  /**
   * The same, and no tool says that it pruned it. A tool's word is enough for a copy not to count,
   * and not for people's duty to keep it to be over.
   */
  public static final String NOT_PRUNED = STILL_THERE + "\nand r.pruned_at is null";

  private KeptCopies() {}
}
