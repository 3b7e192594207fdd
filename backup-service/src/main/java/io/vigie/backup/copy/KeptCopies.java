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

  private KeptCopies() {}
}
